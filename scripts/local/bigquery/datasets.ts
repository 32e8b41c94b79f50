import { HttpError } from '../plumbing/http.ts';
import type { Bigquery } from './bigquery.ts';
import type { Dataset } from './catalog.ts';
import { duplicate, invalid, unimplemented } from './errors.ts';
import { checkEtag, etag } from './etags.ts';
import { page } from './pages.ts';
import { merge } from './patches.ts';

const ID = /^[A-Za-z0-9_]{1,1024}$/;

/** What a client may say of a dataset. Access is kept and returned, but not enforced. */
const WRITABLE = new Set([
  'datasetReference',
  'location',
  'description',
  'friendlyName',
  'labels',
  'access',
  'defaultTableExpirationMs',
  'defaultPartitionExpirationMs',
]);
/** What a client may send back because it got it. */
const OUTPUT = new Set(['kind', 'id', 'etag', 'selfLink', 'creationTime', 'lastModifiedTime', 'type']);

type Body = Readonly<Record<string, unknown>>;

function readable(body: Body, project: string): Body {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    if (key === 'projectId' || OUTPUT.has(key)) continue;
    if (!WRITABLE.has(key)) throw unimplemented(`${key} of a dataset in ${project}`);
    kept[key] = value;
  }
  return kept;
}

function show(dataset: Dataset): object {
  const { projectId, datasetId } = dataset.datasetReference;
  return { kind: 'bigquery#dataset', id: `${projectId}:${datasetId}`, etag: etag(dataset), ...dataset };
}

/** datasets.insert */
export function insertDataset({ catalog, context }: Bigquery, project: string, body: Body): object {
  const id = (body.datasetReference as { datasetId?: unknown } | undefined)?.datasetId;
  if (typeof id !== 'string' || !ID.test(id)) {
    throw invalid(`Invalid dataset ID "${String(id)}". Dataset IDs must be alphanumeric (plus underscores).`);
  }
  if (catalog.hasDataset(project, id)) throw duplicate(`Dataset ${project}:${id}`);
  const now = String(context.clock.now());
  const dataset: Dataset = {
    ...readable(body, project),
    datasetReference: { projectId: project, datasetId: id },
    location: typeof body.location === 'string' ? body.location : 'US',
    creationTime: now,
    lastModifiedTime: now,
    type: 'DEFAULT',
  };
  catalog.putDataset(dataset);
  return show(dataset);
}

/** datasets.get */
export function getDataset({ catalog }: Bigquery, project: string, id: string): object {
  return show(catalog.dataset(project, id));
}

/** datasets.list. Of the filters only the absence of one is supported. */
export function listDatasets({ catalog }: Bigquery, project: string, query: URLSearchParams): object {
  if (query.get('filter')) throw unimplemented('the filter of datasets.list');
  const { items, next } = page(catalog.datasets(project), query);
  return {
    kind: 'bigquery#datasetList',
    datasets: items.map(({ datasetReference, location, labels, friendlyName }) => ({
      kind: 'bigquery#dataset',
      id: `${project}:${datasetReference.datasetId}`,
      datasetReference,
      location,
      ...(labels ? { labels } : {}),
      ...(friendlyName ? { friendlyName } : {}),
    })),
    ...(next ? { nextPageToken: next } : {}),
  };
}

/** datasets.patch and, when `whole`, datasets.update. */
export function changeDataset(
  { catalog, context }: Bigquery,
  target: { project: string; id: string; whole: boolean; ifMatch: string | string[] | undefined },
  body: Body,
): object {
  const present = catalog.dataset(target.project, target.id);
  checkEtag(present, target.ifMatch);
  const { datasetReference, location, creationTime, type } = present;
  if (body.location !== undefined && body.location !== location)
    throw invalid('A dataset cannot be moved to another location.');
  const base = target.whole ? {} : present;
  const changed = merge(base, readable(body, target.project));
  const dataset: Dataset = {
    ...changed,
    datasetReference,
    location,
    creationTime,
    type,
    lastModifiedTime: String(context.clock.now()),
  };
  catalog.putDataset(dataset);
  return show(dataset);
}

/** datasets.delete */
export async function deleteDataset(bigquery: Bigquery, project: string, id: string, contents: boolean): Promise<void> {
  const { catalog, warehouse } = bigquery;
  catalog.dataset(project, id);
  if (!contents && catalog.tables(project, id).length > 0) {
    throw new HttpError(400, 'resourceInUse', `Dataset ${project}:${id} is still in use`);
  }
  catalog.deleteDataset(project, id);
  await warehouse.sweep();
}
