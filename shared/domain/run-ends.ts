import type { RunEntity } from '../../schemas/entities.ts';
import { defineService, reads } from '../define/service.ts';
import { runsCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';
import { hasEnded } from './runs.ts';

/** Tells those at work for a run that nothing of it is to go on: before its sessions, one after the other, are ended. */
export interface RunEnds {
  /** Calls it once when the run is to end, has ended or is gone. Gives what stops watching. */
  watch(runId: string, onEnd: () => void): () => void;
}

const isToEnd = (run: RunEntity | undefined): boolean =>
  run === undefined || hasEnded(run) || run.cancel_requested_at !== undefined;

export const runEnds = defineService([reads(runsCollection)], (platform): RunEnds => {
  const documents = new Documents<RunEntity>(runsCollection, platform);
  return { watch: (runId, onEnd) => documents.watch(runId, isToEnd, onEnd) };
});
