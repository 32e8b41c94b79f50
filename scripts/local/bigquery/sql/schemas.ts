import type { Compilation } from './compilation.ts';
import { readOptions } from './definitions.ts';
import { tablePath } from './from.ts';
import type { Action } from './statements.ts';

/** The options of a schema. */
export const SCHEMA_OPTIONS: ReadonlySet<string> = new Set([
  'description',
  'friendly_name',
  'location',
  'labels',
  'default_table_expiration_days',
  'default_partition_expiration_days',
]);

/** What follows `CREATE SCHEMA`: `[IF NOT EXISTS] [project.]dataset [OPTIONS(…)]`. */
export function readCreateSchema(c: Compilation): Action {
  const { reader } = c;
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const path = tablePath(c);
  const { options, labels } = reader.is('OPTIONS') ? readOptions(c, SCHEMA_OPTIONS) : { options: {} };
  return { kind: 'CREATE_SCHEMA', path, ifNotExists, options, ...(labels ? { labels } : {}) };
}

/** What follows `DROP SCHEMA`: `[IF EXISTS] [project.]dataset [RESTRICT | CASCADE]`. */
export function readDropSchema(c: Compilation): Action {
  const { reader } = c;
  const missingOk = reader.accept('IF', 'EXISTS');
  const path = tablePath(c);
  const cascade = reader.accept('CASCADE');
  if (!cascade) reader.accept('RESTRICT');
  return { kind: 'DROP_SCHEMA', path, missingOk, cascade };
}
