import type { Comparison, Expression } from './arguments.ts';
import type { Compilation } from './compilation.ts';
import { beside } from './kinds.ts';
import { repeating } from './repeating.ts';

/** Whether a value may be a FLOAT64 that is NaN. */
export function mayBeNan({ kind, finite, value }: Expression): boolean {
  return !finite && value !== null && (kind === undefined || kind === 'FLOAT64');
}

const NUMBERS: readonly (string | undefined)[] = ['INT64', 'FLOAT64', 'NUMERIC', undefined];

/**
 * A comparison. To GoogleSQL NaN is neither equal to, nor less nor greater than anything; to DuckDB it is the greatest
 * number, and itself. What a join compares is left to DuckDB as long as it may be no FLOAT64: else it would not join by
 * a hash.
 */
export function compare(
  { joining }: Compilation,
  left: Expression,
  operator: Comparison['operator'] | '<>',
  right: Expression,
): string {
  const form = `operator ${operator}`;
  const guarded = [
    { ...left, sql: beside(left, right, form) },
    { ...right, sql: beside(right, left, form) },
  ];
  const plain = (x?: string, y?: string) => `(${x} ${operator} ${y})`;
  const numbers = NUMBERS.includes(left.kind) && NUMBERS.includes(right.kind);
  const floats = left.kind === 'FLOAT64' && right.kind === 'FLOAT64';
  const [of, check] = CHECKS[operator];
  if (!numbers || (joining && !floats) || !of({ left: mayBeNan(left), right: mayBeNan(right) }))
    return plain(...guarded.map(({ sql }) => sql));
  return repeating(guarded, (x = '', y = '') => `(${plain(x, y)} ${check(x, y)})`);
}

interface Possible {
  readonly left: boolean;
  readonly right: boolean;
}
type Check = readonly [of: (possible: Possible) => boolean, sql: (x: string, y: string) => string];
const either = ({ left, right }: Possible) => left && right;
const rightmost: Check = [({ right }) => right, (x, y) => `AND (${x} IS NULL OR NOT bq_nan(${y}))`];
const leftmost: Check = [({ left }) => left, (x, y) => `AND (${y} IS NULL OR NOT bq_nan(${x}))`];

/** By operator: which operands make it differ from DuckDB's when they are NaN, and what is then added to it. */
const CHECKS: Readonly<Record<Comparison['operator'] | '<>', Check>> = {
  '=': [either, leftmost[1]],
  '<>': [either, (x, y) => `OR (bq_nan(${x}) AND bq_nan(${y}))`],
  '<': rightmost,
  '<=': rightmost,
  '>': leftmost,
  '>=': leftmost,
};
