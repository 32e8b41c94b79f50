import type { Expression } from './arguments.ts';
import { repeating } from './repeating.ts';

/** GoogleSQL's arithmetic: a result of finite FLOAT64s that is not finite is an error. */
export function arithmetic(left: Expression, operator: '+' | '-' | '*' | '/', right: Expression): string {
  const macro = { '+': 'bq_plus', '-': 'bq_difference', '*': 'bq_times', '/': 'bq_over' }[operator];
  return repeating([left, right], (x, y) => `${macro}(${x}, ${y})`);
}

/** Whether the FLOAT64s may be too large for their sum, difference or product: a whole number changes none by much. */
export function mayOverflow(left: Expression, operator: '+' | '-' | '*' | '/', right: Expression): boolean {
  const floats = [left, right].filter(({ kind, value }) => value !== null && (!kind || kind === 'FLOAT64')).length;
  if (operator === '/') return right.value !== null && right.kind !== 'INT64';
  return operator === '*' ? floats > 0 && left.value !== null && right.value !== null : floats === 2;
}
