import type { DocumentSnapshot, Query } from '@google-cloud/firestore';
import { defineService, reads, writes } from '../define/service.ts';
import { type Cipher, createCipher } from '../platform/cipher.ts';
import { AppError } from '../platform/errors.ts';
import { inParallel } from '../platform/in-parallel.ts';
import type { Platform } from '../platform/platform.ts';
import { createSecrets } from '../platform/secrets.ts';
import { artifactsBucket } from '../resources/buckets.ts';
import { cacheCollection, checkpointsCollection, sessionsCollection } from '../resources/collections.ts';
import { encryptionKeySecret } from '../resources/secrets.ts';
import { resealDocument, type SealedCollection, type Sealing, sealedCollections } from './documents.ts';
import { createProgress, isFinal, type Progress, type ProgressKeeper } from './progress.ts';
import { resealStates } from './states.ts';

/** Seals everything under the newest version of the key. */
export interface Reencryptor {
  /**
   * Goes through all sealed values, from where the one before stopped; nothing when all of it is done.
   * @param until when to stop, in milliseconds since the epoch
   * @throws AppError unavailable when it has to be called again
   */
  run(until: number): Promise<Progress>;
}

const PAGE = 100;
const PARALLEL = 16;

/** The states of browsers are found by the sessions that may go on with them. */
const STATES = 'states';
const MAY_GO_ON = ['queued', 'running', 'idle'];

export const reencryptor = defineService(
  [
    reads(encryptionKeySecret),
    ...[...sealedCollections, cacheCollection, sessionsCollection].map(writes),
    ...[reads(checkpointsCollection), writes(artifactsBucket)],
  ],
  createReencryptor,
);

export function createReencryptor(platform: Platform): Reencryptor {
  const secrets = createSecrets(platform);
  const cipher = createCipher(secrets, platform);
  const keeper = createProgress(platform);
  return {
    async run(until) {
      const { version } = await secrets.read(encryptionKeySecret);
      const progress = await keeper.of(version);
      if (progress.settled) return progress;
      return await goThrough(progress, { cipher, keeper, platform, until });
    },
  };
}

interface Work {
  readonly cipher: Cipher;
  readonly keeper: ProgressKeeper;
  readonly platform: Platform;
  readonly until: number;
}

async function goThrough(from: Progress, work: Work): Promise<Progress> {
  const { keeper, platform } = work;
  const places = [...sealedCollections.map(({ name }) => name), STATES];
  let progress = from;
  for (const place of places.slice(Math.max(0, places.indexOf(from.collection ?? '')))) {
    if (progress.collection !== place) progress = withoutPlace({ ...progress, collection: place });
    progress = await throughPlace(place, progress, work);
  }
  const { collection: _collection, ...done } = withoutPlace(progress);
  const ended = isFinal(done) ? { ...done, settled: true } : { ...done, began_at: new Date(platform.clock.now()) };
  await keeper.keep(ended);
  return ended;
}

const withoutPlace = ({ after: _after, ...progress }: Progress): Progress => progress;

/** A page at a time; after each it is written down how far it is. */
async function throughPlace(place: string, from: Progress, work: Work): Promise<Progress> {
  const { keeper, platform, until } = work;
  const sealing: Sealing = { cipher: work.cipher, version: from.version, log: platform.log };
  let progress = from;
  for (;;) {
    if (platform.clock.now() >= until || platform.stopping.aborted)
      throw new AppError('unavailable', 'There is more to be sealed anew.');
    const docs = await pageOf(place, progress.after, platform);
    if (docs.length === 0) return progress;
    const done = await inParallel(PARALLEL, docs, (document) => reseal(place, document, platform, sealing));
    progress = {
      ...progress,
      after: docs.at(-1)?.id ?? '',
      resealed: progress.resealed + done.reduce((sum, count) => sum + count, 0),
    };
    await keeper.keep(progress);
  }
}

async function pageOf(place: string, after: string | undefined, { clients }: Platform): Promise<DocumentSnapshot[]> {
  const firestore = await clients.firestore();
  const all: Query =
    place === STATES
      ? firestore.collection(sessionsCollection.name).where('status', 'in', MAY_GO_ON)
      : firestore.collection(place);
  const ordered = all.orderBy('__name__').limit(PAGE);
  return (await (after === undefined ? ordered : ordered.startAfter(after)).get()).docs;
}

async function reseal(
  place: string,
  document: DocumentSnapshot,
  platform: Platform,
  sealing: Sealing,
): Promise<number> {
  if (place === STATES) return await resealStates(document, platform, sealing);
  const collection = sealedCollections.find(({ name }) => name === place) as SealedCollection;
  return Number(await resealDocument(document, collection, sealing));
}
