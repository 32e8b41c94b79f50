import { type Bigquery, isExpired, liveEntry } from './bigquery.ts';
import type { Dataset, Entry, Table, TableReference } from './catalog.ts';
import { duplicate, invalid, unimplemented } from './errors.ts';
import { checkEtag, etag } from './etags.ts';
import { checkLabels } from './labels.ts';
import { checkLayout, partitionColumn, readLayout } from './layouts.ts';
import { page } from './pages.ts';
import { merge } from './patches.ts';
import { evolve, readFields } from './schema.ts';
import { columnsOf } from './selecting.ts';
import { finder } from './sources.ts';
import { compile } from './sql/statements.ts';
import { count } from './statistics.ts';

const ID = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u;
const WRITABLE = new Set([
  'tableReference',
  'schema',
  'description',
  'friendlyName',
  'labels',
  'timePartitioning',
  'rangePartitioning',
  'requirePartitionFilter',
  'clustering',
  'expirationTime',
  'view',
]);
const OUTPUT = new Set([
  'kind',
  'id',
  'etag',
  'selfLink',
  'creationTime',
  'lastModifiedTime',
  'type',
  'location',
  'numRows',
  'numBytes',
  'numLongTermBytes',
  'numTotalLogicalBytes',
  'numActiveLogicalBytes',
  'numLongTermLogicalBytes',
  'streamingBuffer',
  'snapshotDefinition',
  'cloneDefinition',
  'name',
]);

type Body = Readonly<Record<string, unknown>>;

function readable(body: Body): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    if (OUTPUT.has(key) || value === undefined) continue;
    if (!WRITABLE.has(key)) throw unimplemented(`${key} of a table`);
    kept[key] = value;
  }
  Object.assign(kept, readLayout(kept));
  const { view } = kept as { view?: Body | null };
  checkLabels(kept.labels);
  if (view?.useLegacySql === true) throw unimplemented('a view in legacy SQL');
  if (view) kept.view = { query: view.query, useLegacySql: false };
  const schema = kept.schema as { fields?: unknown } | null | undefined;
  if (schema) kept.schema = { fields: readFields(schema.fields ?? []) };
  return kept;
}

/** A table's resource; unless `counted`, the basic view: without how much it holds and when it was changed. */
async function showTable(bigquery: Bigquery, entry: Entry, counted = true): Promise<object> {
  const { table } = entry;
  const { projectId, datasetId, tableId } = table.tableReference;
  const path = `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`;
  const head = {
    kind: 'bigquery#table',
    id: `${projectId}:${datasetId}.${tableId}`,
    selfLink: `${bigquery.context.origin()}/bigquery/v2/${path}`,
    etag: etag(table),
    location: bigquery.catalog.dataset(projectId, datasetId).location,
  };
  if (!counted) {
    const { lastModifiedTime: _time, ...basic } = table;
    return { ...head, ...basic };
  }
  if (table.type === 'VIEW') return { ...head, ...table };
  const { rows, bytes } = entry.counted ?? (await count(bigquery, entry));
  return { ...head, ...table, numRows: String(rows), numBytes: String(bytes), numLongTermBytes: '0' };
}

/** A table that is made anew: its times, and what its dataset sets by default. */
export function newTable(bigquery: Bigquery, dataset: Dataset, table: Table): Table {
  const now = bigquery.context.clock.now();
  const { defaultTableExpirationMs: life, defaultPartitionExpirationMs: partitionLife } = dataset;
  const made: Table = { ...table, creationTime: String(now), lastModifiedTime: String(now) };
  const { timePartitioning } = made;
  if (timePartitioning && partitionLife && timePartitioning.expirationMs === undefined) {
    return { ...made, timePartitioning: { ...timePartitioning, expirationMs: partitionLife } };
  }
  const expires = life && made.expirationTime === undefined && made.type !== 'VIEW';
  return expires ? { ...made, expirationTime: String(now + Number(life)) } : made;
}

/** tables.insert */
export async function insertTable(
  bigquery: Bigquery,
  reference: Omit<TableReference, 'tableId'>,
  body: Body,
): Promise<object> {
  const { catalog } = bigquery;
  const title = (body.tableReference as { tableId?: unknown } | undefined)?.tableId;
  if (typeof title !== 'string' || !ID.test(title)) throw invalid(`Invalid table ID "${String(title)}".`);
  const target = { projectId: reference.projectId, datasetId: reference.datasetId, tableId: title };
  const dataset = catalog.dataset(target.projectId, target.datasetId);
  const present = catalog.find(target);
  if (present && !isExpired(bigquery, present)) {
    throw duplicate(`Table ${target.projectId}:${target.datasetId}.${title}`);
  }
  const kept = readable(body);
  const view = kept.view as { query?: unknown } | undefined;
  const table = newTable(bigquery, dataset, {
    ...kept,
    tableReference: target,
    type: view ? 'VIEW' : 'TABLE',
    ...(view ? { schema: { fields: await viewFields(bigquery, target, view.query) } } : {}),
  } as Table);
  if (!view) checkLayout(table);
  return await showTable(bigquery, catalog.putTable(table));
}

