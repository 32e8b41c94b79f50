import { HttpError } from '../plumbing/http.ts';
import type { BucketAcls } from './bucket-settings.ts';
import { invalid } from './errors.ts';
import { isJson, type Json } from './object-fields.ts';
import { projectNumber } from './resources.ts';

export type Role = 'OWNER' | 'WRITER' | 'READER';

/** An access control list: roles by entity. */
export type Acl = Readonly<Record<string, Role>>;

/** Buckets have entries of their own; default ones of a bucket are entries of objects. */
export type AclKind = 'bucket' | 'object';

/** Who accesses what, as far as it decides what a list may say. */
export interface AccessSettings {
  readonly uniformBucketLevelAccess?: { readonly enabled?: boolean };
  readonly publicAccessPrevention?: string;
}

const ENTITY = /^(allUsers|allAuthenticatedUsers|(user|group|domain)-[^/\s]+|project-(owners|editors|viewers)-\w+)$/;
const ROLES: Readonly<Record<AclKind, readonly Role[]>> = {
  bucket: ['OWNER', 'WRITER', 'READER'],
  object: ['OWNER', 'READER'],
};
const EVERYBODY = ['allUsers', 'allAuthenticatedUsers'];
/** Where uniform access is explained. */
export const READ_MORE = 'Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access';

/**
 * A predefined list, by its name in the JSON API (`publicRead`) or in the XML API (`public-read`). The project's owners
 * are the owners of everything: callers are not told apart locally.
 * @see https://cloud.google.com/storage/docs/access-control/lists#predefined-acl
 * @throws HttpError 400 for another name.
 */
export function predefinedAcl(kind: AclKind, name: string, project: string): Acl {
  const number = projectNumber(project);
  const owners: Acl = { [`project-owners-${number}`]: 'OWNER' };
  const lists = new Map<string, Acl>([
    ['private', owners],
    ['projectPrivate', { ...owners, [`project-editors-${number}`]: 'OWNER', [`project-viewers-${number}`]: 'READER' }],
    ['publicRead', { ...owners, allUsers: 'READER' }],
    ['authenticatedRead', { ...owners, allAuthenticatedUsers: 'READER' }],
  ]);
  if (kind === 'bucket') lists.set('publicReadWrite', { ...owners, allUsers: 'WRITER' });
  else for (const more of ['bucketOwnerRead', 'bucketOwnerFullControl']) lists.set(more, owners);
  const list = lists.get(name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
  if (!list) throw invalid(`Invalid value for a predefined access control list of ${kind}s: ${name}`);
  return list;
}

/** What a new bucket, and an object whose bucket says nothing else, has. */
export function usualAcl(kind: AclKind, project: string): Acl {
  return predefinedAcl(kind, 'projectPrivate', project);
}

/** Reads an entry. @throws HttpError 400. */
export function readEntry(kind: AclKind, entry: unknown): readonly [entity: string, role: Role] {
  const { entity, role } = isJson(entry) ? entry : {};
  if (typeof entity !== 'string' || !ENTITY.test(entity)) throw invalid(`Invalid entity: ${String(entity)}`);
  const known = ROLES[kind].find((each) => each === role);
  if (!known) throw invalid(`Invalid role for ${entity}: ${String(role)} is not one of ${ROLES[kind].join(', ')}`);
  return [entity, known];
}

/** The list that a request sets: a predefined one, or the entries of a resource; undefined when it says neither. @throws HttpError 400. */
export function givenAcl(
  kind: AclKind,
  project: string,
  predefined: string | null | undefined,
  entries: unknown,
): Acl | undefined {
  if (predefined) return predefinedAcl(kind, predefined, project);
  if (entries === undefined || entries === null) return undefined;
  if (!Array.isArray(entries)) throw invalid('An access control list is a list of entries.');
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map((entry) => readEntry(kind, entry)));
}

/** The lists that a request gives a bucket, and its new objects. @throws HttpError 400. */
export function givenBucketAcls(project: string, params: URLSearchParams, body: Json): BucketAcls {
  const acl = givenAcl('bucket', project, params.get('predefinedAcl'), body.acl);
  const predefined = params.get('predefinedDefaultObjectAcl');
  const defaultObjectAcl = givenAcl('object', project, predefined, body.defaultObjectAcl);
  return { ...(acl && { acl }), ...(defaultObjectAcl && { defaultObjectAcl }) };
}

/** @throws HttpError 400 where access is uniform, 412 where a list for everybody is prevented. */
export function checkAllowed({ uniformBucketLevelAccess, publicAccessPrevention }: AccessSettings, acl: Acl): void {
  if (uniformBucketLevelAccess?.enabled) {
    throw invalid(`Cannot insert legacy ACL for an object when uniform bucket-level access is enabled. ${READ_MORE}`);
  }
  checkMembers(publicAccessPrevention, Object.keys(acl));
}

/** @throws HttpError 412 where everybody is among the members, and public access is prevented. */
export function checkMembers(publicAccessPrevention: string | undefined, members: readonly string[]): void {
  if (publicAccessPrevention !== 'enforced' || !members.some((member) => EVERYBODY.includes(member))) return;
  throw new HttpError(
    412,
    'conditionNotMet',
    'The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.',
  );
}

/** The fields of an entry that follow from its entity. */
export function entityFields(entity: string): Record<string, unknown> {
  const [, type, rest = ''] = /^(user|group|domain|project)-(.*)$/.exec(entity) ?? [];
  if (type === 'domain') return { domain: rest };
  if (type === 'user' || type === 'group') return rest.includes('@') ? { email: rest } : { entityId: rest };
  const [team, ...number] = rest.split('-');
  return type === 'project' ? { projectTeam: { team, projectNumber: number.join('-') } } : {};
}
