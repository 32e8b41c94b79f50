import type { Table } from '../define/resources.ts';

/**
 * SQL of some rows of a table, each event once. The condition stands inside, so that it keeps to the partitions that it
 * names; of a view, that would be left to what is pushed down.
 * @param where GoogleSQL that names the table's partition
 */
export function rowsOnce({ name, partition }: Table, where: string, columns: readonly string[] = []): string {
  const selected = columns.length === 0 ? '*' : columns.map((column) => `\`${column}\``).join(', ');
  return `(SELECT ${selected} FROM analytics.${name} WHERE ${where} QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY ${partition}) = 1)`;
}