/** The columns a view has, which also shows that its query can run. */
export async function viewFields(bigquery: Bigquery, target: TableReference, query: unknown): Promise<unknown> {
  if (typeof query !== 'string') throw invalid('A view needs a query.');
  const find = finder(bigquery, { project: target.projectId });
  const { action, references } = compile(query, { now: bigquery.context.clock.now(), find });
  if (action.kind !== 'SELECT') throw invalid('The query of a view must be a SELECT.');
  return await columnsOf(bigquery, action.sql, references);
}

const VIEWS = ['', 'TABLE_METADATA_VIEW_UNSPECIFIED', 'STORAGE_STATS', 'FULL', 'BASIC'];

/** tables.get */
export async function getTable(bigquery: Bigquery, reference: TableReference, query: URLSearchParams): Promise<object> {
  const view = query.get('view') ?? '';
  if (!VIEWS.includes(view)) throw invalid(`Invalid value for view: ${view}`);
  if (query.get('selectedFields')) throw unimplemented('selectedFields of tables.get');
  return await showTable(bigquery, liveEntry(bigquery, reference), view !== 'BASIC');
}

/** tables.list */
export function listTables(bigquery: Bigquery, project: string, dataset: string, query: URLSearchParams): object {
  bigquery.catalog.dataset(project, dataset);
  const entries = bigquery.catalog.tables(project, dataset).filter((entry) => !isExpired(bigquery, entry));
  const { items, next } = page(entries, query);
  return {
    kind: 'bigquery#tableList',
    totalItems: entries.length,
    tables: items.map(({ table }) => ({
      kind: 'bigquery#table',
      id: `${project}:${dataset}.${table.tableReference.tableId}`,
      tableReference: table.tableReference,
      type: table.type,
      creationTime: table.creationTime,
      ...(table.expirationTime ? { expirationTime: table.expirationTime } : {}),
      ...(table.timePartitioning ? { timePartitioning: table.timePartitioning } : {}),
      ...(table.rangePartitioning ? { rangePartitioning: table.rangePartitioning } : {}),
      ...(table.clustering ? { clustering: table.clustering } : {}),
      ...(table.labels ? { labels: table.labels } : {}),
      ...(table.view ? { view: { useLegacySql: false } } : {}),
    })),
    ...(next ? { nextPageToken: next } : {}),
  };
}

/** tables.patch and, when `whole`, tables.update. Columns may be added and described, never removed. */
export async function changeTable(
  bigquery: Bigquery,
  target: { reference: TableReference; whole: boolean; ifMatch: string | string[] | undefined },
  body: Body,
): Promise<object> {
  const { catalog, context } = bigquery;
  const entry = liveEntry(bigquery, target.reference);
  const present = entry.table;
  checkEtag(present, target.ifMatch);
  const changes = readable(body);
  const wanted = changes.schema as Table['schema'] | undefined;
  const title = `${present.tableReference.projectId}:${present.tableReference.datasetId}.${present.tableReference.tableId}`;
  const schema = wanted ? { fields: evolve(present.schema?.fields ?? [], wanted.fields, title) } : present.schema;
  const { schema: _schema, tableReference: _reference, ...rest } = changes;
  const { creationTime, snapshotDefinition, cloneDefinition } = present;
  const changed = {
    ...merge(target.whole ? {} : present, rest),
    tableReference: present.tableReference,
    type: present.type,
    creationTime,
    ...(schema ? { schema } : {}),
    ...(snapshotDefinition ? { snapshotDefinition } : {}),
    ...(cloneDefinition ? { cloneDefinition } : {}),
    lastModifiedTime: String(context.clock.now()),
  } as Table;
  if (partitionsOf(changed) !== partitionsOf(present)) {
    throw invalid(`Cannot change partitioning of table ${title}. Copy it to a table that is partitioned so.`);
  }
  if (changed.view && changed.view.query !== present.view?.query) {
    const fields = await viewFields(bigquery, present.tableReference, changed.view.query);
    Object.assign(changed, { schema: { fields } });
  } else if (!changed.view) {
    checkLayout(changed);
  }
  return await showTable(bigquery, catalog.putTable(changed, entry.physical));
}

/** What of a table's partitioning never changes. */
function partitionsOf(table: Table): string {
  return JSON.stringify([partitionColumn(table), table.timePartitioning?.type, table.rangePartitioning?.range]);
}

/** tables.delete */
export async function deleteTable(bigquery: Bigquery, reference: TableReference): Promise<void> {
  liveEntry(bigquery, reference);
  bigquery.catalog.deleteTable(reference);
  await bigquery.warehouse.sweep();
}
