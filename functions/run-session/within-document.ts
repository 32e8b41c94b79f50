import type { CheckpointEntity } from '../../schemas/entities.ts';
import type { StepResult } from '../../schemas/step.ts';

/** What a checkpoint's results may take of a document's 1 MiB. */
const LARGEST_RESULTS = 700_000;

/**
 * Results as a checkpoint's document can hold them. When they are too large, they go whole into an object and the
 * document keeps all but their values; and of steps inside others only as many as fit.
 */
export async function withinDocument(
  results: readonly StepResult[],
  objectName: string,
  keep: (name: string, json: string, contentType: string) => Promise<unknown>,
): Promise<Pick<CheckpointEntity, 'results' | 'results_object'>> {
  const json = JSON.stringify(results);
  if (Buffer.byteLength(json) <= LARGEST_RESULTS) return { results: [...results] };
  await keep(objectName, json, 'application/json');
  const light = results.map(({ value: _v, expected: _e, actual: _a, problems: _p, ...rest }) => rest);
  return { results_object: objectName, results: asManyAsFit(light) };
}

/** Of very many results those of the checkpoint's own steps, those that did not pass, and as many others as fit. */
function asManyAsFit(results: readonly StepResult[]): StepResult[] {
  const rank = ({ path, status }: StepResult): number =>
    path === undefined ? 0 : status === 'failed' || status === 'error' ? 1 : 2;
  const kept = new Set<StepResult>();
  let left = LARGEST_RESULTS - 1;
  for (const result of results.toSorted((a, b) => rank(a) - rank(b))) {
    left -= Buffer.byteLength(JSON.stringify(result)) + 1;
    if (left >= 0 || rank(result) === 0) kept.add(result);
  }
  return results.filter((result) => kept.has(result));
}
