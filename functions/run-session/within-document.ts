import type { CheckpointEntity } from '../../schemas/entities.ts';
import type { StepResult } from '../../schemas/step.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';

/** What a checkpoint's results may take of a document's 1 MiB. */
const LARGEST_RESULTS = 700_000;

/**
 * Results as a checkpoint's document can hold them. When they are too large, they go whole into an object and the
 * document keeps all but their values.
 */
export async function withinDocument(
  results: readonly StepResult[],
  objectName: string,
  artifacts: ObjectStore,
): Promise<Pick<CheckpointEntity, 'results' | 'results_object'>> {
  const json = JSON.stringify(results);
  if (Buffer.byteLength(json) <= LARGEST_RESULTS) return { results: [...results] };
  await artifacts.put(objectName, json, { contentType: 'application/json' });
  return {
    results_object: objectName,
    results: results.map(({ value: _v, expected: _e, actual: _a, problems: _p, ...rest }) => rest),
  };
}
