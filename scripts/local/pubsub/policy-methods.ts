import { unary } from '../plumbing/grpc.ts';
import type { Broker } from './broker.ts';
import { invalid, type Kind, notFound, refuseFields, resourceName } from './names.ts';
import { Policies, type Policy, withoutConditions } from './policies.ts';

/** Permissions on a resource that there is; `create` and `list` are tested on its project. */
const PERMISSIONS: Readonly<Record<Kind, readonly string[]>> = {
  topics: ['attachSubscription', 'delete', 'detachSubscription', 'get', 'publish', 'update', 'updateTag'],
  subscriptions: ['consume', 'delete', 'get', 'update'],
  snapshots: ['delete', 'get', 'seek', 'update'],
  schemas: ['attach', 'commit', 'delete', 'get', 'listRevisions', 'rollback'],
};
const OF_POLICIES = ['getIamPolicy', 'setIamPolicy'];
const VERSIONS = [0, 1, 3];

/**
 * The methods of `google.iam.v1.IAMPolicy` on topics, subscriptions, snapshots and schemas. Policies are kept and given back:
 * what functions may do is told by their declarations, and every other caller may do everything.
 */
export function policyMethods({ context, topics, holders, schemas }: Broker) {
  const policies = new Policies(context.store);
  const exists = (name: string) =>
    topics.find(name) !== undefined || holders.exists(name) || schemas.find(name) !== undefined;
  const find = (name: string) => {
    kindOf(name);
    if (!exists(name)) throw notFound(name);
    return name;
  };

  return {
    getIamPolicy: unary((request: { resource: string; options: { requestedPolicyVersion: number } | null }) => {
      const policy = policies.get(find(request.resource));
      const version = request.options?.requestedPolicyVersion ?? 0;
      if (!VERSIONS.includes(version)) throw invalid(`requested_policy_version must be 0, 1 or 3, not ${version}.`);
      return version === 3 ? policy : withoutConditions(policy);
    }),
    setIamPolicy: unary((request: { resource: string; policy: Policy | null }) => {
      refuseFields('SetIamPolicyRequest', request, ['updateMask']);
      const { resource, policy } = request;
      if (!policy) throw invalid('SetIamPolicyRequest.policy is required.');
      return context.store.transaction(() => policies.set(find(resource), policy));
    }),
    testIamPermissions: unary(({ resource, permissions }: { resource: string; permissions: string[] }) => {
      const kind = kindOf(resource);
      const known = [...PERMISSIONS[kind], ...OF_POLICIES].map((name) => `pubsub.${kind}.${name}`);
      const unknown = permissions.find((permission) => !known.includes(permission));
      if (unknown !== undefined) throw invalid(`Permission ${unknown} is not valid for this resource.`);
      return { permissions: exists(resource) ? permissions : [] };
    }),
  };
}

/** @throws RpcError INVALID_ARGUMENT unless it is the name of a resource that has a policy. */
function kindOf(name: string): Kind {
  const kind = (Object.keys(PERMISSIONS) as Kind[]).find((each) => each === name.split('/')[2]) ?? 'topics';
  resourceName(name, kind);
  return kind;
}
