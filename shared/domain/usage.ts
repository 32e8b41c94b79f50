import type { SessionEntity } from '../../schemas/entities.ts';
import { type QuotaName, type QuotasShown, quotaNames, quotas, spokenNames } from '../../schemas/quotas.ts';
import { defineService, reads, writes } from '../define/service.ts';
import type { Caller } from '../http/route.ts';
import { sessionsCollection, slotsCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';
import { type Ledger, Ledgers } from './ledgers.ts';
import { dayOf, limitOf, usedUp } from './quotas.ts';
import { isOver } from './sessions.ts';

type Who = Pick<Caller, 'userId' | 'quotas'>;

/**
 * What users have used of their quotas. Runs are counted where their slots are reserved, live sessions where they are
 * opened, each once over all instances; browsers' time and what is stored are summed over the sessions, so that nothing is
 * written to count them.
 */
export interface Usage {
  /**
   * Looks whether a user may start another run; it is counted when it is planned. Costs three reads, and none where nothing
   * is limited.
   * @throws AppError rate-limited
   */
  checkRun(who: Who): Promise<void>;
  /**
   * Looks whether a user's runs may use more of what is summed, where nobody looked when the run was started.
   * @throws AppError rate-limited
   */
  checkDay(userId: string): Promise<void>;
  /**
   * Counts a live session that is about to be created, once.
   * @throws AppError rate-limited when as many are open as may be, or were opened in the day
   */
  openLive(who: Who, sessionId: string): Promise<void>;
  of(who: Who): Promise<QuotasShown>;
}

/** A session that was counted is created within this time, or it never is. */
const CREATION_MS = 60_000;

/** What is summed over a day's sessions: the field of each, and how much of it is one of the quota's. */
const sums = {
  browser_minutes_a_day: { field: 'browser_ms', unit: 60_000 },
  stored_megabytes_a_day: { field: 'stored_bytes', unit: 1_000_000 },
} as const;

export const usage = defineService([writes(slotsCollection), reads(sessionsCollection)], (platform): Usage => {
  const ledgers = new Ledgers(platform);
  const sessions = new Documents<SessionEntity>(sessionsCollection, platform);
  const now = () => platform.clock.now();
  const most = (name: QuotaName, { quotas: own }: Who): number => limitOf(name, own, platform.config);

  async function summed(name: keyof typeof sums, { userId }: Who): Promise<number> {
    const { field, unit } = sums[name];
    const { begins } = dayOf(now());
    const sum = await sessions.sum(field, (query) =>
      query.where('user_id', '==', userId).where('updated_at', '>=', begins),
    );
    return Math.floor(sum / unit);
  }

  async function checkSum(name: keyof typeof sums, who: Who): Promise<void> {
    const limit = most(name, who);
    if (limit === Number.POSITIVE_INFINITY) return;
    if ((await summed(name, who)) >= limit) throw usedUp(name, limit, now());
  }

  async function checkSums(who: Who): Promise<void> {
    await Promise.all([checkSum('browser_minutes_a_day', who), checkSum('stored_megabytes_a_day', who)]);
  }

  /** Those of the live sessions that are open still, or not created yet. */
  async function stillOpen({ open_live }: Ledger): Promise<Ledger['open_live']> {
    const ids = Object.keys(open_live);
    const found = await sessions.getAll(ids);
    return Object.fromEntries(
      Object.entries(open_live).filter(([, since], i) => {
        const session = found[i];
        return session ? !isOver(session.status) : since.getTime() > now() - CREATION_MS;
      }),
    );
  }

  return {
    async checkRun(who) {
      const limit = most('runs_a_day', who);
      if (limit < Number.POSITIVE_INFINITY && (await ledgers.of(who.userId)).today.runs >= limit) {
        throw usedUp('runs_a_day', limit, now());
      }
      await checkSums(who);
    },
    async checkDay(userId) {
      const { quotas: own } = await ledgers.of(userId);
      await checkSums({ userId, ...(own ? { quotas: own } : {}) });
    },
    async openLive(who, sessionId) {
      await checkSums(who);
      const [mostOpen, mostToday] = [most('open_live_sessions', who), most('live_sessions_a_day', who)];
      await ledgers.change(who.userId, async (ledger) => {
        const { today } = ledger;
        if (ledger.open_live[sessionId]) return { to: {}, result: undefined };
        if (today.live_sessions >= mostToday) throw usedUp('live_sessions_a_day', mostToday, now());
        const full = Object.keys(ledger.open_live).length >= mostOpen;
        const open = full ? await stillOpen(ledger) : ledger.open_live;
        if (Object.keys(open).length >= mostOpen) throw usedUp('open_live_sessions', mostOpen, now());
        const to = {
          open_live: { ...open, [sessionId]: new Date(now()) },
          today: { ...today, live_sessions: today.live_sessions + 1 },
        };
        return { to, result: undefined };
      });
    },
    async of(who) {
      const [{ today }, minutes, megabytes] = await Promise.all([
        ledgers.of(who.userId),
        summed('browser_minutes_a_day', who),
        summed('stored_megabytes_a_day', who),
      ]);
      const used: Partial<Record<QuotaName, number>> = {
        runs_a_day: today.runs,
        live_sessions_a_day: today.live_sessions,
        browser_minutes_a_day: minutes,
        stored_megabytes_a_day: megabytes,
      };
      const resetsAt = dayOf(now()).ends.toISOString();
      const shown = quotaNames.map((name) => {
        const limit = most(name, who);
        const limited = { limit: limit === Number.POSITIVE_INFINITY ? null : limit };
        return [spokenNames[name], quotas[name].perDay ? { ...limited, used: used[name] ?? 0, resetsAt } : limited];
      });
      return Object.fromEntries(shown) as QuotasShown;
    },
  };
});
