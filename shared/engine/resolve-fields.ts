import type { Step } from '../../schemas/step.ts';
import type { Command } from '../define/command.ts';
import { StepError } from './step-error.ts';
import { fillIn, fillInScript, type VariableSources } from './variables.ts';

interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Steps and conditions have their turn later. */
  readonly holds?: string;
}

/**
 * A command's own fields with their variables filled in, numbers and booleans as such. Names of variables to store in
 * are names, not values.
 * @throws StepError unknown-variable, invalid-value.
 */
export function resolveFields(command: Command, step: Step, sources: VariableSources): Record<string, unknown> {
  const schemas = command.fields.properties as Record<string, FieldSchema>;
  const resolved: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const given = step[name];
    if (given === undefined) continue;
    if (schema.holds !== undefined || name === 'variable' || (name === 'name' && command.name === 'assert.variable'))
      resolved[name] = given;
    else if (name === 'script') resolved[name] = fillInScript(String(given), sources);
    else resolved[name] = asWanted(name, fill(given, sources), schema);
  }
  return resolved;
}

/** A value with the variables in all its texts filled in. @throws StepError unknown-variable. */
export function fill(given: unknown, sources: VariableSources): unknown {
  if (typeof given === 'string') return fillIn(given, sources);
  if (Array.isArray(given)) return given.map((item) => fill(item, sources));
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, fill(value, sources)]));
}

/** Makes a filled-in value what the field wants. */
function asWanted(name: string, value: unknown, schema: FieldSchema): unknown {
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return value;
  if (types.includes('integer') || (types.includes('number') && !types.includes('boolean')))
    return asNumber(name, value, schema, types);
  if (types.includes('boolean') && !types.includes('number')) return asBoolean(name, value);
  if (types.includes('object') || types.includes('array')) return typeof value === 'number' ? String(value) : value;
  if (types.length > 1) return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? '');
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  if (schema.enum && !schema.enum.includes(text)) throw invalid(name, value, `one of ${schema.enum.join(', ')}`);
  return text;
}

function asNumber(name: string, value: unknown, { minimum, maximum }: FieldSchema, types: readonly string[]): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const fits =
    typeof number === 'number' && Number.isFinite(number) && (!types.includes('integer') || Number.isInteger(number));
  if (!fits) throw invalid(name, value, types.includes('integer') ? 'a whole number' : 'a number');
  if (minimum !== undefined && number < minimum) throw invalid(name, value, `at least ${minimum}`);
  if (maximum !== undefined && number > maximum) throw invalid(name, value, `at most ${maximum}`);
  return number;
}

function asBoolean(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(name, value, 'true or false');
}

function invalid(name: string, value: unknown, wanted: string): StepError {
  return new StepError('invalid-value', `the field '${name}' is ${JSON.stringify(value)}, but must be ${wanted}`, {
    hint: 'If it comes from a variable, look at what was stored in it.',
  });
}
