import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import type { Static, TSchema } from 'typebox';
import { type Problem, toProblems } from './problems.ts';

export type { Problem } from './problems.ts';

/**
 * A JSON Schema with a name, and its check. Modules of `schemas/` (and files named `contracts.ts`) export nothing but
 * contracts, plain data and types: the build replaces them by validators compiled ahead, so that neither ajv nor
 * typebox is in a bundle.
 */
export interface Contract<S extends TSchema = TSchema> {
  readonly name: string;
  readonly schema: S;
  /** True when the value fits. */
  accepts(value: unknown): value is Static<S>;
  /** What is wrong with the value; empty when it fits. */
  problems(value: unknown): Problem[];
}

/** The type of the values that a contract accepts. */
export type Of<C> = C extends Contract<infer S> ? Static<S> : never;

/** What ajv is told, at run time in tests and ahead of time in the build. */
export const ajvOptions = { allErrors: true, strict: false, allowUnionTypes: true, verbose: false } as const;

/**
 * Declares a contract.
 * @param name the schema's `$id`: kebab-case, unique among the contracts.
 */
export function contract<S extends TSchema>(name: string, schema: S): Contract<S> {
  let compiled: ValidateFunction | undefined;
  const validate = (value: unknown): boolean => {
    compiled ??= ajv().compile(schema);
    return compiled(value) as boolean;
  };
  return {
    name,
    schema,
    accepts: (value): value is Static<S> => validate(value),
    problems: (value) => (validate(value) ? [] : toProblems(compiled?.errors ?? [], schema)),
  };
}

const require = createRequire(import.meta.url);
let shared: Ajv | undefined;

/**
 * One for all contracts, loaded by the first that is checked. The build checks the schemas themselves and makes their
 * code short, both of which takes ajv longer than it saves who checks a few values.
 */
function ajv(): Ajv {
  if (shared) return shared;
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { default: formats } = require('ajv-formats') as { default: (ajv: Ajv) => void };
  shared = new Ajv({ ...ajvOptions, validateSchema: false, meta: false, code: { optimize: false } });
  formats(shared);
  return shared;
}
