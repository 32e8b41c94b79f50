import {
  type OwnQuotas,
  type QuotaName,
  type QuotasPatch,
  quotaNames,
  quotas,
  spokenNames,
} from '../../schemas/quotas.ts';
import type { Configuration } from '../platform/configuration.ts';
import { AppError } from '../platform/errors.ts';

type Settings = Pick<Configuration, 'rateLimitFactor' | 'parallelSessions'>;

const DAY_MS = 24 * 3600_000;
/** When nobody knows when there will be room: a minute. */
const LATER_SECONDS = 60;

/** How much of something a user may use: their own quota, or what all have. Infinity where nothing is limited. */
export function limitOf(name: QuotaName, own: OwnQuotas | undefined, settings: Settings): number {
  const given = own?.[name];
  if (given !== undefined) return given;
  const { perDay, standard = settings.parallelSessions } = quotas[name];
  if (!perDay) return standard;
  const { rateLimitFactor: factor } = settings;
  return factor === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(standard * factor));
}

/** The day that a time lies in (UTC), and when the next one begins. */
export function dayOf(now: number): { readonly day: string; readonly begins: Date; readonly ends: Date } {
  const begins = new Date(Math.floor(now / DAY_MS) * DAY_MS);
  return { day: begins.toISOString().slice(0, 10), begins, ends: new Date(begins.getTime() + DAY_MS) };
}

/** What somebody is told who has used all of a quota: which one it is, and when there is room again. */
export function usedUp(name: QuotaName, limit: number, now: number): AppError {
  const spoken = spokenNames[name];
  const { ends } = dayOf(now);
  const seconds = quotas[name].perDay ? Math.max(1, Math.ceil((ends.getTime() - now) / 1000)) : LATER_SECONDS;
  const again = quotas[name].perDay
    ? `it starts anew at ${ends.toISOString()}`
    : 'there is room again when one of them is closed';
  return new AppError('rate-limited', `Your quota '${spoken}' of ${limit} is used up: ${again}.`, {
    retryAfter: seconds,
    headers: {
      'ratelimit-policy': `"${spoken}";q=${limit}${quotas[name].perDay ? `;w=${DAY_MS / 1000}` : ''}`,
      ratelimit: `"${spoken}";r=0;t=${seconds}`,
    },
    details: [{ quota: spoken, message: quotas[name].words, limit }],
  });
}

/** A user's own quotas after a change; null takes one away. */
export function withQuotas(own: OwnQuotas | undefined, patch: QuotasPatch): OwnQuotas {
  const changed = quotaNames.map((name): [QuotaName, number | null | undefined] => {
    const given = patch[spokenNames[name]];
    return [name, given === undefined ? own?.[name] : given];
  });
  return Object.fromEntries(changed.filter(([, value]) => value !== null && value !== undefined));
}
