import type { DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import type { Bucket } from '@google-cloud/storage';
import { keyVersionOf } from '../platform/cipher.ts';
import { bucketName } from '../platform/object-store.ts';
import type { Platform } from '../platform/platform.ts';
import { artifactsBucket } from '../resources/buckets.ts';
import { checkpointsCollection } from '../resources/collections.ts';
import type { Sealing } from './documents.ts';

/** Another one has written the object meanwhile (412), or it is gone (404). */
const CHANGED = new Set<unknown>([412, 404]);
/** Metadata of an object: the generation that it has the content of. */
const SEALED_FROM = 'sealed_from';

/**
 * Seals the states of the browser that a session may go on with under the newest key. Those of sessions that have ended are
 * never read again, and become unreadable with their key.
 * @returns how many were sealed anew
 */
export async function resealStates(
  session: DocumentSnapshot,
  { clients, config }: Pick<Platform, 'clients' | 'config'>,
  sealing: Sealing,
): Promise<number> {
  const bucket = (await clients.storage()).bucket(bucketName(config, artifactsBucket));
  const { kind, state_object: name, state_generation: generation } = session.data() ?? {};
  if (kind === 'live') return name ? Number(await ofLive(session, name, generation, bucket, sealing)) : 0;
  const states = await statesOf(session.ref.firestore, session.id);
  const done = await Promise.all(states.map((state) => resealObject(bucket, state, undefined, sealing)));
  return done.filter((anew) => anew !== undefined).length;
}

async function statesOf(firestore: Firestore, sessionId: string): Promise<string[]> {
  const checkpoints = firestore.collection(checkpointsCollection.name).where('session_id', '==', sessionId);
  const { docs } = await checkpoints.select('state_object').get();
  return docs.flatMap((checkpoint) => (checkpoint.get('state_object') as string | undefined) ?? []);
}

/** A live session names the generation that it goes on with: it is told of the new one, unless it has another by now. */
async function ofLive(
  session: DocumentSnapshot,
  name: string,
  generation: string,
  bucket: Bucket,
  sealing: Sealing,
): Promise<boolean> {
  const anew = await resealObject(bucket, name, generation, sealing);
  if (anew === undefined) return false;
  return await session.ref.firestore.runTransaction(async (transaction) => {
    const current = await transaction.get(session.ref);
    if (current.get('state_generation') !== generation) return false;
    transaction.update(session.ref, { state_generation: anew });
    return true;
  });
}

/**
 * @param generation what to seal anew, when it is not whatever is the newest
 * @returns the generation with the same content under the newest key; undefined when there is nothing to do, or when
 *   somebody writes the object just now
 */
async function resealObject(
  bucket: Bucket,
  name: string,
  generation: string | undefined,
  { cipher, version, log }: Sealing,
): Promise<string | undefined> {
  try {
    const [metadata] = await bucket.file(name).getMetadata();
    const newest = String(metadata.generation);
    // One that died between has written the object and told nobody.
    if (generation !== undefined && newest !== generation)
      return metadata.metadata?.[SEALED_FROM] === generation ? newest : undefined;
    const [bytes] = await bucket.file(name, { generation: newest }).download({ validation: false });
    const text = bytes.toString('utf8');
    if (keyVersionOf(text) === version) return undefined;
    const file = bucket.file(name);
    await file.save(await cipher.encrypt(await cipher.decrypt(text)), {
      resumable: false,
      validation: false,
      preconditionOpts: { ifGenerationMatch: Number(newest) },
      metadata: {
        contentType: metadata.contentType ?? 'application/octet-stream',
        metadata: { ...metadata.metadata, [SEALED_FROM]: newest },
      },
    });
    return String(file.metadata.generation);
  } catch (error) {
    if (!CHANGED.has((error as { code?: unknown }).code))
      log.error('A state of a browser could not be sealed anew.', error, { object: name });
    return undefined;
  }
}
