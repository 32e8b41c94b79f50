import type { LiveCommandEntity, Resumption } from '../../schemas/live.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import { triesOf } from '../../shared/domain/live-sessions.ts';
import { effectOf } from '../../shared/domain/step-effect.ts';
import type { EngineSession } from '../../shared/engine/session.ts';
import { candidatesOf, SNAPSHOT_BYTES, snapshotOf } from '../../shared/engine/snapshots.ts';
import { StepError } from '../../shared/engine/step-error.ts';
import { answersTo, suggestionsOf } from '../../shared/engine/suggestions.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { keepObject } from './keep-object.ts';
import { discard } from './keep-trace.ts';
import { addProblems, type LiveWork, type Outcome } from './live-work.ts';
import { openLive } from './resume-live.ts';
import { saveLatestState } from './saved-state.ts';
import { noteDone, suggestNext } from './suggest-next.ts';
import { withinDocument } from './within-document.ts';

/** Runs one command to its end and commits what came of it. @throws LeaseLost; AppError unavailable when another instance is to go on */
export async function runLiveCommand(work: LiveWork, command: LiveCommandEntity): Promise<void> {
  const { services, lease } = work;
  const live = { ...work.live, replay: command.settings?.replay ?? work.live.replay };
  work.live = live;
  const startedAt = new Date(services.clock.now());
  const outcome = await outcomeOf(work, command);
  const resumed = live.resumed + (outcome.command.resumed ? 1 : 0);
  const endedAt = services.clock.now();
  const browserMs = (live.browser_ms ?? 0) + Math.max(0, endedAt - (work.countedUntil ?? startedAt.getTime()));
  work.countedUntil = endedAt;
  const used = { browser_ms: browserMs, stored_bytes: (live.stored_bytes ?? 0) + work.stored };
  work.stored = 0;
  const session = { ...outcome.session, resumed, browser: work.browser, ...used };
  await services.live.commit(
    command,
    lease.owner,
    { started_at: startedAt, ended_at: new Date(endedAt), browser: work.browser, ...outcome.command },
    session,
  );
  work.live = { ...live, ...session, done: command.position };
  noteDone(work, { ...command, ...outcome.command });
  if (work.engine?.ruined()) await closeLive(work);
}

/** Lets go of the session's browser context. */
export async function closeLive(work: LiveWork): Promise<void> {
  const { engine } = work;
  work.engine = undefined;
  work.tree = undefined;
  if (engine) await discard(engine);
}

async function outcomeOf(work: LiveWork, command: LiveCommandEntity): Promise<Outcome> {
  const { live, services } = work;
  if (command.stop_on_error && live.stopped_batch === command.batch)
    return without(work, command, 'skipped', { note: 'not run: a step before it did not pass' });
  if (command.status === 'running' && command.step && effectOf(command.step as Step) === 'acts')
    return without(work, command, 'error', { error: interrupted });
  if (triesOf(command) >= MOST_TRIES) return without(work, command, 'error', { error: deadly });
  if (!work.begun) await services.live.begin(command, work.lease.owner, 'pending');
  work.begun = true;
  let resumed: Resumption | undefined;
  try {
    resumed = await ensureOpen(work);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const { type, message, hint } = error;
    return without(work, command, 'error', { error: { type, message, ...(hint === undefined ? {} : { hint }) } });
  }
  const engine = work.engine as EngineSession;
  if (command.settings) engine.configure(command.settings.config);
  const telling = resumed === undefined ? {} : { resumed };
  if (command.kind === 'page') return await read(work, engine, command, telling);
  const step = command.step as Step;
  if (effectOf(step) === 'acts') await services.live.begin(command, work.lease.owner, 'running');
  const loaded = engine.loaded();
  const { status, results } = await engine.runCheckpoint(
    { name: 'Live', steps: [step], index: command.position },
    { signal: work.handOver },
  );
  if (work.lease.lost.aborted) throw work.lease.lost.reason;
  if (work.handOver.aborted) throw new AppError('unavailable', 'The instance is told to stop; another one goes on.');
  for (const { problems } of results) addProblems(work, problems);
  const [record, state] = await Promise.all([recordOf(work, command, results), stateAfter(work, engine, command)]);
  return {
    command: { status: statusOf(results, status), ...record, ...telling },
    session: {
      ...state,
      ...(engine.loaded() > loaded ? { last_navigation: command.position } : {}),
      ...(status === 'passed' || !command.stop_on_error ? {} : { stopped_batch: command.batch }),
    },
  };
}

async function ensureOpen(work: LiveWork): Promise<Resumption | undefined> {
  if (work.engine) return undefined;
  const { engine, resumed } = await openLive(work, work.handOver);
  work.engine = engine;
  return resumed;
}

