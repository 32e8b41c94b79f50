import type { DeliveryEntity } from '../../schemas/entities.ts';
import type { Received } from './receivers.ts';

export interface Compared {
  /** What is not as it must be. */
  readonly violations: string[];
  /** Requests that the log does not know: of instances that were killed before they had recorded them. */
  readonly unrecorded: number;
}

/** What was to happen, what the log says and what the endpoints saw. */
export interface Accounts {
  /** Ids of the webhooks, by the endpoints' numbers. */
  readonly webhooks: readonly string[];
  readonly events: readonly string[];
  readonly log: readonly DeliveryEntity[];
  readonly received: readonly Received[];
  /** Attempts that were under way in instances when those were killed. */
  readonly killed: number;
}

/**
 * Checks that each event was delivered to each endpoint under its id and, once that is recorded, not again; and that the
 * log's attempts are the endpoints' requests, in order, but for those that were under way at a kill.
 */
export function compare({ webhooks, events, log, received, killed }: Accounts): Compared {
  const violations: string[] = [];
  const logged = new Map(log.map((delivery) => [`${delivery.webhook_id} ${delivery.event_id}`, delivery]));
  const seen = Map.groupBy(attemptsOf(received), ({ endpoint, id }) => `${webhooks[endpoint]} ${id}`);
  const expected = new Set(webhooks.flatMap((webhook) => events.map((event) => `${webhook} ${event}`)));
  for (const key of [...logged.keys(), ...seen.keys()])
    if (!expected.has(key)) violations.push(`${key}: nobody asked for it`);
  let unrecorded = 0;
  for (const key of expected) {
    const delivery = logged.get(key);
    if (!delivery) violations.push(`${key}: the log does not have it`);
    else {
      const requests = seen.get(key) ?? [];
      violations.push(...problemsOf(delivery, requests).map((problem) => `${key}: ${problem}`));
      unrecorded += Math.max(0, requests.length - delivery.attempts.length);
    }
  }
  if (unrecorded > killed)
    violations.push(`${unrecorded} requests are not in the log, but only ${killed} were under way at a kill`);
  return { violations, unrecorded };
}

const isSuccess = (status: number | null | undefined): boolean =>
  status !== undefined && status !== null && status >= 200 && status < 300;

function problemsOf({ status, attempts }: DeliveryEntity, requests: readonly Received[]): string[] {
  const problems: string[] = [];
  if (status !== 'delivered') problems.push(`it is ${status} after ${attempts.length} attempts`);
  if (!requests.some(({ answered }) => isSuccess(answered))) problems.push('its endpoint never took it');
  const successes = attempts.filter((attempt) => isSuccess(attempt.status));
  if (successes.length > 1) problems.push(`the log has ${successes.length} successes`);
  const answers = requests.map(({ answered }) => answered);
  // What got no answer may have been cut, or answered too late.
  const heard = attempts.flatMap((attempt) => attempt.status ?? []);
  if (!isInOrderAmong(heard, answers)) problems.push('the log and the endpoint tell of other answers');
  const [success] = successes;
  const last = requests.at(-1);
  // The log's times are the deliverer's, on the same machine: what came after that was recorded was sent after it.
  if (success && last && last.at > success.at.getTime() + success.duration_ms)
    problems.push('it came again after it was delivered');
  if (problems.length > 0) problems.push(`the log: ${told(attempts)}; the endpoint: ${told(requests)}`);
  return problems;
}

/** Attempts of the log, or requests, in words. */
const told = (list: readonly (DeliveryEntity['attempts'][number] | Received)[]): string =>
  list.map((one) => ('answered' in one ? `${one.answered}` : `${one.status ?? one.error}`)).join(', ') || 'nothing';

/** Whether these follow one another among those. */
function isInOrderAmong(some: readonly (number | null)[], all: readonly (number | null)[]): boolean {
  let at = 0;
  for (const one of some) {
    at = all.indexOf(one, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** A request over a kept connection that is cut is made once more, as it is: both are one attempt. */
function attemptsOf(received: readonly Received[]): Received[] {
  const cut = new Map<string, number>();
  const attempts: Received[] = [];
  for (const one of received) {
    const key = `${one.endpoint} ${one.signature}`;
    const before = cut.get(key);
    if (before === undefined) attempts.push(one);
    else attempts[before] = one;
    if (before === undefined && one.answered === null) cut.set(key, attempts.length - 1);
    else cut.delete(key);
  }
  return attempts;
}
