import type { DeliveryEntity, DeliveryLane, WebhookEntity } from '../../schemas/entities.ts';
import type { EndpointSlots } from '../../shared/domain/endpoint-slots.ts';
import type { TokenBuckets } from '../../shared/domain/token-buckets.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { type HandingOn, handOn } from './hand-on.ts';
import type { Slots } from './slots.ts';

export interface Limiting extends HandingOn {
  readonly buckets: TokenBuckets;
  readonly slots: Slots;
  readonly shared: EndpointSlots;
}

/** Those that wait for the same endpoint come back one after the other, over so long. */
const SPREAD_MS = 5000;
const SHORTEST_WAIT_MS = 1000;

/** Gives back what was taken for an attempt. */
export type GiveBack = () => void | Promise<void>;

/**
 * Lets an attempt go to its endpoint, or puts it off, when that is busy or has got as much as it takes: then it is none.
 * @returns what is to be called when the attempt is over; undefined when it was put off
 */
export async function admit(
  delivery: DeliveryEntity,
  webhook: WebhookEntity,
  lane: DeliveryLane,
  services: Limiting & Base,
): Promise<GiveBack | undefined> {
  const taken: GiveBack[] = [];
  const giveBack = async () => {
    for (const back of taken.splice(0)) await back();
  };
  const take = (back: GiveBack | undefined): boolean => {
    if (back) taken.push(back);
    return back !== undefined;
  };
  try {
    if (lane === 'prompt' && !take(services.slots.take('user', webhook.user_id))) {
      const name = `${delivery.id}-${delivery.attempts.length}-backlog`;
      await handOn(delivery, { name, at: new Date(services.clock.now()) }, services);
      return undefined;
    }
    const free =
      take(services.slots.take('endpoint', webhook.id)) && (await takeShared(delivery, webhook, take, services));
    const wait = free ? await waitOf(webhook, services) : SHORTEST_WAIT_MS;
    if (wait === undefined) return giveBack;
    await putOff(delivery, wait, services);
  } catch (error) {
    await giveBack();
    throw error;
  }
  await giveBack();
  return undefined;
}

/** A place that all instances share, of an endpoint that has so many. */
async function takeShared(
  { id, attempts }: DeliveryEntity,
  { id: webhookId, concurrency }: WebhookEntity,
  take: (back: GiveBack | undefined) => boolean,
  { shared }: Limiting,
): Promise<boolean> {
  return concurrency === undefined || take(await shared.take(webhookId, concurrency, `${id}-${attempts.length}`));
}

/** Milliseconds until the endpoint's rate allows an attempt; undefined when it does. */
async function waitOf(
  { id, rate_limit: perSecond }: WebhookEntity,
  { buckets }: Limiting,
): Promise<number | undefined> {
  if (perSecond === undefined) return undefined;
  const bucket = { capacity: Math.max(1, Math.floor(perSecond)), perSecond };
  const { granted, left } = await buckets.lease(`webhook ${id}`, bucket, 1);
  return granted > 0 ? undefined : ((1 - left) / perSecond) * 1000;
}

async function putOff(delivery: DeliveryEntity, waitMs: number, services: Limiting & Base): Promise<void> {
  const { clock, random } = services;
  const at = new Date(Math.ceil(clock.now() + waitMs + random() * SPREAD_MS));
  await handOn(delivery, { name: `${delivery.id}-${delivery.attempts.length}-at-${at.getTime()}`, at }, services);
}
