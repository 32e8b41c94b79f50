import { HttpError } from '../plumbing/http.ts';
import type { Bigquery } from './bigquery.ts';
import type { Dataset } from './catalog.ts';
import { duplicate, invalid, unimplemented } from './errors.ts';
import { checkEtag, etag } from './etags.ts';
import { checkLabels } from './labels.ts';
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
/** Who may do what when nobody says. */
const DEFAULT_ACCESS = [
  { role: 'WRITER', specialGroup: 'projectWriters' },
  { role: 'OWNER', specialGroup: 'projectOwners' },
  { role: 'OWNER', userByEmail: 'local@virtuoso.invalid' },
  { role: 'READER', specialGroup: 'projectReaders' },
];
const LEAST_LIFE_MS = 3_600_000;
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
  checkLabels(kept.labels);
  const life = Number(kept.defaultTableExpirationMs ?? 0);
  if (life !== 0 && !(life >= LEAST_LIFE_MS))
    throw invalid(
      `defaultTableExpirationMs must be at least ${LEAST_LIFE_MS}, but is ${kept.defaultTableExpirationMs}.`,
    );
  return kept;
}

function show({ context }: Bigquery, dataset: Dataset): object {
  const { projectId, datasetId } = dataset.datasetReference;
  const selfLink = `${context.origin()}/bigquery/v2/projects/${projectId}/datasets/${datasetId}`;
  return { kind: 'bigquery#dataset', id: `${projectId}:${datasetId}`, selfLink, etag: etag(dataset), ...dataset };
}

/** datasets.insert */
export function insertDataset(bigquery: Bigquery, project: string, body: Body): object {
  const { catalog, context } = bigquery;
  const id = (body.datasetReference as { datasetId?: unknown } | undefined)?.datasetId;
  if (typeof id !== 'string' || !ID.test(id)) {
    throw invalid(`Invalid dataset ID "${String(id)}". Dataset IDs must be alphanumeric (plus underscores).`);
  }
  if (catalog.hasDataset(project, id)) throw duplicate(`Dataset ${project}:${id}`);
  const now = String(context.clock.now());
  const dataset: Dataset = {
    access: DEFAULT_ACCESS,
    ...readable(body, project),
    datasetReference: { projectId: project, datasetId: id },
    location: typeof body.location === 'string' ? body.location : 'US',
    creationTime: now,
    lastModifiedTime: now,
    type: 'DEFAULT',
  };
  catalog.putDataset(dataset);
  return show(bigquery, dataset);
}

/** datasets.get */
export function getDataset(bigquery: Bigquery, project: string, id: string): object {
  return show(bigquery, bigquery.catalog.dataset(project, id));
}

/** datasets.list; a filter is `labels.KEY[:VALUE]`, several of them a space apart. */
export function listDatasets({ catalog }: Bigquery, project: string, query: URLSearchParams): object {
  const wanted = (query.get('filter') ?? '').split(' ').filter(Boolean).map(labelFilter);
  const found = catalog.datasets(project).filter((dataset) => wanted.every((matches) => matches(dataset)));
  const { items, next } = page(found, query);
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

function labelFilter(term: string): (dataset: Dataset) => boolean {
  const [, key, value] = /^labels\.([^:]+)(?::(.*))?$/.exec(term) ?? [];
  if (key === undefined) throw invalid(`Invalid filter "${term}": it does not have the form labels.KEY[:VALUE].`);
  return ({ labels }) => {
    const found = (labels as Readonly<Record<string, string>> | undefined)?.[key];
    return value === undefined ? found !== undefined : found === value;
  };
}

/** datasets.patch and, when `whole`, datasets.update. */
export function changeDataset(
  bigquery: Bigquery,
  target: { project: string; id: string; whole: boolean; ifMatch: string | string[] | undefined },
  body: Body,
): object {
  const { catalog, context } = bigquery;
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
  return show(bigquery, dataset);
}

/** datasets.delete */
export async function deleteDataset(bigquery: Bigquery, project: string, id: string, contents: boolean): Promise<void> {
  checkUnused(bigquery, project, id, contents);
  bigquery.catalog.deleteDataset(project, id);
  await bigquery.warehouse.sweep();
}

/** @throws HttpError notFound for the dataset, resourceInUse when it has tables and its `contents` are to be kept. */
export function checkUnused({ catalog }: Bigquery, project: string, id: string, contents: boolean): void {
  catalog.dataset(project, id);
  if (!contents && catalog.tables(project, id).length > 0)
    throw new HttpError(400, 'resourceInUse', `Dataset ${project}:${id} is still in use`);
}
