import type { StepResult } from '../../schemas/step.ts';

/** True when a step did not pass and nothing has made up for it: no try, no other attempt, no option of a step around. */
export function counts({ status, spared }: Pick<StepResult, 'status' | 'spared'>): boolean {
  return (status === 'failed' || status === 'error') && spared === undefined;
}

/** True for what went wrong in a step itself, not in the steps inside it. */
export function isCause(result: Pick<StepResult, 'status' | 'spared' | 'inherited'>): boolean {
  return counts(result) && result.inherited !== true;
}

/** The results of a checkpoint's own steps, of which there are as many as it has steps; those inside them are left out. */
export function ownResults<R extends Pick<StepResult, 'path'>>(results: readonly R[]): R[] {
  return results.filter(({ path }) => path === undefined);
}
