import type { Condition } from '../../schemas/condition.ts';
import { asText } from '../commands/comparisons.ts';
import { asGiven } from './parse-target.ts';
import type { Target } from './target.ts';

/** A condition in words, its variables not filled in. */
export function describeCondition(condition: Condition): string {
  if ('all' in condition) return joined(condition.all, 'and');
  if ('any' in condition) return joined(condition.any, 'or');
  if ('not' in condition) return `not ${describeCondition(condition.not)}`;
  if ('url' in condition) return `the address is like ${condition.url}`;
  if ('variable' in condition)
    return `${condition.variable} ${condition.operator ?? 'equals'} ${asText(condition.value) || "''"}`;
  return 'exists' in condition
    ? `${asGiven(condition.exists as Target)} exists`
    : `${asGiven(condition.visible as Target)} is visible`;
}

function joined(conditions: readonly Condition[], word: string): string {
  const all = conditions.map(describeCondition).join(` ${word} `);
  return conditions.length > 1 ? `(${all})` : all;
}
