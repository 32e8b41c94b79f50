import type { Table } from '../define/resources.ts';
import { defineService, writes } from '../define/service.ts';
import { resources } from '../resources/index.ts';
import { commandExecutions, performanceMetrics, testRuns, userActivity } from '../resources/tables.ts';

/** A row that a table refused, by its position, and why. */
export interface RefusedRow {
  readonly index: number;
  readonly reason: string;
}

export interface Warehouse {
  /** Stores rows; gives those that were refused. A row with a known event id is stored once. */
  insert(table: Table, rows: readonly Record<string, unknown>[]): Promise<RefusedRow[]>;
}

interface PartialFailure {
  readonly name: string;
  readonly errors?: readonly {
    readonly row: Record<string, unknown>;
    readonly errors: readonly { readonly message: string }[];
  }[];
}

export const warehouse = defineService(
  [commandExecutions, testRuns, userActivity, performanceMetrics].map(writes),
  ({ clients }): Warehouse => ({
    async insert(table, rows) {
      const target = (await clients.bigquery()).dataset(resources.dataset).table(table.name);
      const raw = rows.map((json) => ({ insertId: String(json.event_id), json }));
      try {
        await target.insert(raw, { raw: true, skipInvalidRows: true });
        return [];
      } catch (error) {
        const failure = error as PartialFailure;
        if (failure.name !== 'PartialFailureError') throw error;
        return (failure.errors ?? []).map(({ row, errors }) => ({
          index: raw.findIndex(
            (sent) => sent === (row as unknown) || sent.json === row || sent.insertId === row.insertId,
          ),
          reason: errors.map(({ message }) => message).join('; '),
        }));
      }
    },
  }),
);
