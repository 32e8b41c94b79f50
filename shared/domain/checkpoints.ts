import type { CheckpointEntity, SessionEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import { checkpointsCollection, sessionsCollection } from '../resources/collections.ts';
import { Documents, read } from './documents.ts';
import { isOver, LeaseLost } from './sessions.ts';
import { storable } from './storable.ts';

export interface Checkpoints {
  /** In order. */
  ofSession(sessionId: string): Promise<CheckpointEntity[]>;
  /**
   * Writes the outcome of a checkpoint, once, as the instance that holds the session.
   * @throws LeaseLost when it no longer does: the results are then somebody else's to write.
   */
  commit(
    checkpoint: Pick<CheckpointEntity, 'id' | 'session_id'>,
    owner: string,
    outcome: Partial<CheckpointEntity>,
  ): Promise<void>;
}

export const isCommitted = (checkpoint: Pick<CheckpointEntity, 'status'>): boolean =>
  checkpoint.status !== 'pending' && checkpoint.status !== 'running';

export const checkpoints = defineService(
  [writes(checkpointsCollection), writes(sessionsCollection)],
  (platform): Checkpoints => {
    const documents = new Documents<CheckpointEntity>(checkpointsCollection, platform);
    return {
      ofSession: (sessionId) =>
        documents.find((query) => query.where('session_id', '==', sessionId).orderBy('position')),
      async commit(checkpoint, owner, outcome) {
        const firestore = await documents.firestore();
        const ref = await documents.ref(checkpoint.id);
        await documents.transaction(async (transaction) => {
          const holder = firestore.collection(sessionsCollection.name).doc(checkpoint.session_id);
          const session = read<SessionEntity>(await transaction.get(holder));
          if (!session || session.lease?.owner !== owner || isOver(session.status)) {
            throw new LeaseLost(`session ${checkpoint.session_id} is no longer ours`);
          }
          transaction.update(ref, { ...storable(outcome), updated_at: documents.now() });
        });
      },
    };
  },
);
