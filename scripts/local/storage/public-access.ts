import { policyOf } from './access.ts';
import type { Json, ObjectFields } from './object-fields.ts';
import type { Storage } from './storage.ts';

const ADMINS = ['roles/storage.admin', 'roles/storage.objectAdmin', 'roles/storage.objectUser'];
const READERS = [...ADMINS, 'roles/storage.objectViewer', 'roles/storage.legacyObjectReader'];
const LISTERS = [
  ...ADMINS,
  'roles/storage.objectViewer',
  ...['Reader', 'Writer', 'Owner'].map((role) => `roles/storage.legacyBucket${role}`),
];

/**
 * Whether everybody may read an object, or with an empty name list the bucket: by an access control list where access is
 * not uniform, or by the bucket's IAM policy; a role that is bound with a condition gives nothing to everybody here. Who
 * may list the bucket is told that an object is missing.
 */
export function isPublic(storage: Storage, bucket: string, name: string, generation?: number): boolean {
  const { iamConfiguration = {}, acl } = storage.buckets.settings(bucket);
  if (iamConfiguration.publicAccessPrevention === 'enforced') return false;
  if (isBound(storage, bucket, name === '' ? LISTERS : READERS)) return true;
  if (iamConfiguration.uniformBucketLevelAccess?.enabled) return false;
  if (name === '') return acl?.allUsers !== undefined;
  const row = storage.objects.find(bucket, name, generation);
  return row ? (JSON.parse(row.fields) as ObjectFields).acl?.allUsers !== undefined : acl?.allUsers !== undefined;
}

function isBound(storage: Storage, bucket: string, roles: readonly string[]): boolean {
  const bindings = policyOf(storage, bucket, 3).bindings as Json[];
  return bindings.some(
    ({ role, members, condition }) =>
      !condition && roles.includes(String(role)) && (members as string[]).includes('allUsers'),
  );
}
