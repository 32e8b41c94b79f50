import type { ServiceContext } from '../plumbing/service.ts';
import { Catalog, type Entry, type TableReference } from './catalog.ts';
import { JobStore } from './job-store.ts';
import { Warehouse } from './warehouse.ts';

/** What every part of the local BigQuery works with. */
export interface Bigquery {
  readonly context: ServiceContext;
  readonly catalog: Catalog;
  readonly warehouse: Warehouse;
  readonly jobs: JobStore;
}

export function openBigquery(context: ServiceContext): Bigquery {
  const catalog = new Catalog(context.store);
  const warehouse = new Warehouse(context.folder, catalog);
  return { context, catalog, warehouse, jobs: new JobStore(context.store) };
}

/** The table, unless it has expired: then it is gone. @throws HttpError notFound */
export function liveEntry(bigquery: Bigquery, reference: TableReference): Entry {
  const entry = bigquery.catalog.find(reference);
  if (entry && isExpired(bigquery, entry)) bigquery.catalog.deleteTable(reference);
  return bigquery.catalog.entry(reference);
}

export function isExpired(bigquery: Bigquery, entry: Entry): boolean {
  return entry.table.expirationTime !== undefined && Number(entry.table.expirationTime) <= bigquery.context.clock.now();
}
