import { createHash } from 'node:crypto';
import { AppError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { cipher } from '../platform/services.ts';
import { cacheCollection } from '../resources/collections.ts';
import { createdOnce } from './documents.ts';

/** An answer as it can be given again. */
export interface KeptReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a key stands for: who sent it, and everything of the request that must be the same when it comes again. */
export interface KeyedRequest {
  readonly userId: string;
  readonly key: string;
  readonly content: unknown;
}

/** Makes a request that comes again give the answer of the first time instead of being done again. */
export interface Idempotency {
  /**
   * Does the work and keeps its answer for 24 hours, or gives the one that was kept. Work that fails keeps nothing: the
   * same key may try again.
   * @throws AppError unprocessable when the key was used for another request; conflict while the first is under way.
   */
  once<R extends KeptReply>(
    request: KeyedRequest,
    work: () => Promise<R>,
  ): Promise<{ reply: R | KeptReply; again: boolean }>;
}

/** A document of the cache. `reply` is encrypted: answers may hold secrets that are shown once. */
interface Entry {
  readonly fingerprint: string;
  readonly user_id: string;
  readonly expires_at: Date;
  /** Until when the work is taken to be under way; later, its instance has died. */
  readonly locked_until: Date;
  readonly reply?: string;
}

const KEPT_MS = 24 * 3600_000;
/** Longer than any HTTP function's time limit. */
const LOCKED_MS = 5 * 60_000;
/** A document holds 1 MiB: a longer answer is not kept, so that its request would be done again. */
const LONGEST_REPLY = 700_000;

/** Keeps answers in the cache, encrypted. */
export function createIdempotency(platform: Platform): Idempotency {
  const sealing = cipher.make(platform);
  const entryOf = async (id: string) => (await platform.clients.firestore()).collection(cacheCollection.name).doc(id);

  /** Gives the answer that is there, or undefined when the work is the caller's to do. */
  async function claim(id: string, userId: string, fingerprint: string): Promise<KeptReply | undefined> {
    const ref = await entryOf(id);
    const now = platform.clock.now();
    const mine: Entry = {
      fingerprint,
      user_id: userId,
      expires_at: new Date(now + KEPT_MS),
      locked_until: new Date(now + LOCKED_MS),
    };
    if (await createdOnce(async () => void (await ref.create({ ...mine })))) return undefined;
    const sealed = await ref.firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(ref);
      const over = !snapshot.exists || snapshot.get('expires_at').toMillis() <= now;
      if (!over && snapshot.get('fingerprint') !== fingerprint) {
        throw new AppError('unprocessable', 'The Idempotency-Key was used before, for another request.');
      }
      const reply = snapshot.get('reply') as string | undefined;
      if (!over && reply !== undefined) return reply;
      if (!over && snapshot.get('locked_until').toMillis() > now) {
        throw new AppError('conflict', 'The first request with this Idempotency-Key is still under way.', {
          retryAfter: 1,
        });
      }
      transaction.set(ref, { ...mine });
      return undefined;
    });
    return sealed === undefined ? undefined : (JSON.parse(String(await sealing.decrypt(sealed))) as KeptReply);
  }

  return {
    async once({ userId, key, content }, work) {
      const id = `idempotency-${hash(userId, key)}`;
      const kept = await claim(id, userId, hash(JSON.stringify(content)));
      if (kept) return { reply: kept, again: true };
      const release = async () => void (await (await entryOf(id)).delete());
      try {
        const reply = await work();
        const text = JSON.stringify(reply);
        if (text.length > LONGEST_REPLY) await release();
        else await (await entryOf(id)).update({ reply: await sealing.encrypt(text) });
        return { reply, again: false };
      } catch (error) {
        await release().catch((cause) =>
          platform.log.warning(`An idempotency key could not be released: ${String(cause)}`),
        );
        throw error;
      }
    },
  };
}

const hash = (...parts: string[]): string => createHash('sha256').update(parts.join('\u0000')).digest('base64url');
