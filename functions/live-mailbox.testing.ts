import sinon from 'sinon';
import type { LiveCommandEntity, LiveSessionEntity } from '../schemas/live.ts';
import type { Step } from '../schemas/step.ts';
import { hasResult, isClosed, type LiveSessions } from '../shared/domain/live-sessions.ts';
import { NOON } from '../shared/platform/testing.ts';

const stamps = { created_at: new Date(NOON - 60_000), updated_at: new Date(NOON - 60_000) };

export const aLiveSession = (given: Partial<LiveSessionEntity> = {}): LiveSessionEntity => ({
  ...stamps,
  id: 'ses_1',
  user_id: 'usr_1',
  kind: 'live',
  status: 'idle',
  config: {},
  variables: {},
  replay: 'safe',
  commands: 0,
  done: 0,
  passed: 0,
  failed: 0,
  last_navigation: 0,
  resumed: 0,
  closes_at: new Date(NOON + 3600_000),
  expires_at: new Date(NOON + 1e9),
  ...given,
});

export const aLiveCommand = (given: Partial<LiveCommandEntity> = {}): LiveCommandEntity => ({
  ...stamps,
  id: `chk_${given.position ?? 1}`,
  kind: 'step',
  session_id: 'ses_1',
  user_id: 'usr_1',
  position: 1,
  ...(given.kind === 'page' ? {} : { step: { command: 'navigate.to', url: '/' } as Step as never }),
  look: {},
  batch: given.position ?? 1,
  stop_on_error: true,
  status: 'pending',
  ...given,
});

/** A mailbox of one session in memory, in which what is committed is seen at once by who listens. */
export function mailbox(given: { session?: Partial<LiveSessionEntity>; commands?: LiveCommandEntity[] } = {}) {
  const commands = [...(given.commands ?? [])];
  const session = aLiveSession({
    commands: commands.length,
    done: commands.findLastIndex(hasResult) + 1,
    ...given.session,
  });
  const listeners = new Set<() => void>();
  const change = (position: number, patch: Partial<LiveCommandEntity>): void => {
    commands[position - 1] = { ...(commands[position - 1] as LiveCommandEntity), ...patch };
    for (const tell of listeners) tell();
  };
  const live = {
    listen: sinon.stub<Parameters<LiveSessions['listen']>, () => void>().callsFake((_id, from, on) => {
      const tell = () => on(commands.filter(({ position }) => position >= from));
      listeners.add(tell);
      queueMicrotask(tell);
      return () => listeners.delete(tell);
    }),
    begin: sinon
      .stub<Parameters<LiveSessions['begin']>, Promise<void>>()
      .callsFake(async ({ position }, _owner, status) => {
        if (status === 'running') change(position, { status });
      }),
    commit: sinon
      .stub<Parameters<LiveSessions['commit']>, Promise<void>>()
      .callsFake(async ({ position }, _owner, outcome, patch) => {
        Object.assign(session, patch, { done: position });
        change(position, outcome);
      }),
    rest: sinon.stub<Parameters<LiveSessions['rest']>, Promise<boolean>>().callsFake(async () => {
      if (session.done < session.commands) return false;
      session.status = 'idle';
      return true;
    }),
    othersWait: sinon.stub<Parameters<LiveSessions['othersWait']>, Promise<boolean>>().resolves(false),
    commandsOf: sinon
      .stub<Parameters<LiveSessions['commandsOf']>, Promise<LiveCommandEntity[]>>()
      .callsFake(async (_id, from = 1) => commands.filter(({ position }) => position >= from)),
    command: sinon
      .stub<Parameters<LiveSessions['command']>, Promise<LiveCommandEntity | undefined>>()
      .callsFake(async (_id, position) => commands[position - 1]),
    getOwned: sinon
      .stub<Parameters<LiveSessions['getOwned']>, Promise<LiveSessionEntity | undefined>>()
      .callsFake(async (id, userId) => (id === session.id && userId === session.user_id ? session : undefined)),
    change: sinon
      .stub<Parameters<LiveSessions['change']>, ReturnType<LiveSessions['change']>>()
      .callsFake(async (_id, work) => {
        const patch = work(session);
        return patch && Object.assign(session, patch);
      }),
    create: sinon
      .stub<Parameters<LiveSessions['create']>, Promise<LiveSessionEntity>>()
      .callsFake(async (made) => ({ ...stamps, ...made })),
    end: sinon.stub<Parameters<LiveSessions['end']>, ReturnType<LiveSessions['end']>>().resolves(session),
    list: sinon.stub<Parameters<LiveSessions['list']>, Promise<LiveSessionEntity[]>>().resolves([session]),
    append: sinon
      .stub<Parameters<LiveSessions['append']>, ReturnType<LiveSessions['append']>>()
      .callsFake(async (id, user, sent) => {
        if (id !== session.id || user !== session.user_id) return { kind: 'missing' };
        if (isClosed(session)) return { kind: 'over', status: session.status };
        const known = sent.map((given) => commands.find((one) => one.id === given.id));
        if (known.every((one) => one !== undefined)) return { kind: 'appended', commands: known, wake: false };
        const first = session.commands + 1;
        const added = sent.map((one, i) => aLiveCommand({ ...one, position: first + i, batch: first }));
        session.commands += sent.length;
        commands.push(...added);
        for (const tell of listeners) tell();
        return { kind: 'appended', commands: added, wake: true };
      }),
    waitForResult: sinon
      .stub<Parameters<LiveSessions['waitForResult']>, Promise<LiveCommandEntity | undefined>>()
      .callsFake(async (id) => commands.find((one) => one.id === id)),
  };
  return { live, session, commands, change };
}
