import sinon from 'sinon';
import type { CheckpointEntity, SessionEntity } from '../../schemas/entities.ts';
import { learnNextCommands, type Transition } from '../../shared/analytics/next-commands.ts';
import type { LiveSessions } from '../../shared/domain/live-sessions.ts';
import type { Acquired } from '../../shared/domain/sessions.ts';
import type { CheckpointOptions, CheckpointResult } from '../../shared/engine/run-checkpoint.ts';
import { createEgressGuard } from '../../shared/platform/egress.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aCheckpoint, aResult, aSession } from '../testing.ts';
import { runSession, type Services } from './handler.ts';

type RunCheckpoint = (
  checkpoint: { name: string; index: number },
  options: CheckpointOptions,
) => Promise<CheckpointResult>;

/** A result of the engine for a checkpoint of one step. */
export const outcome = (
  status: 'passed' | 'failed' | 'error' = 'passed',
  stop = status !== 'passed',
): CheckpointResult => ({
  status,
  stop,
  results: [aResult({ status, ...(status === 'passed' ? {} : { error: { type: 'timeout', message: 'too slow' } }) })],
});

/** Habits as they are learned from what followed what. */
export const learnedFrom = (transitions: readonly Transition[]) => ({
  at: '2026-01-01T00:45:00.000Z',
  own: false,
  next: learnNextCommands(transitions, 87),
});

/** run-session with fakes around it: the engine runs nothing, and says that all is well. */
export function bench(
  options: {
    session?: Partial<SessionEntity>;
    checkpoints?: CheckpointEntity[];
    acquired?: Acquired;
    live?: LiveSessions;
  } = {},
) {
  const session = aSession(options.session);
  const checkpointList = options.checkpoints ?? [aCheckpoint()];
  const engineSession = {
    runCheckpoint: sinon.stub<Parameters<RunCheckpoint>, ReturnType<RunCheckpoint>>().callsFake(async () => outcome()),
    configure: sinon.stub(),
    state: sinon.stub().resolves({ variables: { cart: 3 } }),
    learned: sinon.stub().returns({}),
    look: sinon.stub().callsFake(async () => ({ ...view })),
    dialog: sinon.stub().returns(undefined),
    picture: sinon.stub().resolves(Buffer.from('jpeg')),
    loaded: sinon.stub().returns(0),
    takeNotes: sinon.stub().callsFake(() => []),
    ruined: sinon.stub().returns(false),
    close: sinon.stub().callsFake(async () => ({ dispose })),
  };
  const view = { url: 'https://a.example/', title: 'A', tree: '- button "Go"', tabs: [], notes: [], problems: [] };
  const dispose = sinon.stub().resolves();
  const engine = { open: sinon.stub().resolves(engineSession), prepare: sinon.stub().resolves() };
  const stopWatching = sinon.stub();
  const sessions = {
    acquire: sinon.stub().resolves(options.acquired ?? { kind: 'acquired', session, resumed: session.resumed > 0 }),
    renew: sinon.stub().resolves(),
    watchEnd: sinon.stub().returns(stopWatching),
    release: sinon.stub().resolves(),
    finish: sinon.stub().resolves(),
  };
  const runEnds = { watch: sinon.stub().returns(stopWatching) };
  const checkpoints = { ofSession: sinon.stub().resolves(checkpointList), commit: sinon.stub().resolves() };
  const artifacts = {
    put: sinon.stub().resolves('1'),
    get: sinon.stub().resolves(Buffer.from('sealed:{"variables":{"cart":2}}')),
  };
  const gone = new AppError('not-found', 'gone');
  const files = { put: sinon.stub().resolves('1'), get: sinon.stub().rejects(gone) };
  const browser = { version: () => '140.0' };
  const browsers = { cold: true, get: sinon.stub().resolves(browser), drop: sinon.stub().resolves() };
  const cipher = {
    encrypt: sinon.stub().callsFake(async (plain: string) => `sealed:${plain}`),
    decrypt: sinon.stub().callsFake(async (sealed: string) => Buffer.from(sealed.replace(/^sealed:/, ''))),
  };
  const environments = { named: sinon.stub().resolves(undefined) };
  const remembered = { of: sinon.stub().resolves({}), add: sinon.stub().resolves() };
  /** Says what followed what: nothing is known at first. */
  const habits = { of: sinon.stub().resolves(learnedFrom([])) };
  const progress = { note: sinon.stub() };
  const egress = { guard: createEgressGuard([]), send: sinon.stub() };
  const wake = { enqueue: sinon.stub().resolves() };
  const platform = testPlatform();
  const given = {
    sessions,
    runEnds,
    live: options.live,
    wake,
    checkpoints,
    artifacts,
    files,
    browsers,
    cipher,
    environments,
    egress,
    progress,
    remembered,
    habits,
    engine,
  };
  const config = { ...platform.config, liveIdleSeconds: 0.02 };
  const services = { ...withBase(given as unknown as Services, platform), config };
  return {
    ...given,
    engineSession,
    stopWatching,
    dispose,
    platform,
    run: (attempt = 0) => runSession({ payload: { session_id: 'ses_1' }, name: 'ses_1', attempt }, services),
    /** What was committed, by the checkpoint's id; with the session's end, or before. */
    committed: () => [
      ...checkpoints.commit.args.map(([{ id }, , patch]) => [id, patch.status] as const),
      ...sessions.finish.args.flatMap(([, , , last]) =>
        last ? [[last.checkpoint.id, last.outcome.status] as const] : [],
      ),
    ],
    end: () => sessions.finish.firstCall?.args[2],
  };
}
