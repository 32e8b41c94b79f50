import assert from 'node:assert/strict';
import type { v1 } from '@google-cloud/pubsub';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

const MEMBERS = ['serviceAccount:runner@example.iam.gserviceaccount.com'];
const PUBLISHER = { role: 'roles/pubsub.publisher', members: MEMBERS };
const EXPIRING = {
  ...{ role: 'roles/pubsub.viewer', members: MEMBERS },
  condition: { title: 'expires', expression: 'request.time < timestamp("2040-01-01T00:00:00Z")' },
};

// The client wants messages with their methods, and takes objects.
type GetRequest = Parameters<v1.PublisherClient['getIamPolicy']>[0];
type SetRequest = Parameters<v1.PublisherClient['setIamPolicy']>[0];
type TestRequest = Parameters<v1.PublisherClient['testIamPermissions']>[0];

/** The IAM policies of topics, subscriptions and snapshots: kept and given back, not enforced. */
export function policies({ pubsub, publisher, subscriber, name, topic, pair }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const set = async (resource: string, policy?: object) =>
    (await publisher.setIamPolicy({ resource, policy } as SetRequest))[0];
  const get = async (resource: string, requestedPolicyVersion = 3) =>
    (await publisher.getIamPolicy({ resource, options: { requestedPolicyVersion } } as GetRequest))[0];
  const test = async (resource: string, ...permissions: string[]) =>
    (await publisher.testIamPermissions({ resource, permissions } as TestRequest))[0].permissions;
  const rolesOf = (policy: { bindings?: readonly { role?: string | null }[] | null }) =>
    (policy.bindings ?? []).map(({ role }) => role);

  method('GetIamPolicy', {
    'gives a topic without one an empty policy, with an etag': async () => {
      const policy = await get(await topic());
      assert.deepEqual([policy.bindings, policy.version], [[], 0]);
      assert.ok(policy.etag && policy.etag.length > 0);
    },
    'fails for a topic, a subscription and a snapshot that is not there': async () => {
      for (const kind of ['topics', 'subscriptions', 'snapshots'] as const) await fails(get(name(kind)), 'NOT_FOUND');
    },
    'refuses a malformed name': () => fails(get('projects/p/nothing/x'), 'INVALID_ARGUMENT', /resource name/),
    'refuses a version that there is not': async () => {
      await fails(get(await topic(), 2), 'INVALID_ARGUMENT', /version/);
    },
    'hides conditions from who asks for a version without them': async () => {
      const made = await topic();
      await set(made, { version: 3, bindings: [EXPIRING] });
      const old = await get(made, 1);
      assert.match(rolesOf(old)[0] ?? '', /^roles\/pubsub\.viewer_withcond_[0-9a-f]{20}$/);
      assert.equal(old.bindings?.[0]?.condition ?? null, null);
      const whole = await get(made);
      assert.deepEqual([whole.version, rolesOf(whole)], [3, ['roles/pubsub.viewer']]);
      assert.equal(whole.bindings?.[0]?.condition?.expression, EXPIRING.condition.expression);
    },
  });

  method('SetIamPolicy', {
    'keeps the policy of a topic, a subscription and a snapshot': async () => {
      const { topic: made, subscription } = await pair();
      const snapshot = name('snapshots');
      await subscriber.createSnapshot({ name: snapshot, subscription });
      for (const resource of [made, subscription, snapshot]) {
        const given = await set(resource, { bindings: [PUBLISHER] });
        assert.deepEqual(given.bindings, [{ ...PUBLISHER, condition: null }]);
        assert.deepEqual(await get(resource), given);
      }
      await subscriber.deleteSnapshot({ snapshot });
    },
    'is what the handwritten client calls': async () => {
      const { topic: made, subscription } = await pair();
      for (const { iam } of [pubsub.topic(made), pubsub.subscription(subscription)]) {
        await iam.setPolicy({ bindings: [PUBLISHER] });
        const [policy] = await iam.getPolicy();
        assert.deepEqual(policy?.bindings?.[0]?.members, MEMBERS);
      }
    },
    'brings bindings of one role together and leaves out those of nobody': async () => {
      const other = ['user:ann@example.com', ...MEMBERS];
      const empty = { role: 'roles/pubsub.editor', members: [] };
      const policy = await set(await topic(), { bindings: [PUBLISHER, empty, { ...PUBLISHER, members: other }] });
      assert.deepEqual(rolesOf(policy), ['roles/pubsub.publisher']);
      assert.deepEqual(policy.bindings?.[0]?.members, [...MEMBERS, 'user:ann@example.com']);
    },
    'refuses an etag that is no longer the policy’s': async () => {
      const made = await topic();
      const read = await get(made);
      const changed = await set(made, { ...read, bindings: [PUBLISHER] });
      assert.notDeepEqual(changed.etag, read.etag);
      await fails(set(made, { ...read, bindings: [] }), 'ABORTED', /concurrent/);
      assert.deepEqual((await set(made, { ...changed, bindings: [] })).bindings, []);
    },
    'overwrites without an etag': async () => {
      const made = await topic();
      await set(made, { bindings: [PUBLISHER] });
      assert.deepEqual((await set(made, {})).bindings, []);
    },
    'refuses what is no role, and what is no member': async () => {
      const made = await topic();
      await fails(set(made, { bindings: [{ ...PUBLISHER, role: 'publisher' }] }), 'INVALID_ARGUMENT', /publisher/);
      await fails(set(made, { bindings: [{ ...PUBLISHER, members: ['ann'] }] }), 'INVALID_ARGUMENT', /ann/);
    },
    'refuses conditions in a policy of another version than 3': async () => {
      await fails(set(await topic(), { bindings: [EXPIRING] }), 'INVALID_ARGUMENT', /version/);
    },
    'refuses a request without a policy': async () => {
      await fails(set(await topic()), 'INVALID_ARGUMENT', /policy/);
    },
    'fails for a topic that is not there': () => fails(set(name('topics'), { bindings: [] }), 'NOT_FOUND'),
    'is forgotten with the topic, and with the subscription': async () => {
      const { topic: made, subscription } = await pair();
      for (const resource of [made, subscription]) await set(resource, { bindings: [PUBLISHER] });
      await subscriber.deleteSubscription({ subscription });
      await publisher.deleteTopic({ topic: made });
      await topic({ name: made });
      await subscriber.createSubscription({ name: subscription, topic: made });
      for (const resource of [made, subscription]) assert.deepEqual((await get(resource)).bindings, []);
    },
  });

  method('TestIamPermissions', {
    'gives those that the caller has': async () => {
      const { topic: made, subscription } = await pair();
      const [ofTopic] = await pubsub.topic(made).iam.testPermissions(['pubsub.topics.get', 'pubsub.topics.update']);
      assert.deepEqual(ofTopic, { 'pubsub.topics.get': true, 'pubsub.topics.update': true });
      const consume = 'pubsub.subscriptions.consume';
      assert.deepEqual(await test(subscription, consume), [consume]);
    },
    'gives none of a topic that is not there': async () => {
      assert.deepEqual(await test(name('topics'), 'pubsub.topics.get'), []);
    },
    'refuses a permission of another kind of resource, and a wildcard': async () => {
      const resource = await topic();
      for (const permission of ['pubsub.subscriptions.consume', 'pubsub.topics.*', 'storage.objects.get']) {
        await fails(test(resource, permission), 'INVALID_ARGUMENT', /not valid for this resource/);
      }
    },
  });
  return all;
}
