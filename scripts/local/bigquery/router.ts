import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { decodePath, HttpError, readBody, sendError, sendJson } from '../plumbing/http.ts';
import { answerQuery, answerResults, answerRows } from './answers.ts';
import type { Bigquery } from './bigquery.ts';
import * as datasets from './datasets.ts';
import { invalid, unimplemented } from './errors.ts';
import { parseJson } from './exact-json.ts';
import { insertAll } from './insert-all.ts';
import * as jobs from './jobs.ts';
import * as tables from './tables.ts';
import { Uploads } from './uploads.ts';

/** What a route gets to see of a request. */
interface Call {
  readonly bigquery: Bigquery;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly ifMatch: string | undefined;
  /** The path's variables: project, then dataset or job, then table. */
  readonly project: string;
  readonly dataset: string;
  readonly table: string;
  readonly job: string;
}

type Handle = (call: Call) => unknown;

const reference = ({ project, dataset, table }: Call) => ({ projectId: project, datasetId: dataset, tableId: table });
const changeDataset =
  (whole: boolean): Handle =>
  ({ bigquery, project, dataset, ifMatch, body }) =>
    datasets.changeDataset(bigquery, { project, id: dataset, whole, ifMatch }, body);
const changeTable =
  (whole: boolean): Handle =>
  (call) =>
    tables.changeTable(call.bigquery, { reference: reference(call), whole, ifMatch: call.ifMatch }, call.body);

const DATASETS = 'projects/{project}/datasets';
const TABLES = `${DATASETS}/{dataset}/tables`;
const JOBS = 'projects/{project}/jobs';

/** Every method of the REST API that is served. What is under /bigquery/v2 and not here is refused. */
const ROUTES: readonly (readonly [method: string, path: string, handle: Handle])[] = [
  ['POST', DATASETS, ({ bigquery, project, body }) => datasets.insertDataset(bigquery, project, body)],
  ['GET', DATASETS, ({ bigquery, project, query }) => datasets.listDatasets(bigquery, project, query)],
  ['GET', `${DATASETS}/{dataset}`, ({ bigquery, project, dataset }) => datasets.getDataset(bigquery, project, dataset)],
  ['PATCH', `${DATASETS}/{dataset}`, changeDataset(false)],
  ['PUT', `${DATASETS}/{dataset}`, changeDataset(true)],
  [
    'DELETE',
    `${DATASETS}/{dataset}`,
    ({ bigquery, project, dataset, query }) =>
      datasets.deleteDataset(bigquery, project, dataset, query.get('deleteContents') === 'true'),
  ],
  [
    'POST',
    TABLES,
    ({ bigquery, project, dataset, body }) =>
      tables.insertTable(bigquery, { projectId: project, datasetId: dataset }, body),
  ],
  ['GET', TABLES, ({ bigquery, project, dataset, query }) => tables.listTables(bigquery, project, dataset, query)],
  ['GET', `${TABLES}/{table}`, (call) => tables.getTable(call.bigquery, reference(call), call.query)],
  ['PATCH', `${TABLES}/{table}`, changeTable(false)],
  ['PUT', `${TABLES}/{table}`, changeTable(true)],
  ['DELETE', `${TABLES}/{table}`, (call) => tables.deleteTable(call.bigquery, reference(call))],
  ['POST', `${TABLES}/{table}/insertAll`, (call) => insertAll(call.bigquery, reference(call), call.body)],
  ['GET', `${TABLES}/{table}/data`, (call) => answerRows(call.bigquery, reference(call), call.query)],
  ['POST', 'projects/{project}/queries', ({ bigquery, project, body }) => answerQuery(bigquery, project, body)],
  [
    'GET',
    'projects/{project}/queries/{job}',
    ({ bigquery, project, job, query }) => answerResults(bigquery, project, job, query),
  ],
  ['POST', JOBS, ({ bigquery, project, body }) => jobs.insertJob(bigquery, project, body)],
  ['GET', JOBS, ({ bigquery, project, query }) => jobs.listJobs(bigquery, project, query)],
  ['GET', `${JOBS}/{job}`, ({ bigquery, project, job, query }) => jobs.getJob(bigquery, project, job, query)],
  [
    'POST',
    `${JOBS}/{job}/cancel`,
    ({ bigquery, project, job, query }) => jobs.cancelJob(bigquery, project, job, query),
  ],
  [
    'DELETE',
    `${JOBS}/{job}/delete`,
    ({ bigquery, project, job, query }) => jobs.deleteJob(bigquery, project, job, query),
  ],
];

const COMPILED = ROUTES.map(([method, path, handle]) => ({
  method,
  handle,
  pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));
const UPLOAD = /^\/(?:bigquery\/v2\/|resumable\/)?upload\/bigquery\/v2\/projects\/([^/]+)\/jobs$/;
const PREFIX = '/bigquery/v2/';

/** Serves the REST API of BigQuery below `/bigquery/v2/`, and uploads wherever the clients send them. */
export class Router {
  readonly #bigquery: Bigquery;
  readonly #uploads: Uploads;

  constructor(bigquery: Bigquery) {
    this.#bigquery = bigquery;
    this.#uploads = new Uploads(bigquery);
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    const upload = UPLOAD.exec(url.pathname);
    if (!upload && !url.pathname.startsWith(PREFIX)) return false;
    try {
      if (upload) await this.#uploads.handle(request, response, { url, project: decodePath(upload[1] ?? '') });
      else await this.#route(request, response, url);
    } catch (error) {
      sendError(response, error);
    }
    return true;
  }

  async #route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = url.pathname.slice(PREFIX.length);
    for (const { method, pattern, handle } of COMPILED) {
      const groups = method === request.method ? pattern.exec(path)?.groups : undefined;
      if (!groups) continue;
      const variables = Object.fromEntries(Object.entries(groups).map(([key, value]) => [key, decodePath(value)]));
      const { project = '', dataset = '', table = '', job = '' } = variables;
      if (table.includes('$')) throw unimplemented('a partition decorator');
      const result = await handle({
        bigquery: this.#bigquery,
        query: url.searchParams,
        body: await readJson(request),
        ifMatch: request.headers['if-match'],
        project,
        dataset,
        table,
        job,
      });
      if (result === undefined) response.writeHead(204).end();
      else sendJson(response, 200, result);
      return;
    }
    throw new HttpError(
      501,
      'notImplemented',
      `UNIMPLEMENTED: ${request.method} ${url.pathname} is not supported by the local BigQuery`,
    );
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const raw = await readBody(request);
  if (raw.length === 0) return {};
  try {
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const body = parseJson(text.toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // It is told below.
  }
  throw invalid('Invalid JSON payload received.');
}
