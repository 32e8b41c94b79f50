import type { QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { ErasureEntity } from '../../schemas/erasure.ts';
import { defineService, reads, writes } from '../define/service.ts';
import { createErasures, nextRoundAfter } from '../domain/erasures.ts';
import { createEvents, publisher } from '../events/publish.ts';
import { AppError } from '../platform/errors.ts';
import { inParallel } from '../platform/in-parallel.ts';
import type { Platform } from '../platform/platform.ts';
import { reportsBucket } from '../resources/buckets.ts';
import { erasureFoundCollection, erasuresCollection } from '../resources/collections.ts';
import { collectionsOfUsers, collectionsWithin, deletePage, deleteWithin, forgetFound } from './documents.ts';
import { bucketsOfUsers, deleteObject, deleteObjects } from './objects.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { deleteRows, tablesOfUsers } from './rows.ts';
import { deleteStatistics } from './statistics-pages.ts';
import { stopSessions } from './stop-work.ts';

/** Erases users. */
export interface Eraser {
  /**
   * Does one round of an erasure, or what is left of it: ends what runs, then deletes documents, objects and rows. It may
   * be killed anywhere and be done twice at once: what is deleted is counted once, and what is left is done by the next.
   * @param until when to stop, in milliseconds since the epoch
   * @throws AppError unavailable when it has to be called again
   */
  round(userId: string, until: number): Promise<void>;
}

const PARALLEL = 16;
const PAGE = 100;

export const eraser = defineService(
  [
    ...[erasuresCollection, erasureFoundCollection, ...collectionsOfUsers, ...collectionsWithin].map(writes),
    ...[...bucketsOfUsers, ...tablesOfUsers].map(writes),
    // Rows are deleted by statements, and only who may read may send any.
    ...tablesOfUsers.map(reads),
    ...publisher('user.deleted').uses,
  ],
  createEraser,
);

export function createEraser(platform: Platform): Eraser {
  const erasures = createErasures(platform);
  const events = createEvents(platform);
  return {
    async round(userId, until) {
      const begun = await erasures.get(userId);
      if (!begun || begun.next_round_at === null) return;
      const work: Work = { userId, round: begun.rounds, receipt: await receiptOf(userId, platform), platform, until };
      await waitForInstances(work, begun);
      await deleteDocuments(work);
      await deleteOfFound(work);
      await deleteObjects('user', userId, platform, (bucket, count) => work.receipt.add('objects', bucket, count));
      const waitsFor = await deleteAllRows(work);
      await work.receipt.add('objects', reportsBucket.name, await deleteStatistics(userId, platform));
      if (waitsFor.length > 0) return await waitForRows(work, waitsFor);
      // Told before it is written down: what dies in between tells it again, as the same event.
      if (begun.status === 'running') {
        const data = { user_id: userId, by: begun.requested_by };
        const time = new Date(platform.clock.now());
        await events.publish([{ type: 'user.deleted', key: [userId], subject: `users/${userId}`, time, data }]);
      }
      await endRound(work);
    },
  };
}

interface Work {
  readonly userId: string;
  readonly round: number;
  readonly receipt: Receipt;
  readonly platform: Platform;
  readonly until: number;
}

/** @throws AppError unavailable when the time is over */
function goOn({ platform, until }: Work): void {
  if (platform.clock.now() < until && !platform.stopping.aborted) return;
  throw new AppError('unavailable', 'There is more to erase.');
}

/** Ends what runs, and waits until no instance can believe any more that a session is its own. */
async function waitForInstances(work: Work, { quiet_at }: ErasureEntity): Promise<void> {
  const { userId, receipt, platform } = work;
  const lease = await stopSessions(userId, platform);
  // Written down, so that another one that goes on waits too.
  if (lease) await receipt.ref.update({ quiet_at: lease });
  const quiet = (lease ?? quiet_at)?.getTime() ?? 0;
  const wait = quiet - platform.clock.now();
  if (wait > 0) await platform.clock.sleep(wait);
}

async function deleteDocuments(work: Work): Promise<void> {
  for (const collection of collectionsOfUsers) {
    for (;;) {
      goOn(work);
      if ((await deletePage(work.userId, collection, work.round, work.receipt)) === 0) break;
    }
  }
}

/** Deletes what belongs to the runs and sessions that were found, in this round and before. */
async function deleteOfFound(work: Work): Promise<void> {
  const { round, receipt } = work;
  for (;;) {
    goOn(work);
    const { docs } = await receipt.found().where('round', '==', round).limit(PAGE).get();
    if (docs.length === 0) return;
    await inParallel(PARALLEL, docs, async (found) => {
      await deleteOf(found, work);
      await found.ref.update({ round: round + 1 });
    });
  }
}

/** Deletes what belongs to a run or a session, or an object that a document named. */
async function deleteOf(found: QueryDocumentSnapshot, { receipt, platform }: Work): Promise<void> {
  const { bucket, name } = found.data() as { bucket?: string; name?: string };
  if (bucket && name) return await receipt.add('objects', bucket, await deleteObject({ bucket, name }, platform));
  await deleteWithin(found.id, receipt);
  const whose = found.id.startsWith('run_') ? 'run' : 'session';
  await deleteObjects(whose, found.id, platform, (place, count) => receipt.add('objects', place, count));
}

/** @returns the tables whose rows are too new */
async function deleteAllRows(work: Work): Promise<string[]> {
  const waitsFor: string[] = [];
  for (const table of tablesOfUsers) {
    goOn(work);
    const count = await deleteRows(work.userId, table, work.platform);
    if (count === undefined) waitsFor.push(table.name);
    else await work.receipt.add('rows', table.name, count);
  }
  return waitsFor;
}

async function waitForRows({ receipt, platform }: Work, waitsFor: string[]): Promise<void> {
  platform.log.info('rows are too new to be erased', { tables: waitsFor });
  const now = platform.clock.now();
  await receipt.ref.update({ waits_for: waitsFor, next_round_at: nextRoundAfter(0, now), updated_at: new Date(now) });
}

/** Notes that a round is done, once; with the last one, nothing of what was found is kept. */
async function endRound({ round, receipt, platform }: Work): Promise<void> {
  const now = platform.clock.now();
  const next = nextRoundAfter(round, now);
  if (next === null) await forgetFound(receipt);
  await receipt.ref.firestore.runTransaction(async (transaction) => {
    const current = await transaction.get(receipt.ref);
    if (current.get('rounds') !== round) return;
    transaction.update(receipt.ref, {
      status: 'erased',
      waits_for: [],
      rounds: round + 1,
      next_round_at: next,
      updated_at: new Date(now),
      ...(round === 0 ? { erased_at: new Date(now) } : {}),
    });
  });
}
