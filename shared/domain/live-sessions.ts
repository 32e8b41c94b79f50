import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { inParallel } from '../platform/in-parallel.ts';
import type { Platform } from '../platform/platform.ts';
import { checkpointsCollection, sessionsCollection } from '../resources/collections.ts';
import { Documents, isDocumentId, listening, read } from './documents.ts';
import { LeaseLost } from './sessions.ts';
import { storable } from './storable.ts';

/** A command as it is sent; where it stands in its session is given when it is appended. */
export type NewCommand = Omit<
  LiveCommandEntity,
  'created_at' | 'updated_at' | 'session_id' | 'user_id' | 'position' | 'batch' | 'status'
>;

/** What came of appending commands. */
export type Appended =
  | { readonly kind: 'appended'; readonly commands: LiveCommandEntity[]; readonly wake: boolean }
  /** There is no such session of the user's. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'over'; readonly status: LiveSessionEntity['status'] }
  /** So many commands wait for their turn that no more are taken. */
  | { readonly kind: 'full'; readonly waiting: number };

/** Live sessions and their commands: the mailbox between who sends them and the instance that runs them. */
export interface LiveSessions {
  create(session: Omit<LiveSessionEntity, 'created_at' | 'updated_at'>): Promise<LiveSessionEntity>;
  get(id: string): Promise<LiveSessionEntity | undefined>;
  getOwned(id: string, userId: string): Promise<LiveSessionEntity | undefined>;
  /**
   * Changes a session without anything in between; `change` gives what to write, or undefined for nothing.
   * @returns the session as it is then; undefined when there is none, or nothing was to be written
   */
  change(
    id: string,
    change: (session: LiveSessionEntity) => Partial<LiveSessionEntity> | undefined,
  ): Promise<LiveSessionEntity | undefined>;
  /** Newest first. */
  list(userId: string, page: Page): Promise<LiveSessionEntity[]>;
  /**
   * Appends commands in their order, all or none. Those whose ids are there already are given as they are.
   * `wake` says that no instance has the session, and that this call is the one that is to make a task.
   */
  append(id: string, userId: string, commands: readonly NewCommand[]): Promise<Appended>;
  /** Ends a session; one that has ended stays as it is. */
  end(id: string, status: 'closed' | 'expired'): Promise<LiveSessionEntity | undefined>;
  /** Ends the sessions whose time is over. @returns those that it ended, at most `most` */
  endOverdue(most: number): Promise<LiveSessionEntity[]>;
  /** Whether a session has been waiting for an instance since before then. */
  othersWait(before: Date): Promise<boolean>;
  /**
   * Lets go of sessions whose instance died, or was asked for, so long ago that nobody goes on with them.
   * @param before when their leases had run out, or they were last woken
   * @returns those with commands that wait: tasks are to be made that wake them
   */
  freeAbandoned(before: Date, most: number): Promise<LiveSessionEntity[]>;
  command(sessionId: string, position: number): Promise<LiveCommandEntity | undefined>;
  /** All commands, in order, or those from `from` on. */
  commandsOf(sessionId: string, from?: number): Promise<LiveCommandEntity[]>;
  /** Waits until a command has its result. Gives what was seen last. */
  waitForResult(commandId: string, timeoutMs: number): Promise<LiveCommandEntity | undefined>;
  /** Calls it with the commands from `from` on whenever there are others. Gives what stops listening. */
  listen(
    sessionId: string,
    from: number,
    on: (commands: LiveCommandEntity[]) => void,
    failed: (error: unknown) => void,
  ): () => void;
  /** Notes that an instance has a command in hand, or, with `running`, that it does it from now on. @throws LeaseLost */
  begin(command: LiveCommandEntity, owner: string, status: 'pending' | 'running'): Promise<void>;
  /** Writes a command's outcome and what it makes of its session, at once. @throws LeaseLost */
  commit(
    command: LiveCommandEntity,
    owner: string,
    outcome: Partial<LiveCommandEntity>,
    session: Partial<LiveSessionEntity>,
  ): Promise<void>;
  /** Lets go of a session of which everything is done. False, and nothing changed, when there is more to do. @throws LeaseLost */
  rest(id: string, owner: string): Promise<boolean>;
}

export const hasResult = ({ status }: Pick<LiveCommandEntity, 'status'>): boolean =>
  status !== 'pending' && status !== 'running';
/** How many instances have had the command in hand. */
export const triesOf = ({ tries = 0 }: Pick<LiveCommandEntity, 'tries'>): number => tries;
export const isClosed = ({ status }: Pick<LiveSessionEntity, 'status'>): boolean =>
  status === 'closed' || status === 'expired';

