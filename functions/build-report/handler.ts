import type { CheckpointEntity, RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { RunReport } from '../../schemas/report.ts';
import type { StepResult } from '../../schemas/step.ts';
import type { TopicInput } from '../../shared/define/trigger.ts';
import type { Checkpoints } from '../../shared/domain/checkpoints.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Sessions } from '../../shared/domain/sessions.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import { bucketName, type ObjectStore } from '../../shared/platform/object-store.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { version } from '../../shared/platform/version.ts';
import { picturesOf, screenshotBudget } from '../../shared/reports/embed-screenshots.ts';
import { reportFrom } from '../../shared/reports/from-entities.ts';
import { renderJunit } from '../../shared/reports/junit.ts';
import { renderManifest } from '../../shared/reports/manifest.ts';
import { renderHtml } from '../../shared/reports/render-html.ts';
import { renderResultsJson } from '../../shared/reports/results-json.ts';
import { artifactsBucket } from '../../shared/resources/buckets.ts';

export interface Services {
  readonly runs: Runs;
  readonly sessions: Sessions;
  readonly checkpoints: Checkpoints;
  readonly artifacts: ObjectStore;
  readonly reports: ObjectStore;
}

/** Reads under way at a time, of checkpoints and of screenshots. */
const PARALLEL_READS = 16;

/** Writes a run's report: HTML, JSON, JUnit XML and, last, the manifest that says they are complete. */
export async function buildReport({ data }: TopicInput, services: Services & Base): Promise<void> {
  const id = String(data.run_id);
  annotate({ run_id: id });
  const run = await services.runs.get(id);
  if (!run) throw new AppError('not-found', `There is no run '${id}'.`);
  const found = [...(await earlierSessions(run, services)), ...(await services.sessions.ofRun(id))];
  const sessions = await inParallel(PARALLEL_READS, found, async (session) => ({
    session,
    checkpoints: await checkpointsOf(session, services),
  }));
  const artifacts = `gs://${bucketName(services.config, artifactsBucket)}/`;
  const report = reportFrom({ run, sessions, version, href: (name) => `${artifacts}${name}` });
  await write(run, report, await screenshotsOf(report, services), services.reports);
}

/** Runs of which each ran again what did not pass of the one before: as many are gone back. */
const MOST_RERUNS = 20;

/** The sessions of the runs of which this one ran only what did not pass, the oldest first. */
async function earlierSessions(run: RunEntity, { runs, sessions }: Services): Promise<SessionEntity[]> {
  const earlier: SessionEntity[][] = [];
  let at: RunEntity | undefined = run;
  while (at?.failed_only && at.rerun_of !== undefined && earlier.length < MOST_RERUNS) {
    earlier.unshift(await sessions.ofRun(at.rerun_of));
    at = await runs.get(at.rerun_of);
  }
  return earlier.flat();
}

async function checkpointsOf(
  session: SessionEntity,
  { checkpoints, artifacts }: Services,
): Promise<CheckpointEntity[]> {
  return await inParallel(PARALLEL_READS, await checkpoints.ofSession(session.id), async (checkpoint) => {
    if (checkpoint.results_object === undefined) return checkpoint;
    const results = JSON.parse((await artifacts.get(checkpoint.results_object)).toString('utf8')) as StepResult[];
    return { ...checkpoint, results };
  });
}

/** The pictures that go into the page: those of failed steps first, until the budget is spent. */
async function screenshotsOf(report: RunReport, { artifacts, log }: Services & Base): Promise<Map<string, Uint8Array>> {
  const steps = report.sessions.flatMap((session) => session.checkpoints.flatMap((checkpoint) => checkpoint.steps));
  const bad = (status: string | undefined) => (status === 'failed' || status === 'error' ? 0 : 1);
  const ordered = [...steps].sort((a, b) => bad(a.result?.status) - bad(b.result?.status));
  const names = new Set(
    ordered.flatMap((step) =>
      [...picturesOf(step), ...(step.screenshot ? [step.screenshot] : [])].map(({ name }) => name),
    ),
  );
  const found = new Map<string, Uint8Array>();
  let bytes = 0;
  await inParallel(PARALLEL_READS, [...names], async (name) => {
    if (bytes >= screenshotBudget) return;
    try {
      const image = await artifacts.get(name);
      bytes += image.length;
      found.set(name, image);
    } catch (error) {
      log.warning(`a picture is missing in the report: ${String(error)}`, { object: name });
    }
  });
  return found;
}

async function write(
  run: RunEntity,
  report: RunReport,
  screenshots: Map<string, Uint8Array>,
  reports: ObjectStore,
): Promise<void> {
  const files = [
    { name: 'index.html', contentType: 'text/html; charset=utf-8', body: renderHtml(report, { screenshots }) },
    { name: 'results.json', contentType: 'application/json', body: renderResultsJson(report) },
    { name: 'junit.xml', contentType: 'application/xml', body: renderJunit(report) },
  ].map((file) => ({ ...file, bytes: Buffer.from(file.body) }));
  const metadata = { owner: run.user_id, run: run.id };
  await Promise.all(
    files.map(({ name, bytes, contentType }) => reports.put(`${run.id}/${name}`, bytes, { contentType, metadata })),
  );
  await reports.put(`${run.id}/manifest.json`, renderManifest(files), { contentType: 'application/json', metadata });
}
