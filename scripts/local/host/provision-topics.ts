import { status } from '@grpc/grpc-js';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { TopicTrigger } from '../../../shared/define/trigger.ts';
import { topicFilter } from '../../deploy/topic-filter.ts';
import { toWireTime } from '../plumbing/wire-time.ts';
import { deliveryPolicy } from './delivery-policy.ts';
import { unless } from './in-process.ts';
import type { Provisioning } from './provision.ts';

/** Path below the origin at which Eventarc takes the messages of a function's push subscription. */
export const EVENTARC_PATH = '/_eventarc/';

/** What the names of the subscriptions that Eventarc makes begin with. */
export const EVENTARC_PREFIX = 'eventarc-';

const { minBackoffMs, maxBackoffMs, attempts: ATTEMPTS, deadLetters: DEAD_LETTERS } = deliveryPolicy;
const DELIVERY = {
  ackDeadlineSeconds: 60,
  retryPolicy: { minimumBackoff: toWireTime(minBackoffMs), maximumBackoff: toWireTime(maxBackoffMs) },
};

/** Topics, the declared pull subscriptions, and for each function on a topic a push subscription to Eventarc. */
export async function provisionTopics(work: Provisioning): Promise<void> {
  const { project, resources, functions, call } = work;
  const topicName = (name: string) => `projects/${project}/topics/${name}`;
  for (const { name } of resources.topics) {
    await unless([status.ALREADY_EXISTS], call('pubsub', 'CreateTopic', { name: topicName(name) }));
  }
  const deadLetterPolicy = { deadLetterTopic: topicName(DEAD_LETTERS), maxDeliveryAttempts: ATTEMPTS };
  const canDie = resources.topics.some(({ name }) => name === DEAD_LETTERS);
  const policy = (topic: string) => (canDie && topic !== DEAD_LETTERS ? { deadLetterPolicy } : {});
  for (const { name, topic } of resources.pullSubscriptions) {
    // Dead letters that somebody has only looked at are there again at once.
    const delivery = topic.name === DEAD_LETTERS ? { ackDeadlineSeconds: DELIVERY.ackDeadlineSeconds } : DELIVERY;
    await putSubscription(work, { ...delivery, ...policy(topic.name), name, topic: topicName(topic.name) });
  }
  for (const fn of functions) {
    if (fn.trigger.kind !== 'topic') continue;
    const { topic } = fn.trigger as TopicTrigger;
    await putSubscription(work, { ...pushSubscription(fn, work), ...policy(topic.name), topic: topicName(topic.name) });
  }
}

function pushSubscription(fn: AnyFunction, { origin }: Provisioning) {
  const { types } = fn.trigger as TopicTrigger;
  return {
    ...DELIVERY,
    name: `${EVENTARC_PREFIX}${fn.name}`,
    ackDeadlineSeconds: Math.min(600, Math.max(10, fn.timeoutSeconds)),
    filter: topicFilter(types),
    pushConfig: { pushEndpoint: `${origin}${EVENTARC_PATH}${fn.name}` },
  };
}

/** Makes the subscription; one of other settings is updated, one of another filter, which cannot be updated, replaced. */
async function putSubscription(
  { project, call }: Provisioning,
  given: { readonly name: string; readonly topic: string; readonly filter?: string },
): Promise<void> {
  const subscription = { ...given, name: `projects/${project}/subscriptions/${given.name}` };
  const create = () => call('pubsub', 'CreateSubscription', subscription);
  if (await unless([status.ALREADY_EXISTS], create())) return;
  const old = await call('pubsub', 'GetSubscription', { subscription: subscription.name });
  if (old.filter !== (given.filter ?? '')) {
    await call('pubsub', 'DeleteSubscription', { subscription: subscription.name });
    await create();
    return;
  }
  const paths = ['ack_deadline_seconds', 'retry_policy', 'dead_letter_policy', 'push_config'];
  await call('pubsub', 'UpdateSubscription', { subscription, updateMask: { paths } });
}
