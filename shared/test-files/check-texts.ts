import type { Problem } from '../../schemas/contract.ts';
import type { Step } from '../../schemas/step.ts';
import { asPattern } from '../commands/comparisons.ts';
import { keyName } from '../commands/keys.ts';
import { StepError } from '../engine/step-error.ts';
import { schemaOf } from './command-fields.ts';
import { conditionFieldsOf } from './inner-steps.ts';

/** What a run would refuse of the texts that follow rules of their own: patterns and keys. */
export function textProblems(step: Step): Problem[] {
  const { properties } = schemaOf(step.command);
  const problems: Problem[] = [];
  const check = (pointer: string, value: unknown, read: (given: string) => unknown): void => {
    const problem = typeof value === 'string' && !isVariable(value) ? problemOf(value, read) : undefined;
    if (problem) problems.push({ pointer, ...problem });
  };
  if ('pattern' in properties) check('/pattern', step.pattern, asPattern);
  if (step.command === 'interact.key') check('/key', step.key, keyName);
  for (const field of conditionFieldsOf(step.command))
    for (const [pointer, pattern] of patternsIn(step[field], `/${field}`)) check(pointer, pattern, asPattern);
  return problems;
}

/** A text that a run fills in first. */
const isVariable = (text: string): boolean => /\{\{|\$\{ENV:|^\$\w/.test(text);

function problemOf(given: string, read: (given: string) => unknown): Omit<Problem, 'pointer'> | undefined {
  if (given === '') return undefined;
  try {
    read(given);
    return undefined;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}

/** The patterns of a condition, and of those inside it. */
function* patternsIn(condition: unknown, base: string): Generator<[string, unknown]> {
  if (typeof condition !== 'object' || condition === null) return;
  const { url, operator, value } = condition as Record<string, unknown>;
  if (url !== undefined) yield [`${base}/url`, url];
  if (operator === 'matches') yield [`${base}/value`, value];
  for (const [key, inner] of Object.entries(condition)) yield* patternsIn(inner, `${base}/${key}`);
}
