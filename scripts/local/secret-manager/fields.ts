import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import { milliseconds, type Replication, type SecretMessage } from './messages.ts';
import { destroyTtlOf, partOfRotation, rotationOf, topicsOf } from './rotation.ts';

/** What a request changes of a secret, in the columns of the store. */
export type SecretChange = Partial<{
  labels: string;
  annotations: string;
  aliases: string;
  expires: number | null;
  topics: string;
  next_rotation: number | null;
  rotation_period: number | null;
  destroy_ttl: number | null;
}>;

/** Fields of Secret that this service does not act on; a request that sets one is refused. */
const UNSUPPORTED = ['customerManagedEncryption', 'tags', 'secretType'];
const LABEL = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const ALIAS = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const MOST_LABELS = 64;
const LARGEST_ANNOTATIONS = 16 * 1024;
const MOST_ALIASES = 50;
const SOONEST_EXPIRY_MS = 60_000;
const CENTURY_MS = 3_153_600_000_000;

/** What a new secret starts with. @throws RpcError INVALID_ARGUMENT, or UNIMPLEMENTED with the field's name. */
export function fieldsOfNew(secret: SecretMessage, now: number): SecretChange {
  for (const field of UNSUPPORTED)
    if (isSet((secret as unknown as Record<string, unknown>)[field])) throw refuse(field);
  if (Object.keys(secret.versionAliases).length > 0)
    throw invalid('a secret without versions cannot have version aliases');
  const rotation = { ...topicsOf(secret), ...rotationOf(secret, now), ...destroyTtlOf(secret) };
  return { ...labelsOf(secret), ...annotationsOf(secret), ...expiryOf(secret, now), ...rotation };
}

/** What an update changes: the fields that the mask names, in either spelling (`version_aliases`, `versionAliases`). */
export function fieldsOfUpdate(secret: SecretMessage, mask: readonly string[], now: number): SecretChange {
  if (mask.length === 0) throw invalid('the update mask is empty: name the fields to change');
  let change: SecretChange = {};
  for (const path of mask) {
    const field = path.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (field === 'labels') change = { ...change, ...labelsOf(secret) };
    else if (field === 'annotations') change = { ...change, ...annotationsOf(secret) };
    else if (field === 'versionAliases') change = { ...change, ...aliasesOf(secret) };
    else if (field === 'expireTime' || field === 'ttl') change = { ...change, ...expiryOf(secret, now) };
    else if (field === 'topics') change = { ...change, ...topicsOf(secret) };
    else if (field === 'rotation') change = { ...change, ...rotationOf(secret, now) };
    else if (field === 'rotation.nextRotationTime' || field === 'rotation.rotationPeriod')
      change = { ...change, ...partOfRotation(rotationOf(secret, now, true), field) };
    else if (field === 'versionDestroyTtl') change = { ...change, ...destroyTtlOf(secret) };
    else if (UNSUPPORTED.includes(field)) throw refuse(field);
    else throw invalid(`the update mask names "${path}", which cannot be changed`);
  }
  return change;
}

/** The replication policy of a new secret; it is recorded, there is one place locally. */
export function replicationOf(secret: SecretMessage): Replication {
  const { automatic, userManaged } = secret.replication ?? {};
  if (automatic) {
    if (isSet(automatic.customerManagedEncryption)) throw refuse('replication.automatic.customerManagedEncryption');
    return { automatic: {} };
  }
  if (!userManaged || userManaged.replicas.length === 0)
    throw invalid('secret.replication must be automatic or name replicas');
  const replicas = userManaged.replicas.map(({ location, customerManagedEncryption }) => {
    if (isSet(customerManagedEncryption)) throw refuse('replication.userManaged.replicas.customerManagedEncryption');
    return { location };
  });
  return { userManaged: { replicas } };
}

function labelsOf({ labels }: SecretMessage): SecretChange {
  const entries = Object.entries(labels);
  const wrong = entries.find(([key, value]) => !LABEL.test(key) || !LABEL_VALUE.test(value));
  if (wrong) throw invalid(`the label ${wrong.join('=')} is not made of lower-case letters, digits, _ and -`);
  if (entries.length > MOST_LABELS) throw invalid(`a secret has at most ${MOST_LABELS} labels`);
  return { labels: JSON.stringify(labels) };
}

function annotationsOf({ annotations }: SecretMessage): SecretChange {
  const text = Object.entries(annotations).flat().join('');
  if (Buffer.byteLength(text) > LARGEST_ANNOTATIONS) throw invalid('the annotations exceed 16 KiB');
  return { annotations: JSON.stringify(annotations) };
}

function aliasesOf({ versionAliases }: SecretMessage): SecretChange {
  if (Object.keys(versionAliases).length > MOST_ALIASES) throw invalid(`a secret has at most ${MOST_ALIASES} aliases`);
  for (const alias of Object.keys(versionAliases)) {
    if (!ALIAS.test(alias) || alias === 'latest') throw invalid(`"${alias}" cannot be the alias of a version`);
  }
  return { aliases: JSON.stringify(versionAliases) };
}

function expiryOf({ expireTime, ttl }: SecretMessage, now: number): SecretChange {
  if (!expireTime && !ttl) return { expires: null };
  const expires = expireTime ? milliseconds(expireTime) : now + milliseconds(ttl ?? { seconds: '0', nanos: 0 });
  if (expires < now + SOONEST_EXPIRY_MS) throw invalid('a secret cannot expire in less than 60 seconds');
  if (expires > now + CENTURY_MS) throw invalid('a secret cannot expire in more than 100 years');
  return { expires };
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 'SECRET_TYPE_UNSPECIFIED') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function refuse(field: string): RpcError {
  return new RpcError(status.UNIMPLEMENTED, `secret.${field} is not supported locally`);
}

function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}
