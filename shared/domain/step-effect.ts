import type { Step } from '../../schemas/step.ts';
import { innerLists } from './inner-steps.ts';

/**
 * What doing a step again would mean. `reads`: it leaves nothing in the page that a saved state does not bring back.
 * `sets`: it makes the page what it was before, and asks nobody for anything. `acts`: it may have done something that
 * must not be done twice.
 */
export type StepEffect = 'reads' | 'sets' | 'acts';

const reading =
  /^(assert|control|data|wait|dialog|navigate)\.|^misc\.(comment|log|screenshot)$|^window\.(switch-tab|close-tab)$/;
const setting =
  /^interact\.(write|check|uncheck|select|hover|focus|blur)$|^mouse\.(move|move-to|move-by|enter)$|^file\.upload$|^window\./;
const safeMethods: readonly unknown[] = [undefined, 'GET', 'HEAD', 'OPTIONS'];
const order: readonly StepEffect[] = ['reads', 'sets', 'acts'];

/** The effect of a step, with what the steps inside it may do. */
export function effectOf(step: Step): StepEffect {
  const inner = innerLists(step).flatMap(([, steps]) => steps.map(effectOf));
  const own = ownEffectOf(step);
  return [own, ...inner].reduce((worst, one) => (order.indexOf(one) > order.indexOf(worst) ? one : worst));
}

function ownEffectOf({ command, method }: Step): StepEffect {
  if (command === 'api.request') return safeMethods.includes(method) ? 'reads' : 'acts';
  if (reading.test(command)) return 'reads';
  return setting.test(command) ? 'sets' : 'acts';
}
