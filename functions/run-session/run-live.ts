import type { SessionEntity } from '../../schemas/entities.ts';
import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { Services } from './handler.ts';
import { type Inbox, openInbox } from './inbox.ts';
import type { HeldLease } from './lease.ts';
import { asSession, type LiveWork } from './live-work.ts';
import { closeLive, runLiveCommand } from './run-live-command.ts';

/** How long a task that finds nothing to do looks for it. */
const FIRST_LOOK_MS = 5000;
/** An instance keeps a session for so long, which is well within a task's half hour; then another goes on. */
const LONGEST_WATCH_MS = 25 * 60_000;
/** After this part of its patience it is looked whether others wait; then after twice as long, and so on. */
const GIVE_WAY = 1 / 6;
/** Who has waited for less is being given an instance just now. */
const WAITING_MS = 5000;
/** What runs when the instance is told to stop may end within this time. */
const GRACE_MS = 5000;

/** Runs the commands of a live session as they come, until none has come for a while. @throws LeaseLost; AppError unavailable */
export async function runLive(session: SessionEntity, lease: HeldLease, services: Services & Base): Promise<void> {
  const live = session as unknown as LiveSessionEntity;
  const { clock, config, stopping, log } = services;
  if (live.done === live.commands && (await services.live.rest(live.id, lease.owner))) return;
  const chromium = await services.browsers.get(live.user_id);
  const work: LiveWork = {
    live,
    session: asSession(live),
    browser: `chromium ${chromium.version()}`,
    lease,
    services,
    timeUp: new AbortController().signal,
    handOver: AbortSignal.any([lease.lost, soonAfter(stopping)]),
    operations: 0,
    stored: 0,
    begun: false,
    problems: [],
  };
  const until = clock.now() + LONGEST_WATCH_MS;
  const ending = AbortSignal.any([lease.lost, stopping]);
  const inbox = openInbox(services.live, live.id, live.done + 1);
  try {
    for (let patience = FIRST_LOOK_MS; ; ) {
      const command = clock.now() < until ? await nextCommand(inbox, patience, ending, work) : undefined;
      if (lease.lost.aborted) throw lease.lost.reason;
      if (command) {
        await runLiveCommand(work, command);
        patience = config.liveIdleSeconds * 1000;
      } else if (await services.live.rest(live.id, lease.owner)) {
        return log.info('the session rests');
      } else if (stopping.aborted || clock.now() >= until) {
        return await handOn(work);
      }
    }
  } finally {
    inbox.close();
    await closeLive(work);
  }
}

/** The next command; undefined when none has come for so long, or none for a while and others wait for an instance. */
async function nextCommand(
  inbox: Inbox,
  patienceMs: number,
  ending: AbortSignal,
  { services }: LiveWork,
): Promise<LiveCommandEntity | undefined> {
  let [left, look] = [patienceMs, Math.ceil(patienceMs * GIVE_WAY)];
  for (;;) {
    const command = await inbox.next(Math.min(left, look), ending);
    left -= look;
    look *= 2;
    if (command || ending.aborted || left <= 0) return command;
    if (await services.live.othersWait(new Date(services.clock.now() - WAITING_MS))) return undefined;
  }
}

/** Gives the session to another instance, by a task of its own: this one's is done. */
async function handOn({ live, lease, services }: LiveWork): Promise<void> {
  await services.sessions.release(live.id, lease.owner);
  const name = `${live.id}-${live.done}-${lease.owner}`;
  await services.wake.enqueue([{ to: 'run-session', name, payload: { session_id: live.id } }]);
}

/** Aborted a little later than the signal. */
function soonAfter(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  signal.addEventListener('abort', () => void setTimeout(() => controller.abort(), GRACE_MS).unref(), { once: true });
  return controller.signal;
}
