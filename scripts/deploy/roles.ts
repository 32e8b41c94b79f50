import type { AnyFunction } from '../../shared/define/function.ts';
import type { ServiceDeclarations, Use } from '../../shared/define/service.ts';
import { usesOf } from '../../shared/define/uses.ts';

/** Where a role is given: on the thing itself wherever Google Cloud can do that, else in the project. */
export type Scope =
  | 'project'
  | 'topic'
  | 'pull-subscription'
  | 'queue'
  | 'bucket'
  | 'table'
  | 'view'
  | 'secret'
  | 'service-account';

/** A role that a function's service account has, and the declared use that needs it. */
export interface Grant {
  readonly function: string;
  readonly role: string;
  readonly on: Scope;
  /** Name of the thing; of the project's roles, empty. */
  readonly name: string;
}

/** The service account that tasks, schedules, events and messages call functions as. */
export const INVOKER = 'virtuoso-invoker';

interface Needed {
  readonly role: string;
  readonly on: Scope;
  readonly name?: string;
}

type Resource = Use['resource'];
type RolesOfUse<Kind extends Resource['kind']> = Readonly<
  Record<Use['access'], (resource: Extract<Resource, { kind: Kind }>) => readonly Needed[]>
>;

/** What each use of each kind of resource needs, and no more. */
export const rolesOfUses: { readonly [Kind in Resource['kind']]: RolesOfUse<Kind> } = {
  // IAM knows databases, not collections: which ones a function touches is held by the local cloud alone.
  collection: {
    read: () => [{ role: 'roles/datastore.viewer', on: 'project' }],
    write: () => [{ role: 'roles/datastore.user', on: 'project' }],
  },
  bucket: {
    read: ({ name }) => [{ role: 'roles/storage.objectViewer', on: 'bucket', name }],
    // Not objectAdmin, as the platform's description has it: nobody sets the access of single objects.
    write: ({ name }) => [{ role: 'roles/storage.objectUser', on: 'bucket', name }],
  },
  table: {
    read: ({ name }) => [
      { role: 'roles/bigquery.dataViewer', on: 'table', name },
      { role: 'roles/bigquery.jobUser', on: 'project' },
    ],
    write: ({ name }) => [{ role: 'roles/bigquery.dataEditor', on: 'table', name }],
  },
  // A view is read with the rights of who reads it: on the tables of its query, too.
  view: {
    read: ({ name, query }) => [
      { role: 'roles/bigquery.dataViewer', on: 'view', name },
      ...[...new Set([...query.matchAll(/\banalytics\.(\w+)/g)].map(([, table = '']) => table))].map(
        (table): Needed => ({ role: 'roles/bigquery.dataViewer', on: 'table', name: table }),
      ),
      { role: 'roles/bigquery.jobUser', on: 'project' },
    ],
    write: ({ name }) => [{ role: 'roles/bigquery.dataEditor', on: 'view', name }],
  },
  queue: {
    read: ({ name }) => [{ role: 'roles/cloudtasks.viewer', on: 'queue', name }],
    write: ({ name }) => [
      { role: 'roles/cloudtasks.enqueuer', on: 'queue', name },
      // A task is sent as the invoker: whoever makes one must be allowed to act as it.
      { role: 'roles/iam.serviceAccountUser', on: 'service-account', name: INVOKER },
    ],
  },
  topic: {
    read: ({ name }) => [{ role: 'roles/pubsub.viewer', on: 'topic', name }],
    write: ({ name }) => [{ role: 'roles/pubsub.publisher', on: 'topic', name }],
  },
  'pull-subscription': {
    read: ({ name }) => [{ role: 'roles/pubsub.subscriber', on: 'pull-subscription', name }],
    write: ({ name }) => [{ role: 'roles/pubsub.editor', on: 'pull-subscription', name }],
  },
  secret: {
    read: ({ name }) => [
      { role: 'roles/secretmanager.secretAccessor', on: 'secret', name },
      // Which versions there are, not what they hold.
      { role: 'roles/secretmanager.viewer', on: 'secret', name },
    ],
    write: ({ name }) => [{ role: 'roles/secretmanager.secretVersionManager', on: 'secret', name }],
  },
};

/** The roles of a function's own service account: what its declared uses need, each once, in a fixed order. */
export function grantsOf(declaration: AnyFunction): Grant[] {
  const grants = usesOf(declaration).flatMap(({ access, resource }) =>
    rolesFor({ access, resource }).map((needed) => ({ function: declaration.name, name: '', ...needed })),
  );
  if (signs(declaration)) {
    const own = { role: 'roles/iam.serviceAccountTokenCreator', on: 'service-account' } as const;
    grants.push({ function: declaration.name, name: `fn-${declaration.name}`, ...own });
  }
  const unique = new Map(grants.map((grant) => [keyOf(grant), grant]));
  // Who may write documents may read them.
  if (grants.some(({ role }) => role === 'roles/datastore.user'))
    for (const [key, { role }] of unique) if (role === 'roles/datastore.viewer') unique.delete(key);
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}

function signs({ services }: AnyFunction): boolean {
  return Object.values(services as ServiceDeclarations).some((service) => service.signs);
}

/** The roles that a use needs. A new kind of resource without an entry above is refused by name. */
function rolesFor({ access, resource }: Use): readonly Needed[] {
  const roles = (rolesOfUses as Partial<Record<string, RolesOfUse<Resource['kind']>>>)[resource.kind];
  if (!roles)
    throw new Error(`no role is known for ${resource.kind} '${resource.name}': say so in scripts/deploy/roles.ts`);
  return (roles[access] as (resource: Resource) => readonly Needed[])(resource);
}

export function keyOf({ function: name, role, name: thing }: Grant): string {
  return [name, role.replace('roles/', ''), thing].filter(Boolean).join(' ');
}
