import type { SessionEntity } from '../../schemas/entities.ts';
import { runRequest } from '../../schemas/requests.ts';
import { selectionOf } from '../../shared/domain/run-selection.ts';
import { hasEnded } from '../../shared/domain/runs.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { owned, type Services, view } from './services.ts';
import { startRun } from './start-run.ts';

export const createRun = route<Services, typeof runRequest>({
  method: 'POST',
  path: '/v1/runs',
  summary: 'Starts a run of tests, of a suite, or of a definition sent along.',
  access: { scope: 'runs:write' },
  answers: { 202: 'run-started' },
  limit: 'run',
  body: runRequest,
  async handle(request, services) {
    const selection = await selectionOf(request.body, request.caller.userId, services);
    return await startRun(request, { selection, trigger: 'api' }, services);
  },
});

export const listRuns = listRoute(
  { path: '/v1/runs', summary: 'Lists your runs, newest first.', scope: 'runs:read', answer: 'runs' },
  ({ runs }: Services, userId, page) => runs.list(userId, page),
  view,
);

export const readRun = route<Services>({
  method: 'GET',
  path: '/v1/runs/:id',
  summary:
    'Reads a run; with Prefer: wait, once it has ended and its report is there. One that waits tells its place in the queue, and how long it will wait.',
  access: { scope: 'runs:read' },
  answers: { 200: 'run' },
  async handle(request, { runs, queuePlaces }) {
    const found = await owned(request, { runs });
    const waited = request.waitSeconds ? await runs.waitForEnd(found.id, request.waitSeconds * 1000) : undefined;
    const run = waited ?? found;
    const place = hasEnded(run) ? undefined : await queuePlaces.of(run);
    return { status: 200, body: { ...view(run), ...(place ? { queued: camelize(place) } : {}) } };
  },
});

export const cancelRun = route<Services>({
  method: 'POST',
  path: '/v1/runs/:id/cancel',
  summary: 'Ends a run: what runs is stopped, what waits is not started. One that has ended stays as it is.',
  access: { scope: 'runs:write' },
  answers: { 200: 'run', 202: 'run' },
  async handle(request, { runs }) {
    const { id } = await owned(request, { runs });
    const run = await runs.requestCancel(id);
    if (run && hasEnded(run)) return { status: 200, body: view(run) };
    const ended = request.waitSeconds ? await runs.waitForEnd(id, request.waitSeconds * 1000) : run;
    return { status: 202, headers: { location: `/v1/runs/${id}` }, body: ended ? view(ended) : { id } };
  },
});

export const listRunSessions = route<Services>({
  method: 'GET',
  path: '/v1/runs/:id/sessions',
  summary: "Lists a run's sessions in order, with what the running ones are doing.",
  access: { scope: 'runs:read' },
  answers: { 200: 'run-sessions' },
  async handle(request, { runs, sessions, progress }) {
    const run = await owned(request, { runs });
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
  answers: { 200: 'report' },
  async handle(request, { runs, reports }) {
    const run = await owned(request, { runs });
    const format = (request.params.file?.split('.')[1] ?? 'html') as keyof typeof reportFiles;
    const { file, contentType } = reportFiles[format];
    if (!run.report) throw new AppError('not-found', 'The run has no report yet.');
    const headers = { 'content-type': contentType, 'content-security-policy': REPORT_POLICY };
    return { status: 200, headers, body: new Uint8Array(await reports.get(`${run.id}/${file}`)) };
  },
});

function sessionView({ lease: _lease, variables: _variables, awaited: _awaited, ...session }: SessionEntity): object {
  const { held: _held, hands_on: _handsOn, passed_to: _passedTo, rank: _rank, ...more } = session;
  const { browser_ms: _time, stored_bytes: _bytes, ...shown } = more;
  return camelize(shown) as object;
}
