import type { Table } from '../define/resources.ts';
import { userActivity } from './tables.ts';

/** Columns that tell something of a person: who may not see them gets their hash instead (BigQuery's data policies). */
export const sensitiveColumns: readonly { readonly table: Table; readonly columns: readonly string[] }[] = [
  { table: userActivity, columns: ['ip_hash', 'user_agent'] },
];
