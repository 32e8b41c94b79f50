import { HttpError } from '../plumbing/http.ts';
import { type Binding, faultOfBinding, mergeBindings } from '../plumbing/iam-bindings.ts';
import { type Acl, checkAllowed, checkMembers, givenAcl, READ_MORE } from './acl.ts';
import { answer, type Call, readJson } from './call.ts';
import { invalid } from './errors.ts';
import { isJson, type Json } from './object-fields.ts';
import { nextRetention } from './object-retention.ts';
import { integerOf } from './preconditions.ts';
import { etagOf } from './resources.ts';
import type { Storage } from './storage.ts';

interface PolicyRow {
  readonly policy: string;
  readonly revision: number;
}

/** `getIamPolicy`: what was set, or what Google gives a new bucket. */
export function getPolicy(storage: Storage, call: Call, bucket: string): void {
  answer(call, policyOf(storage, bucket, integerOf(call.params, 'optionsRequestedPolicyVersion') ?? 1));
}

/** `setIamPolicy`: kept and given back; every caller may do everything all the same. */
export async function setPolicy(storage: Storage, call: Call, bucket: string): Promise<void> {
  const body = await readJson(call);
  const { context, buckets } = storage;
  const { iamConfiguration = {} } = buckets.settings(bucket);
  const uniform = iamConfiguration.uniformBucketLevelAccess?.enabled === true;
  const { version = 1, etag } = body;
  const bindings = checkBindings(body.bindings ?? [], Number(version), uniform);
  const members = bindings.flatMap((binding) => binding.members);
  checkMembers(iamConfiguration.publicAccessPrevention, members);
  context.store.transaction(() => {
    if (etag !== undefined && etag !== policyOf(storage, bucket, 3).etag) {
      throw new HttpError(412, 'conditionNotMet', 'The policy has changed since it was read: its etag is another one.');
    }
    context.store.run(
      `INSERT INTO storage_policies VALUES (?, ?, 2)
         ON CONFLICT (bucket) DO UPDATE SET policy = excluded.policy, revision = revision + 1`,
      bucket,
      JSON.stringify({ version, bindings }),
    );
  });
  answer(call, policyOf(storage, bucket, 3));
}

/** The policy of a bucket. @param requested its version, 1 or 3. @throws HttpError 400, 404. */
export function policyOf({ context, buckets }: Storage, bucket: string, requested: number): Json {
  buckets.get(bucket);
  if (![1, 3].includes(requested)) throw invalid('The requested policy version must be 1 or 3.');
  const row = context.store.get<PolicyRow>('SELECT * FROM storage_policies WHERE bucket = ?', bucket);
  const owners = [`projectEditor:${context.project}`, `projectOwner:${context.project}`];
  const stored = row ? (JSON.parse(row.policy) as Json) : undefined;
  const bindings = stored?.bindings ?? [
    { role: 'roles/storage.legacyBucketOwner', members: owners },
    { role: 'roles/storage.legacyBucketReader', members: [`projectViewer:${context.project}`] },
  ];
  const version = (bindings as Json[]).some(({ condition }) => condition) ? 3 : 1;
  if (version > requested) throw invalid('The policy has conditions: request policy version 3.');
  const kind = 'storage#policy';
  return { kind, resourceId: `projects/_/buckets/${bucket}`, version, etag: etagOf(row?.revision ?? 1), bindings };
}

function checkBindings(bindings: unknown, version: number, uniform: boolean): Binding[] {
  if (!Array.isArray(bindings)) throw invalid('Invalid value for: bindings');
  for (const binding of bindings as unknown[]) {
    const given = isJson(binding) ? binding : {};
    const fault = faultOfBinding(given);
    if (fault !== undefined) throw invalid(fault);
    if (given.condition === undefined || given.condition === null) continue;
    if (version !== 3) throw invalid('Policies with conditions have version 3.');
    if (!uniform) throw invalid(`Conditions need uniform bucket-level access. ${READ_MORE}`);
  }
  return mergeBindings(bindings as Binding[]);
}

/** `testIamPermissions`. Every caller may do everything locally. */
export function testPermissions({ buckets }: Storage, call: Call, bucket: string): void {
  buckets.get(bucket);
  const permissions = call.params.getAll('permissions');
  if (permissions.length === 0) throw invalid('Required parameter: permissions');
  const unknown = permissions.find((permission) => !/^storage\.\w+\.\w+$/.test(permission));
  if (unknown !== undefined) throw invalid(`Permission ${unknown} is not valid for this resource.`);
  answer(call, { kind: 'storage#testIamPermissionsResponse', permissions });
}

/**
 * What a request gives a new object beside its metadata: an access control list, by a predefined one or by entries, and
 * retention.
 * @throws HttpError 400 where access is uniform or retention is not enabled, 412 where public access is prevented.
 */
export function givenFields(storage: Storage, bucket: string, predefined: string | null | undefined, body: Json = {}) {
  if (body.retention === undefined || body.retention === null) return objectAcl(storage, bucket, predefined, body.acl);
  const change = { settings: storage.buckets.settings(bucket), now: storage.context.clock.now() };
  const retention = nextRetention(undefined, body.retention, change);
  return { ...objectAcl(storage, bucket, predefined, body.acl), ...(retention && { retention }) };
}

/**
 * The access control list that a request gives an object, by a predefined one or by entries.
 * @throws HttpError 400 where access is uniform, 412 where public access is prevented.
 */
export function objectAcl(
  { buckets, context }: Storage,
  bucket: string,
  predefined: string | null | undefined,
  entries?: unknown,
): { acl?: Acl } {
  const acl = givenAcl('object', context.project, predefined, entries);
  if (acl) checkAllowed(buckets.settings(bucket).iamConfiguration ?? {}, acl);
  return acl ? { acl } : {};
}
