import { CLASSES } from './classes.ts';

/** `x operator y`, which fails when they are finite FLOAT64s and the result is not. */
const overflowing = (operator: string, result: string) =>
  `(x, y) AS CASE WHEN typeof(x ${operator} y) <> 'DOUBLE' THEN ${result} WHEN isfinite(CAST(x ${operator} y AS DOUBLE)) IS NOT FALSE OR NOT isfinite(CAST(x AS DOUBLE)) OR NOT isfinite(CAST(y AS DOUBLE)) THEN ${result} ELSE error(printf('double overflow: %g ${operator} %g', CAST(x AS DOUBLE), CAST(y AS DOUBLE))) END`;
/** A function of FLOAT64s which fails when they are finite and its result is not. */
const finite = (call: string, form: string, ...of: readonly string[]) =>
  `(${of.join(', ')}) AS CASE WHEN isfinite(${call}) IS NOT FALSE OR ${of.map((x) => `NOT isfinite(${x})`).join(' OR ')} THEN ${call} ELSE CAST(error(printf('Floating point error in function: ${form}(${of.map(() => '%g').join(', ')})', ${of.join(', ')})) AS DOUBLE) END`;

/** Macros by which FLOAT64s are as GoogleSQL's: too large is an error, and NaN is unlike anything. */
export const NUMBER_MACROS: Readonly<Record<string, string>> = {
  plus: overflowing('+', 'x + y'),
  difference: overflowing('-', 'bq_minus(x, y)'),
  times: overflowing('*', 'x * y'),
  over: overflowing('/', 'x / y'),
  nan: `(x) AS CASE WHEN ${CLASSES.FLOAT64.test} THEN isnan(CAST(x AS DOUBLE)) ELSE false END`,
  exp: finite('exp(x)', 'EXP', 'x'),
  pow: finite('pow(x, y)', 'POW', 'x', 'y'),
};
