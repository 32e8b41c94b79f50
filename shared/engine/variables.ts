import { nearest } from '../../schemas/problems.ts';
import type { VariableStore } from './step-context.ts';
import { StepError } from './step-error.ts';

/** Where values come from. */
export interface VariableSources {
  readonly variables: VariableStore;
  /** The environment given to the run: `${ENV:NAME}`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** A session's variables, in memory. */
export function variableStore(
  initial: Readonly<Record<string, unknown>>,
): VariableStore & { all(): Record<string, unknown> } {
  const values = new Map<string, unknown>(Object.entries(initial));
  return {
    has: (name) => values.has(name),
    get: (name) => {
      if (values.has(name)) return values.get(name);
      throw unknown(name, [...values.keys()], 'variable');
    },
    set: (name, value) => void values.set(name, value),
    delete: (name) => void values.delete(name),
    names: () => [...values.keys()],
    all: () => Object.fromEntries(values),
  };
}

const anywhere = /\{\{\s*([^{}]+?)\s*\}\}|\$\{ENV:([^}]+)\}/g;
const inText = new RegExp(`${anywhere.source}|\\$([A-Za-z_]\\w*)`, 'g');

/**
 * Fills in the variables of a text: `{{name}}`, `{{object.key}}`, `$name`, `${ENV:NAME}`, `{{timestamp}}` (ms since the
 * epoch), `{{uuid}}`, `{{random.int(1,10)}}` (both ends included). A text that is one variable and nothing else gives
 * its value as it is. A dollar sign inside a text is a variable only when there is one of that name: prices are text too.
 * What is filled in is not read again: a value may hold braces and dollars of its own.
 * @throws StepError unknown-variable.
 */
export function fillIn(given: string, sources: VariableSources): unknown {
  const whole = /^\$([A-Za-z_][\w]*)((?:\.[\w-]+)*)$/.exec(given);
  if (whole) return read(`${whole[1]}${whole[2]}`, sources);
  const only = /^\{\{\s*([^{}]+?)\s*\}\}$/.exec(given);
  if (only) return read(only[1] ?? '', sources);
  return given.replace(inText, (all, name?: string, env?: string, dollar?: string) => {
    if (env !== undefined) return readEnvironment(env, sources);
    if (dollar === undefined) return asText(read(name ?? '', sources));
    return sources.variables.has(dollar) ? asText(sources.variables.get(dollar)) : all;
  });
}

/** As `fillIn`, but leaves alone what is no known variable: scripts have braces and dollars of their own. */
export function fillInScript(given: string, sources: VariableSources): string {
  return given.replace(anywhere, (all, name: string | undefined, env: string | undefined) => {
    if (env !== undefined) return readEnvironment(env, sources);
    return sources.variables.has((name ?? '').split('.')[0] ?? '') ? asText(read(name ?? '', sources)) : all;
  });
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function read(expression: string, sources: VariableSources): unknown {
  const [name = '', ...path] = expression.replace(/^\$/, '').split('.');
  if (sources.variables.has(name)) return walk(sources.variables.get(name), path, expression);
  if (sources.variables.has(expression)) return sources.variables.get(expression);
  const made = make(expression, sources);
  if (made !== undefined) return made;
  throw unknown(name, [...sources.variables.names(), 'timestamp', 'uuid'], 'variable');
}

function walk(value: unknown, path: readonly string[], expression: string): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) {
      const keys = typeof at === 'object' && at !== null ? Object.keys(at) : [];
      throw unknown(
        expression,
        keys.map((known) => expression.replace(key, known)),
        'variable',
      );
    }
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function make(expression: string, { now, random }: VariableSources): string | number | undefined {
  if (expression === 'timestamp') return now();
  if (expression === 'uuid') return uuid(random);
  const range = /^random\.int\(\s*(-?\d+)\s*,\s*(-?\d+)\s*\)$/.exec(expression);
  if (!range) return undefined;
  const [low, high] = [Number(range[1]), Number(range[2])].sort((a, b) => a - b) as [number, number];
  return low + Math.floor(random() * (high - low + 1));
}

/** RFC 9562, version 4. */
function uuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
    const digit = Math.floor(random() * 16);
    return (place === 'x' ? digit : (digit % 4) + 8).toString(16);
  });
}

function readEnvironment(name: string, { environment }: VariableSources): string {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value !== undefined) return value;
  throw unknown(name, Object.keys(environment), 'environment variable');
}

function unknown(name: string, known: readonly string[], kind: string): StepError {
  const near = nearest(name, known);
  const hint = near
    ? `Did you mean '${near}'?`
    : known.length > 0
      ? `Known: ${known.slice(0, 20).join(', ')}.`
      : 'None is set.';
  return new StepError('unknown-variable', `there is no ${kind} '${name}'`, { hint });
}
