import type { Expression } from './arguments.ts';

/**
 * SQL in which operands stand more than once: those that are more than a column or a literal are computed once, else
 * sums within sums would grow beyond what DuckDB can plan.
 */
export function repeating(operands: readonly Expression[], write: (...sql: string[]) => string): string {
  if (operands.every(({ sure, path }) => sure || path)) return write(...operands.map(({ sql }) => sql));
  const fields = operands.map(({ sql }, index) => `'v${index}': ${sql}`);
  const body = write(...operands.map((_, index) => `o.v${index}`));
  return `list_transform([{${fields.join(', ')}}], lambda o: ${body})[1]`;
}

/** Whether a value may be a FLOAT64 that is NaN. */
export function mayBeNan({ kind, finite, value }: Expression): boolean {
  return !finite && value !== null && (kind === undefined || kind === 'FLOAT64');
}

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
