import type { SessionEntity } from '../../schemas/entities.ts';
import { Random } from '../torture/random.ts';
import { startWorld } from './world.ts';

const FAULTS = { killed: 0.1, twice: 0.2, reactionLost: 0.1, failed: 0.2 };
const INSTANCES = 10;
/** Slots of the first user; the second has as many as all have in this world. */
const OWN_LIMIT = 3;
const STANDARD_LIMIT = 4;
const NARROW = 2;

/**
 * Two users with several runs each, in a world in which instances and reactions die and events come twice.
 * @param size what the numbers of sessions are multiplied by
 * @returns what was wrong; never comes back when a slot was lost for good, for then a session waits for ever
 */
export async function troubledUsers(seed: number, size = 1): Promise<string[]> {
  const random = new Random(seed);
  const world = await startWorld(() => random.next(), INSTANCES, FAULTS);
  try {
    await world.setLimit('usr_1', OWN_LIMIT);
    const ids: string[] = [];
    for (const [userId, sessions, more] of [
      ['usr_1', 9, { retries: 1 }],
      ['usr_1', 7, { parallel: NARROW }],
      ['usr_2', 3, {}],
      ['usr_2', 6, { priority: 'high' }],
      ['usr_1', 2, {}],
    ] as const) {
      ids.push(await world.start({ userId, sessions: sessions * size, ...more }));
    }
    await world.ended(...ids);
    const limits = { usr_1: OWN_LIMIT, usr_2: STANDARD_LIMIT, [ids[1] as string]: NARROW };
    const tooMany = Object.entries(limits).flatMap(([id, limit]) => {
      const most = world.seen.most.get(id) ?? 0;
      return most > limit ? [`seed ${seed}: ${most} sessions of ${id} at once, of ${limit}`] : [];
    });
    // All slots are free again: what comes now has them at once.
    const again = await world.start({ userId: 'usr_1', sessions: OWN_LIMIT });
    await world.ended(again);
    const fresh = (await world.db.collection('sessions').where('run_id', '==', again).get()).docs;
    const held = fresh.filter((document) => (document.data() as SessionEntity).rank !== undefined).length;
    return held > 0 ? [...tooMany, `seed ${seed}: ${held} sessions had to wait although no other was there`] : tooMany;
  } finally {
    await world.close();
  }
}