/** What is stored of a command's results, and what was wanted of the page beside them. */
async function recordOf(
  work: LiveWork,
  command: LiveCommandEntity,
  given: readonly StepResult[],
): Promise<Partial<LiveCommandEntity>> {
  const { engine } = work;
  const name = `${command.session_id}/${command.position}/results.json`;
  const { results, results_object } = await withinDocument(given, name, (...kept) => keepObject(work, ...kept));
  const [own, ...others] = [...results].sort((a, b) => Number(a.path !== undefined) - Number(b.path !== undefined));
  const note = results_object && `Its values are too large for an answer: they lie in ${results_object}.`;
  return {
    ...(own ? { result: note ? { ...own, notes: [...(own.notes ?? []), note] } : own } : {}),
    ...(others.length > 0 ? { inner: others } : {}),
    ...(engine && !engine.ruined() ? await lookAfter(work, engine, command) : {}),
  };
}

async function lookAfter(work: LiveWork, engine: EngineSession, command: LiveCommandEntity) {
  const { include = [], snapshot = 'diff', snapshotMaxBytes = SNAPSHOT_BYTES } = command.look;
  if (include.length === 0) return {};
  const dialog = engine.dialog();
  const suggests = include.includes('suggestions');
  if (dialog) return suggests ? { suggestions: await suggestNext(work, command, answersTo(dialog)) } : {};
  const { tree, problems } = await engine.look();
  addProblems(work, problems);
  const last = snapshot === 'full' ? undefined : work.tree;
  if (include.includes('snapshot')) work.tree = tree;
  return {
    ...(include.includes('snapshot') ? { snapshot: snapshotOf(tree, last, snapshotMaxBytes) } : {}),
    ...(suggests ? { suggestions: await suggestNext(work, command, suggestionsOf(tree)) } : {}),
    ...(include.includes('candidates') ? { candidates: candidatesOf(tree) } : {}),
  };
}

/** Reads the page for who asked to see it. */
async function read(
  work: LiveWork,
  engine: EngineSession,
  command: LiveCommandEntity,
  telling: { resumed?: Resumption },
): Promise<Outcome> {
  const { live } = work;
  if (engine.ruined()) return without(work, command, 'error', { error: crashed });
  const { tree, problems, ...shown } = await engine.look();
  const name = `${live.id}/${command.position}/page.jpg`;
  const pictured = command.screenshot && !shown.dialog;
  if (pictured) {
    await keepObject(work, name, await engine.picture(), 'image/jpeg');
  }
  const page = {
    ...shown,
    snapshot: snapshotOf(tree, undefined, command.look.snapshotMaxBytes ?? SNAPSHOT_BYTES),
    problems: [...work.problems, ...problems],
    ...(pictured ? { screenshot_object: name } : {}),
  };
  work.problems = [];
  if (!shown.dialog) work.tree = tree;
  return { command: { status: 'passed', page, ...telling }, session: {} };
}

/** The state for whoever goes on; what only looked at the page has not changed it. */
async function stateAfter(work: LiveWork, engine: EngineSession, { step }: LiveCommandEntity) {
  if (engine.ruined() || engine.dialog() || /^((assert|wait)\.|misc\.(comment|log)$)/.test(step?.command ?? ''))
    return {};
  return await saveLatestState(work, engine);
}

/** The step's own verdict: an optional one that did not pass is skipped. */
function statusOf(results: readonly StepResult[], status: 'passed' | 'failed' | 'error') {
  return results.find(({ path }) => path === undefined || path.length === 1)?.status ?? status;
}

/** The outcome of a command that was not run. */
function without(
  { services }: LiveWork,
  { step, kind, batch, stop_on_error }: LiveCommandEntity,
  status: 'skipped' | 'error',
  { error, note }: { error?: StepResult['error']; note?: string },
): Outcome {
  const result: StepResult = {
    command: step?.command ?? kind,
    index: 0,
    status,
    ...(step?.label === undefined ? {} : { label: step.label }),
    started_at: new Date(services.clock.now()).toISOString(),
    duration_ms: 0,
    ...(error ? { error } : {}),
    ...(note ? { notes: [note] } : {}),
    console: 0,
    network: { requests: 0, failed: 0 },
  };
  const stops = status === 'error' && stop_on_error;
  return { command: { status, result }, session: stops ? { stopped_batch: batch } : {} };
}

/** A command that instances die of is given up after so many. */
const MOST_TRIES = 3;
const deadly = {
  type: 'instance-lost',
  message: `The browser's instance died ${MOST_TRIES} times at this command.`,
  hint: 'A page that takes all memory is the usual reason.',
};
const interrupted = {
  type: 'interrupted',
  message: "The browser's instance died while the command ran: it may have happened, so it is not done again.",
  hint: 'Look at the page (GET …/page), then send it again if it has not happened.',
};
const crashed = {
  type: 'page-crashed',
  message: 'The page has crashed.',
  hint: 'The next command goes on in a new browser.',
};
