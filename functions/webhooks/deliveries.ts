import type { DeliveryEntity, DeliveryLane } from '../../schemas/entities.ts';
import { deliveriesQuery, recoverRequest } from '../../schemas/requests.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { finder, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { checkActive, owned, type Services } from './services.ts';

const ownedDelivery = finder(
  ({ deliveries }: Pick<Services, 'deliveries'>, id, userId) => deliveries.getOwned(id, userId),
  (id) => `There is no delivery '${id}'. They are kept for 30 days.`,
);
const view = ({ order: _order, lane: _lane, handed_to: _task, ...delivery }: DeliveryEntity) => camelize(delivery);

/** @throws AppError invalid-argument for times that there are only in the format: a leap second, the year 0 */
function timeOf(name: string, text: string): Date {
  const time = new Date(text);
  if (time.getUTCFullYear() >= 1) return time;
  throw new AppError('invalid-argument', `'${text}' is no time that can be looked for.`, {
    details: [{ pointer: `/${name}`, message: 'it is not a time of the calendar' }],
  });
}

const askedTime = (name: string, text: string | undefined): Date | undefined =>
  text === undefined ? undefined : timeOf(name, text);

export const listDeliveries = route<Services, undefined, typeof deliveriesQuery>({
  method: 'GET',
  path: '/v1/webhooks/:id/deliveries',
  summary: "Lists a webhook's deliveries with their attempts, newest first.",
  access: { scope: 'webhooks:read' },
  answers: { 200: 'deliveries' },
  query: deliveriesQuery,
  async handle(request, { webhooks, deliveries }) {
    const { status, type, since, until } = request.query;
    const webhook = await owned(request, { webhooks });
    const page = pageOf(request.query);
    const found = await deliveries.ofWebhook(webhook.id, page, {
      ...{ status: status && [status], type },
      ...{ since: askedTime('since', since), until: askedTime('until', until) },
    });
    return listReply(page, found, (delivery) => {
      const { body: _body, ...shown } = view(delivery) as Record<string, unknown>;
      return shown;
    });
  },
});

export const readDelivery = readRoute<Services, DeliveryEntity>(
  {
    path: '/v1/deliveries/:id',
    summary: 'Reads a delivery: the body that is sent, and what came of each attempt.',
    scope: 'webhooks:read',
    answer: 'delivery',
  },
  ownedDelivery,
  view,
);

/** Attempts of one delivery, however often it is sent again. */
const MOST_ATTEMPTS = 100;

export const redeliver = route<Services>({
  method: 'POST',
  path: '/v1/deliveries/:id/redeliver',
  summary: 'Sends a delivery again at once, under the same webhook-id; its schedule starts anew.',
  access: { scope: 'webhooks:write' },
  answers: { 202: 'delivery' },
  async handle(request, services) {
    const delivery = await ownedDelivery(request, services);
    const webhook = await services.webhooks.getOwned(delivery.webhook_id, request.caller.userId);
    if (!webhook)
      throw new AppError('conflict', 'The webhook of this delivery was deleted: there is nowhere to send it.');
    checkActive(webhook);
    if (delivery.attempts.length >= MOST_ATTEMPTS)
      throw new AppError('conflict', `There were ${MOST_ATTEMPTS} attempts already; no more are made.`);
    await sendAgain([delivery], 'prompt', services);
    const location = `/v1/deliveries/${delivery.id}`;
    return { status: 202, headers: { location }, body: view(await ownedDelivery(request, services)) };
  },
});

/** Deliveries of one request. */
const MOST_RECOVERED = 500;
const PAGE = 100;

export const recover = route<Services, typeof recoverRequest>({
  method: 'POST',
  path: '/v1/webhooks/:id/recover',
  summary: 'Sends again what failed or was discarded in a range of time, newest first, each under the same webhook-id.',
  access: { scope: 'webhooks:write' },
  limit: 'batch',
  answers: { 202: 'recovering' },
  body: recoverRequest,
  async handle(request, services) {
    const webhook = await owned(request, services);
    checkActive(webhook);
    const since = timeOf('since', request.body.since);
    const until = askedTime('until', request.body.until);
    if (until && until <= since)
      throw new AppError('invalid-argument', 'The range of time is empty.', {
        details: [{ pointer: '/until', message: `it is not after since, ${request.body.since}` }],
      });
    const found = await lost(webhook.id, { since, until }, services);
    await sendAgain(
      found.filter(({ attempts }) => attempts.length < MOST_ATTEMPTS),
      'backlog',
      services,
    );
    const last = found.length < MOST_RECOVERED ? undefined : found.at(-1);
    // What was made in the same millisecond is asked for again: of that, what is sent again is not lost any more.
    const more = last && { continueUntil: new Date(last.created_at.getTime() + 1).toISOString() };
    return { status: 202, body: { deliveries: found.length, ...more } };
  },
});

async function lost(
  webhookId: string,
  range: { since: Date; until: Date | undefined },
  { deliveries }: Services,
): Promise<DeliveryEntity[]> {
  const found: DeliveryEntity[] = [];
  for (;;) {
    const last = found.at(-1);
    const page = { size: PAGE, after: last && { createdAt: last.created_at, id: last.id } };
    const next = await deliveries.ofWebhook(webhookId, page, { ...range, status: ['failed', 'discarded'] });
    found.push(...next);
    if (next.length < PAGE || found.length >= MOST_RECOVERED) return found;
  }
}

/** Deliveries that are marked at a time. */
const PARALLEL = 16;

/** The tasks come first, and mark what is to be sent themselves: so it is also when this instance dies in between. */
async function sendAgain(
  list: readonly DeliveryEntity[],
  lane: DeliveryLane,
  { deliveries, queues, ids }: Services & Base,
): Promise<void> {
  const [first] = list;
  if (!first) return;
  const tasks = list.map(({ id, webhook_id, attempts }) => ({
    to: 'deliver-webhook',
    name: `${id}-${attempts.length}-${ids.next('req')}`,
    payload: { delivery_id: id, webhook_id, attempt: attempts.length, again: true },
  }));
  await queues.of(first.user_id, lane).enqueue(tasks);
  await inParallel(PARALLEL, tasks, ({ name, payload }) =>
    deliveries.sendAgain(payload.delivery_id, payload.attempt, name),
  );
}