const HOUR_MS = 3600_000;
/** A session that is sent no command for so long ends. */
export const IDLE_MS = HOUR_MS;
/** A session lives no longer. */
export const LONGEST_MS = 24 * HOUR_MS;
/** How long an ended session is kept. */
export const KEPT_MS = 90 * 24 * HOUR_MS;
/** A task that was made needs no second one for so long. */
const WAKING_MS = 60_000;
/** Commands that may wait for their turn. */
const MOST_WAITING = 1000;
const PARALLEL_CHANGES = 16;

export const liveSessions = defineService(
  [writes(sessionsCollection), writes(checkpointsCollection)],
  createLiveSessions,
);

export function createLiveSessions(platform: Pick<Platform, 'clients' | 'clock'>): LiveSessions {
  const sessions = new Documents<LiveSessionEntity>(sessionsCollection, platform);
  const commands = new Documents<LiveCommandEntity>(checkpointsCollection, platform);
  const isLive = (session: LiveSessionEntity | undefined): session is LiveSessionEntity => session?.kind === 'live';

  async function holding<T>(
    id: string,
    owner: string,
    work: (session: LiveSessionEntity, transaction: FirebaseFirestore.Transaction) => T,
  ): Promise<T> {
    const ref = await sessions.ref(id);
    return await sessions.transaction(async (transaction) => {
      const session = read<LiveSessionEntity>(await transaction.get(ref));
      if (!session || session.lease?.owner !== owner || isClosed(session)) {
        throw new LeaseLost(`session ${id} is no longer ours`);
      }
      return work(session, transaction);
    });
  }

  const end: LiveSessions['end'] = (id, status) =>
    sessions.change(id, (session) => {
      if (!isLive(session) || isClosed(session)) return undefined;
      const now = sessions.now();
      return { status, closes_at: null, ended_at: now, expires_at: new Date(now.getTime() + KEPT_MS) };
    });

  return {
    async create(session) {
      const now = sessions.now();
      const entity = { ...session, created_at: now, updated_at: now };
      if (await sessions.create(entity)) return entity;
      return (await sessions.get(session.id)) as LiveSessionEntity;
    },
    async get(id) {
      const session = await sessions.get(id);
      return isLive(session) ? session : undefined;
    },
    async getOwned(id, userId) {
      const session = await sessions.get(id);
      return isLive(session) && session.user_id === userId ? session : undefined;
    },
    change: (id, change) => sessions.change(id, (session) => (isLive(session) ? change(session) : undefined)),
    list: (userId, page) =>
      sessions.page(page, (query) => query.where('user_id', '==', userId).where('kind', '==', 'live')),
    async append(id, userId, given) {
      if (!isDocumentId(id)) return { kind: 'missing' };
      const [ref, refs] = [await sessions.ref(id), await Promise.all(given.map((one) => commands.ref(one.id)))];
      return await sessions.transaction(async (transaction): Promise<Appended> => {
        const [snapshot, ...known] = await transaction.getAll(ref, ...refs);
        const session = snapshot && read<LiveSessionEntity>(snapshot);
        if (!isLive(session) || session.user_id !== userId) return { kind: 'missing' };
        const now = sessions.now();
        const wake = needsWaking(session, now.getTime());
        const before = known.map((one) => read<LiveCommandEntity>(one));
        if (before.every((one) => one !== undefined)) {
          const waits = before.some((one) => !hasResult(one));
          if (waits && isClosed(session)) return { kind: 'over', status: session.status };
          if (waits && wake) transaction.update(ref, { status: 'waiting', woken_at: now });
          return { kind: 'appended', commands: before, wake: waits && wake };
        }
        if (isClosed(session)) return { kind: 'over', status: session.status };
        const waiting = session.commands - session.done;
        if (waiting + given.length > MOST_WAITING) return { kind: 'full', waiting };
        const first = session.commands + 1;
        const added = given.map(
          (one, i): LiveCommandEntity => ({
            ...one,
            ...(session.settings ? { settings: session.settings } : {}),
            ...{ session_id: id, user_id: userId, position: first + i, batch: first, status: 'pending' },
            ...{ created_at: now, updated_at: now },
          }),
        );
        for (const [i, one] of added.entries()) transaction.create(refs[i] as never, storable(one));
        transaction.update(ref, {
          commands: session.commands + given.length,
          closes_at: closing(session, now.getTime()),
          updated_at: now,
          ...(wake ? { status: 'waiting', woken_at: now } : {}),
        });
        return { kind: 'appended', commands: added, wake };
      });
    },
    end,
    async endOverdue(most) {
      const overdue = await sessions.find((query) => query.where('closes_at', '<', sessions.now()).limit(most));
      const ended = await inParallel(PARALLEL_CHANGES, overdue, ({ id }) => end(id, 'expired'));
      return ended.filter((session) => session !== undefined);
    },
    async freeAbandoned(before, most) {
      const left = { running: 'lease.expires_at', waiting: 'woken_at' } as const;
      const found = await inParallel(2, Object.entries(left), ([status, since]) =>
        sessions.find((query) =>
          query.where('kind', '==', 'live').where('status', '==', status).where(since, '<', before).limit(most),
        ),
      );
      const freed = await inParallel(PARALLEL_CHANGES, found.flat().slice(0, most), ({ id }) =>
        sessions.change(id, ({ status, lease, woken_at, commands: sent, done }) => {
          const since = status === 'running' ? lease?.expires_at : status === 'waiting' ? woken_at : undefined;
          if (since === undefined || since >= before) return undefined;
          return done < sent ? { status: 'waiting', woken_at: sessions.now() } : { status: 'idle' };
        }),
      );
      return freed.filter((session) => session !== undefined && session.done < session.commands) as LiveSessionEntity[];
    },
    async othersWait(before) {
      const found = await sessions.find((query) =>
        query.where('kind', '==', 'live').where('status', '==', 'waiting').where('woken_at', '<', before).limit(1),
      );
      return found.length > 0;
    },
    async command(sessionId, position) {
      const [found] = await commands.find((query) =>
        query.where('session_id', '==', sessionId).where('position', '==', position).limit(1),
      );
      return found;
    },
    commandsOf: (sessionId, from = 1) =>
      commands.find((query) =>
        query.where('session_id', '==', sessionId).where('position', '>=', from).orderBy('position'),
      ),
    waitForResult: (commandId, timeoutMs) =>
      commands.waitFor(commandId, (command) => !command || hasResult(command), timeoutMs),
    listen: (sessionId, from, on, failed) =>
      listening(async () => {
        const all = await commands.query();
        const query = all.where('session_id', '==', sessionId).where('position', '>=', from).orderBy('position');
        return query.onSnapshot(
          ({ docs }) => on(docs.map((one) => read<LiveCommandEntity>(one) as LiveCommandEntity)),
          failed,
        );
      }, failed),
    async begin(command, owner, status) {
      const ref = await commands.ref(command.id);
      const now = sessions.now();
      await holding(command.session_id, owner, (_session, transaction) => {
        const begun = status === 'running' ? { status, started_at: now } : {};
        transaction.update(ref, { ...begun, tries: triesOf(command) + 1, updated_at: now });
      });
    },
    async commit(command, owner, outcome, change) {
      const [ref, holder] = [await commands.ref(command.id), await sessions.ref(command.session_id)];
      const now = sessions.now();
      await holding(command.session_id, owner, (session, transaction) => {
        const counted = outcome.status === 'passed' ? { passed: session.passed + 1 } : {};
        const bad = outcome.status === 'failed' || outcome.status === 'error';
        transaction.update(ref, { ...storable(outcome), updated_at: now });
        transaction.update(holder, {
          ...storable(change),
          ...(command.kind === 'step' ? counted : {}),
          ...(bad ? { failed: session.failed + 1 } : {}),
          done: command.position,
          closes_at: closing(session, now.getTime()),
          updated_at: now,
        });
      });
    },
    async rest(id, owner) {
      const ref = await sessions.ref(id);
      const now = sessions.now();
      return await holding(id, owner, (session, transaction) => {
        if (session.done < session.commands) return false;
        transaction.update(ref, { status: 'idle', lease: { owner, expires_at: now }, updated_at: now });
        return true;
      });
    },
  };
}

/** When a session ends that has just been sent a command, or given a result. */
export const closing = (
  { ends_at, created_at }: Pick<LiveSessionEntity, 'ends_at' | 'created_at'>,
  now: number,
): Date => ends_at ?? new Date(Math.min(now + IDLE_MS, created_at.getTime() + LONGEST_MS));

/** True when no instance has the session, and none has been asked for lately. */
function needsWaking({ lease, woken_at }: LiveSessionEntity, now: number): boolean {
  const until = lease?.expires_at.getTime() ?? 0;
  if (until > now) return false;
  const asked = woken_at?.getTime() ?? 0;
  return asked <= until || now - asked > WAKING_MS;
}
