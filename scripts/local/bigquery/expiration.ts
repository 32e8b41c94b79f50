import type { Bigquery } from './bigquery.ts';
import type { Entry } from './catalog.ts';
import { name } from './sql/reader.ts';
import { formatDatetime } from './times.ts';
import { physicalTable } from './warehouse.ts';

/** Deletes the rows of partitions whose time is over. A partition expires that long after it began. */
export async function dropExpiredPartitions(bigquery: Bigquery, entries: readonly Entry[]): Promise<void> {
  const { context, warehouse, catalog } = bigquery;
  for (const { table, physical } of entries) {
    const partitioning = table.timePartitioning;
    if (!partitioning?.expirationMs) continue;
    const limit = formatDatetime(BigInt(Math.floor(context.clock.now() - Number(partitioning.expirationMs))) * 1000n);
    const column = name(partitioning.field);
    const expired = `date_trunc('${partitioning.type.toLowerCase()}', CAST(${column} AS TIMESTAMP)) <= TIMESTAMP '${limit}'`;
    const from = `FROM ${physicalTable(physical)} WHERE ${expired}`;
    if ((await warehouse.read(`SELECT 1 ${from} LIMIT 1`)).currentRowCount === 0) continue;
    catalog.touch(physical, context.clock.now());
    await warehouse.write((connection) => connection.run(`DELETE ${from}`));
  }
}
