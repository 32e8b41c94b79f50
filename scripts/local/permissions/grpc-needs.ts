import { firestoreNeeds } from './firestore-needs.ts';
import { lastOf, type Needs, partOf, reading, writing } from './needs.ts';

type Request = Readonly<Record<string, unknown>>;
type NeedsOf = (request: Request) => Needs;

/** Methods that the roles of functions (scripts/deploy/roles.ts) allow, and what they touch. All others are refused. */
const methods: Readonly<Record<string, Readonly<Record<string, NeedsOf>>>> = {
  'google.pubsub.v1.Publisher': {
    Publish: ({ topic }) => [writing('topic', lastOf(topic))],
    GetTopic: ({ topic }) => [reading('topic', lastOf(topic))],
  },
  'google.pubsub.v1.Subscriber': {
    Pull: subscription,
    StreamingPull: subscription,
    Acknowledge: subscription,
    ModifyAckDeadline: subscription,
    GetSubscription: subscription,
  },
  'google.cloud.tasks.v2.CloudTasks': {
    CreateTask: ({ parent }) => [writing('queue', lastOf(parent))],
    GetQueue: ({ name }) => [reading('queue', lastOf(name))],
  },
  'google.cloud.secretmanager.v1.SecretManagerService': {
    AccessSecretVersion: ({ name }) => [reading('secret', partOf(name, 'secrets'))],
    GetSecret: ({ name }) => [reading('versions-of-secret', partOf(name, 'secrets'))],
    ListSecretVersions: ({ parent }) => [reading('versions-of-secret', partOf(parent, 'secrets'))],
    GetSecretVersion: ({ name }) => [reading('versions-of-secret', partOf(name, 'secrets'))],
    AddSecretVersion: ({ parent }) => [writing('secret', partOf(parent, 'secrets'))],
    DisableSecretVersion: ({ name }) => [writing('secret', partOf(name, 'secrets'))],
    EnableSecretVersion: ({ name }) => [writing('secret', partOf(name, 'secrets'))],
  },
};

/** What a gRPC call needs. @param path of the method: `/google.pubsub.v1.Publisher/Publish` */
export function grpcNeeds(path: string, request: Request): Needs {
  const [, service = '', method = ''] = path.split('/');
  if (service === 'google.firestore.v1.Firestore') return firestoreNeeds(method, request) ?? [];
  return methods[service]?.[method]?.(request) ?? 'refused';
}

/** Messages of a stream after the first say nothing of the subscription. */
function subscription({ subscription: name }: Request): Needs {
  return name ? [reading('pull-subscription', lastOf(name))] : [];
}
