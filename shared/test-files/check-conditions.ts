import { condition, conditionKinds } from '../../schemas/condition.ts';
import type { Problem } from '../../schemas/contract.ts';
import type { Step } from '../../schemas/step.ts';
import { conditionFieldsOf } from './inner-steps.ts';

/** What is wrong with the conditions of a step, each told once and in words. */
export function conditionProblems(step: Step): Problem[] {
  return conditionFieldsOf(step.command).flatMap((field) => {
    const value = step[field];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return inWords(condition.problems(value)).map((problem) => ({
      ...problem,
      pointer: `/${field}${problem.pointer}`,
    }));
  });
}

/** `oneOf` complains once for each kind of condition, and beside an unknown key that is the same mistake again. */
function inWords(problems: readonly Problem[]): Problem[] {
  const choices = problems
    .filter(({ message }) => message.includes('exactly one schema'))
    .map(({ pointer }) => pointer);
  const unknown = problems.filter(({ message }) => message.startsWith('unknown field'));
  const isOf = (pointer: string, kind: string): boolean => choices.some((choice) => pointer === `${choice}/${kind}`);
  const rest = problems.filter(({ pointer, message }) => {
    const folded = message.includes('exactly one schema') || message.endsWith('is required');
    return !folded || !(choices.includes(pointer) || conditionKinds.some((kind) => isOf(pointer, kind)));
  });
  const folded = choices
    .filter((choice) => !unknown.some(({ pointer }) => pointer.slice(0, pointer.lastIndexOf('/')) === choice))
    .map((pointer) => ({
      pointer,
      message: `a condition has exactly one of ${conditionKinds.join(', ')}`,
      hint: 'To ask for several things, write all: [{…}, {…}] or any: [{…}, {…}].',
    }));
  return [...folded, ...rest.map(told)];
}

function told({ pointer, message, ...problem }: Problem): Problem {
  const missing = /^must have property (\w+) when property (\w+) is present$/.exec(message);
  if (missing)
    return { pointer, message: `'${missing[1]}' is required beside '${missing[2]}'`, hint: `Add '${missing[1]}'.` };
  const empty = message.startsWith('must NOT have fewer than 1 items');
  return { pointer, message: empty ? 'needs at least one condition' : message, ...problem };
}
