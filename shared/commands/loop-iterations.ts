import type { Step } from '../../schemas/step.ts';
import type { FlowContext, Ran } from '../engine/flow-context.ts';
import { firstOf } from '../engine/step-place.ts';

/** So many iterations are recorded; of those after them, as many that did not pass, and the last. */
const RECORDED = 20;

/** What is repeated. */
interface Repeated {
  readonly steps: readonly Step[];
  readonly over?: unknown;
  readonly as?: string;
}

/** The iterations of one loop. */
export interface Iterations {
  /** @param again the same steps are run again after this iteration, as far as is known. */
  run(number: number, item: unknown, again: boolean): Promise<Ran>;
  /** Says what the record leaves out. */
  tell(): void;
}

/** Runs iterations and keeps the record of a loop within bounds. */
export function iterationsOf(given: Repeated, flow: FlowContext): Iterations {
  const named = given.over !== undefined || given.as !== undefined;
  const name = (given.as ?? 'item').replace(/^\$/, '');
  let last: Ran | undefined;
  let broken = 0;
  let left = 0;
  const bound = (ran: Ran): void => {
    if (last) {
      flow.forget(last);
      left++;
    }
    const kept = ran.failure !== undefined && ++broken <= (flow.full() ? 1 : RECORDED);
    last = kept ? undefined : ran;
  };
  return {
    async run(number, item, again) {
      const options = {
        iteration: number,
        fewPictures: number > RECORDED,
        ...(again ? { next: firstOf(given.steps[0]) } : {}),
      };
      const variables = { index: number - 1, ...(named ? { [name]: item } : {}) };
      const ran = await flow.scope(variables, () => flow.steps(given.steps, 'steps', options));
      if (number > RECORDED || flow.full()) bound(ran);
      return ran;
    },
    tell() {
      if (left > 0) flow.note(`the record leaves out the steps of ${left} iterations`);
    },
  };
}
