import type { Expression } from './arguments.ts';

/**
 * SQL in which operands stand more than once: those that are more than a column or a literal are computed once, else
 * sums within sums would grow beyond what DuckDB can plan.
 */
export function repeating(operands: readonly Expression[], write: (...sql: string[]) => string): string {
  if (operands.every(({ sure, path }) => sure || path)) return write(...operands.map(({ sql }) => sql));
  const fields = operands.map(({ sql }, index) => `'v${index}': ${sql}`);
  const body = write(...operands.map((_, index) => `struct_extract(bq_o, 'v${index}')`));
  return `list_transform([{${fields.join(', ')}}], lambda bq_o: ${body})[1]`;
}
