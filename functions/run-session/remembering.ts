import type { Fingerprints } from '../../schemas/fingerprint.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import type { EngineSession } from '../../shared/engine/session.ts';
import type { Work } from './work.ts';

/** What earlier runs of the test remembered of its elements; undefined when it wants no healing. */
export async function recall(work: Work): Promise<Fingerprints | undefined> {
  const { session, services } = work;
  if ((session.config.healing ?? configDefaults.healing) === 'off') return undefined;
  work.operations++;
  return await services.remembered.of(session.user_id, session.test_id);
}

/** Keeps what the session learned of the test's elements: one write, and none when everything was as before. */
export async function remember(work: Work, engine: EngineSession): Promise<void> {
  const { session, services } = work;
  const learned = engine.learned();
  if (Object.keys(learned).length === 0) return;
  work.operations += 2;
  try {
    await services.remembered.add(session.user_id, session.test_id, learned);
  } catch (error) {
    // The verdict stands without it; the next run learns the same.
    services.log.warning('What was learned of the elements could not be kept.', { error: String(error) });
  }
}
