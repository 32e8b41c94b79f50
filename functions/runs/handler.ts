import { isDeepStrictEqual } from 'node:util';
import type { RunEntity, SessionEntity, TestEntity } from '../../schemas/entities.ts';
import { listQuery, type RunRequest, runRequest } from '../../schemas/requests.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import type { ProgressBoard } from '../../shared/domain/progress.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Sessions } from '../../shared/domain/sessions.ts';
import { readStorableTest } from '../../shared/domain/storable-test.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { type ApiRequest, route } from '../../shared/http/route.ts';
import { AppError, type ErrorDetail } from '../../shared/platform/errors.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';

export interface Services {
  readonly runs: Runs;
  readonly tests: Tests;
  readonly sessions: Sessions;
  readonly progress: ProgressBoard;
  readonly reports: ObjectStore;
}

export const createRun = route<Services, typeof runRequest>({
  method: 'POST',
  path: '/v1/runs',
  summary: 'Starts a run of tests, or of a definition sent along.',
  access: { scope: 'runs:write' },
  body: runRequest,
  async handle(request, { runs, tests, ids }) {
    const selection = await selectionOf(request.body, request.caller.userId, tests);
    const key = idempotencyKeyOf(request);
    const id = key ? derivedId('run', request.caller.userId, key) : ids.next('run');
    annotate({ run_id: id });
    const trace = currentTrace();
    const run = {
      id,
      user_id: request.caller.userId,
      selection,
      status: 'queued',
      trigger: 'api',
      totals: emptyTotals,
      ...(trace ? { trace } : {}),
    } as const;
    if (!(await runs.create(run))) checkSame(selection, await runs.getOwned(id, run.user_id));
    const location = `/v1/runs/${id}`;
    const ended = request.waitSeconds ? await runs.waitForEnd(id, request.waitSeconds * 1000) : undefined;
    return {
      status: 202,
      headers: { location },
      body: ended ? view(ended) : { id, status: run.status, totals: run.totals },
    };
  },
});

const LONGEST_KEY = 255;

function idempotencyKeyOf(request: ApiRequest<unknown>): string | undefined {
  const key = request.header('idempotency-key');
  if (key === undefined || key.length <= LONGEST_KEY) return key;
  throw new AppError('invalid-argument', `The Idempotency-Key has ${key.length} characters; at most ${LONGEST_KEY}.`);
}

/** A key stands for one request: the run that it made must be of the same selection. */
function checkSame(selection: RunEntity['selection'], existing: RunEntity | undefined): void {
  const [asked, stored] = [selection, existing?.selection].map((value) => JSON.parse(JSON.stringify(value ?? null)));
  if (isDeepStrictEqual(asked, stored)) return;
  throw new AppError('unprocessable', 'The Idempotency-Key was used before, for another request.');
}

async function selectionOf(body: RunRequest, userId: string, tests: Tests): Promise<RunEntity['selection']> {
  if ((body.tests === undefined) === (body.definition === undefined)) {
    throw new AppError('invalid-argument', "Name what to run: either 'tests' (ids) or 'definition', not both.");
  }
  if (body.tests?.length === 0) throw new AppError('invalid-argument', "'tests' is empty: there is nothing to run.");
  const ids = [...new Set(body.tests)];
  const problems = (await tests.getAll(ids, userId)).flatMap((test, i) => unfit(test, ids[i] as string, body));
  if (problems.length > 0) {
    throw new AppError('unprocessable', 'Some of the tests cannot be run.', { details: problems });
  }
  const { baseUrl, retries, timeout, variables = {} } = body;
  return {
    tests: ids,
    definitions: body.definition ? [checkedDefinition(body.definition)] : [],
    variables,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

function unfit(test: TestEntity | undefined, id: string, { tests = [] }: RunRequest): ErrorDetail[] {
  const pointer = `/tests/${tests.indexOf(id)}`;
  if (!test) return [{ pointer, message: `there is no test '${id}'` }];
  if (test.status === 'ready') return [];
  return [{ pointer, message: `the test '${id}' is invalid`, hint: `read its diagnostics: GET /v1/tests/${id}` }];
}

function checkedDefinition(given: Record<string, unknown>): TestDefinition {
  const { definition, diagnostics } = readStorableTest(JSON.stringify(given), { name: 'definition.json' });
  if (definition) return definition;
  throw new AppError('unprocessable', 'The definition is not valid.', { details: diagnostics });
}

export const listRuns = route<Services, undefined, typeof listQuery>({
  method: 'GET',
  path: '/v1/runs',
  summary: 'Lists your runs, newest first.',
  access: { scope: 'runs:read' },
  query: listQuery,
  async handle({ query, caller }, { runs }) {
    const page = pageOf(query);
    return listReply(page, await runs.list(caller.userId, page), view);
  },
});

export const readRun = route<Services>({
  method: 'GET',
  path: '/v1/runs/:id',
  summary: 'Reads a run; with Prefer: wait, once it has ended and its report is there.',
  access: { scope: 'runs:read' },
  async handle(request, { runs }) {
    const run = await owned(request, runs);
    const waited = request.waitSeconds ? await runs.waitForEnd(run.id, request.waitSeconds * 1000) : run;
    return { status: 200, body: view(waited ?? run) };
  },
});

export const listRunSessions = route<Services>({
  method: 'GET',
  path: '/v1/runs/:id/sessions',
  summary: "Lists a run's sessions in order, with what the running ones are doing.",
  access: { scope: 'runs:read' },
  async handle(request, { runs, sessions, progress }) {
    const run = await owned(request, runs);
    const found = await sessions.ofRun(run.id);
    const running = found.filter((session) => session.status === 'running').map((session) => session.id);
    const doing = await progress.ofSessions(running);
    return {
      status: 200,
      body: { items: found.map((session) => ({ ...sessionView(session), progress: doing.get(session.id) })) },
    };
  },
});

const reportFiles = {
  html: { file: 'index.html', contentType: 'text/html; charset=utf-8' },
  json: { file: 'results.json', contentType: 'application/json' },
  xml: { file: 'junit.xml', contentType: 'application/xml' },
} as const;

/** A report may run its own script and show its own pictures, and nothing else. */
const REPORT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

export const readReport = route<Services>({
  method: 'GET',
  path: '/v1/runs/:id/:file{report(\\.(html|json|xml))?}',
  summary: "Reads a run's report as HTML, JSON or JUnit XML.",
  access: { scope: 'runs:read' },
  async handle(request, { runs, reports }) {
    const run = await owned(request, runs);
    const format = (request.params.file?.split('.')[1] ?? 'html') as keyof typeof reportFiles;
    const { file, contentType } = reportFiles[format];
    if (!run.report) throw new AppError('not-found', 'The run has no report yet.');
    const headers = { 'content-type': contentType, 'content-security-policy': REPORT_POLICY };
    return { status: 200, headers, body: new Uint8Array(await reports.get(`${run.id}/${file}`)) };
  },
});

async function owned({ params, caller }: ApiRequest<unknown>, runs: Runs): Promise<RunEntity> {
  const run = await runs.getOwned(params.id ?? '', caller.userId);
  if (!run) throw new AppError('not-found', `There is no run '${params.id}'.`);
  return run;
}

const view = ({ settled_by: _settledBy, selection, ...run }: RunEntity) => ({
  ...(camelize(run) as object),
  selection,
});
const sessionView = ({ lease: _lease, variables: _variables, awaited: _awaited, ...session }: SessionEntity) =>
  camelize(session) as object;
