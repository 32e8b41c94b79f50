import { unary } from '../plumbing/grpc.ts';
import type { Broker } from './broker.ts';
import { parseFilter } from './filter.ts';
import { alreadyExists, invalid, maskPaths, pageOf, projectName, resourceName } from './names.ts';
import {
  type PushConfigMessage,
  pushSettings,
  type SubscriptionMessage,
  type SubscriptionSettings,
  settingsOf,
  updatedSettings,
} from './subscription-settings.ts';
import { type Subscription, subscriptionMessage } from './subscriptions.ts';

/** The methods on subscriptions themselves. */
export function subscriptionMethods(broker: Broker) {
  const { context, topics, holders, messages } = broker;
  const write = <Request, Response>(work: (request: Request) => Response) =>
    unary((request: Request) => context.store.transaction(() => work(request)));

  const checkTogether = ({ deadLetter, exactlyOnce, push }: SubscriptionSettings) => {
    if (push && exactlyOnce) throw invalid('Exactly-once delivery is only supported for pull subscriptions.');
    if (deadLetter) topics.get(deadLetter.topic);
  };
  const messageOf = (subscription: Subscription) =>
    subscriptionMessage(subscription, topics.find(subscription.topic)?.retentionMs);
  const save = (name: string, settings: SubscriptionSettings): Subscription => {
    checkTogether(settings);
    holders.update(name, settings);
    const saved = holders.subscription(name);
    context.store.afterCommit(() => broker.run(saved));
    return saved;
  };

  return {
    createSubscription: write((message: SubscriptionMessage) => {
      const name = resourceName(message.name, 'subscriptions');
      const settings = settingsOf(message);
      parseFilter(settings.filter);
      if (holders.exists(name)) throw alreadyExists(name);
      const topic = topics.get(resourceName(message.topic, 'topics'));
      checkTogether(settings);
      const made = holders.insertSubscription({ name, topicId: topic.id, topic: topic.name, settings });
      context.store.afterCommit(() => broker.run(made));
      return messageOf(made);
    }),
    getSubscription: unary(({ subscription }: { subscription: string }) =>
      messageOf(holders.subscription(subscription)),
    ),
    listSubscriptions: unary((request: { project: string; pageSize: number; pageToken: string }) => {
      const all = holders.subscriptions(`${projectName(request.project)}/subscriptions/`);
      const { items, nextPageToken } = pageOf(all, (subscription) => subscription.name, request);
      return { subscriptions: items.map(messageOf), nextPageToken };
    }),
    updateSubscription: write(
      (request: { subscription: SubscriptionMessage | null; updateMask: { paths: string[] } | null }) => {
        const { subscription: message } = request;
        if (!message) throw invalid('UpdateSubscriptionRequest.subscription is required.');
        const old = holders.subscription(message.name);
        return messageOf(save(old.name, updatedSettings(old.settings, message, maskPaths(request.updateMask))));
      },
    ),
    modifyPushConfig: write((request: { subscription: string; pushConfig: PushConfigMessage | null }) => {
      const { push: _old, ...settings } = holders.subscription(request.subscription).settings;
      const push = pushSettings(request.pushConfig);
      save(request.subscription, push ? { ...settings, push } : settings);
      return {};
    }),
    deleteSubscription: write(({ subscription: name }: { subscription: string }) => {
      const { holder } = holders.subscription(name);
      holders.delete(name);
      messages.release(holder);
      context.store.afterCommit(() => broker.stop(name));
      return {};
    }),
  };
}
