import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import type { SecretChange } from './fields.ts';
import { milliseconds, type SecretMessage } from './messages.ts';

const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;
const MOST_TOPICS = 10;
const SHORTEST_PERIOD_MS = 3_600_000;
const SOONEST_ROTATION_MS = 300_000;
const CENTURY_MS = 3_153_600_000_000;
const DAY_MS = 86_400_000;
const LONGEST_TTL_MS = 1000 * DAY_MS;

/** The topics of a secret. @throws RpcError INVALID_ARGUMENT for more than 10 or a name that is none of a topic */
export function topicsOf({ topics = [] }: SecretMessage): SecretChange {
  const wrong = topics.find(({ name }) => !TOPIC.test(name));
  if (wrong) throw invalid(`the topic "${wrong.name}" does not have the form projects/PROJECT/topics/TOPIC`);
  if (topics.length > MOST_TOPICS) throw invalid(`a secret has at most ${MOST_TOPICS} topics`);
  return { topics: JSON.stringify(topics.map(({ name }) => name)) };
}

/**
 * When a secret is to be rotated.
 * @param partly whether a part may be missing, because the secret has it already.
 * @throws RpcError INVALID_ARGUMENT for a period below an hour, a time within 5 minutes, or a period without a time.
 */
export function rotationOf({ rotation }: SecretMessage, now: number, partly = false): SecretChange {
  const next = rotation?.nextRotationTime ? milliseconds(rotation.nextRotationTime) : null;
  const period = rotation?.rotationPeriod ? milliseconds(rotation.rotationPeriod) : null;
  if (period !== null && (period < SHORTEST_PERIOD_MS || period > CENTURY_MS))
    throw invalid('rotation.rotation_period must be between 3600s and 3153600000s');
  if (next !== null && (next < now + SOONEST_ROTATION_MS || next > now + CENTURY_MS))
    throw invalid('rotation.next_rotation_time must be between 300s and 3153600000s in the future');
  if (!partly && period !== null && next === null)
    throw invalid('rotation.next_rotation_time must be set when rotation.rotation_period is');
  return { next_rotation: next, rotation_period: period };
}

/** The part of a rotation that an update mask names. */
export function partOfRotation(change: SecretChange, field: string): SecretChange {
  const { next_rotation, rotation_period } = change;
  return field.endsWith('Time')
    ? { next_rotation: next_rotation ?? null }
    : { rotation_period: rotation_period ?? null };
}

/** How long a version is only disabled before it is destroyed. @throws RpcError INVALID_ARGUMENT outside 1 to 1000 days */
export function destroyTtlOf({ versionDestroyTtl }: SecretMessage): SecretChange {
  if (!versionDestroyTtl) return { destroy_ttl: null };
  const ttl = milliseconds(versionDestroyTtl);
  if (ttl < DAY_MS || ttl > LONGEST_TTL_MS)
    throw invalid('version_destroy_ttl must be between 86400s (24 hours) and 86400000s (1000 days)');
  return { destroy_ttl: ttl };
}

/** Checks a secret whole: who is to be told of its rotation. @throws RpcError INVALID_ARGUMENT */
export function checkRotation(secret: SecretChange): void {
  const rotates = (secret.next_rotation ?? null) !== null || (secret.rotation_period ?? null) !== null;
  if (rotates && (secret.topics ?? '[]') === '[]') throw invalid('a secret with a rotation must have topics');
  if ((secret.rotation_period ?? null) !== null && (secret.next_rotation ?? null) === null)
    throw invalid('rotation.next_rotation_time must be set when rotation.rotation_period is');
}

function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}
