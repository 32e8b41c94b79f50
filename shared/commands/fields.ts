import type { TObject, TOptional, TProperties, TUnsafe } from 'typebox';
import type { Condition } from '../../schemas/condition.ts';
import type { Step } from '../../schemas/step.ts';
import { targetSchema } from '../../schemas/target.ts';
import type { Target } from '../engine/target.ts';

/**
 * The schemas of commands' fields, as plain JSON Schema. Commands are part of every bundle that runs steps, so they
 * use typebox for types only. A field that is no text also takes a variable (`{{limit}}`, `$limit`): steps are
 * written before values are known. The command sees the value.
 */
export type Field<T> = TUnsafe<T>;

const variable = '^(?:\\$[A-Za-z_]\\w*|\\$\\{ENV:[^}]+\\}|.*\\{\\{.+\\}\\}.*)$';

/** typebox marks its types with properties that exist at compile time only. */
function field<T>(schema: object): Field<T> {
  return schema as Field<T>;
}

interface NumberLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
}

export function text(description: string, limits: { minLength?: number; default?: string } = {}): Field<string> {
  return field({ type: 'string', description, ...limits });
}

export function integer(description: string, limits: NumberLimits = {}): Field<number> {
  return field({ type: ['integer', 'string'], pattern: variable, description, ...limits });
}

export function number(description: string, limits: NumberLimits = {}): Field<number> {
  return field({ type: ['number', 'string'], pattern: variable, description, ...limits });
}

export function flag(description: string, byDefault: boolean): Field<boolean> {
  return field({
    type: ['boolean', 'string'],
    pattern: variable,
    description,
    default: byDefault,
  });
}

/** Text, a number or a boolean, compared as text. */
export function scalar(description: string): Field<string | number | boolean> {
  return field({ type: ['string', 'number', 'boolean'], description });
}

export function anything(description: string): Field<unknown> {
  return field({ description });
}

export function choice<const T extends string>(description: string, values: readonly T[], byDefault?: T): Field<T> {
  return field({
    type: 'string',
    enum: values,
    description,
    ...(byDefault ? { default: byDefault } : {}),
  });
}

export function choices<const T extends string>(description: string, values: readonly T[]): Field<T[]> {
  return field({
    type: 'array',
    items: { type: 'string', enum: values },
    uniqueItems: true,
    description,
  });
}

/** An element: see `engine/target.ts`. */
export function element(description: string): Field<Target> {
  return field({ ...targetSchema, description });
}

/** A condition, which is looked at when the step runs, not before. */
export function condition(description: string): Field<Condition> {
  return field({ type: 'object', holds: 'condition', description });
}

/** Steps inside the step. */
export function steps(description: string, limits: { minItems?: number } = {}): Field<Step[]> {
  return field({ type: 'array', items: { type: 'object' }, holds: 'steps', description, ...limits });
}

/** The target of most commands. */
export const target = element(
  'The element: visible words, a selector, @testid, /regex/, ~part of its text or a strategy.',
);

export const positions = [
  'TOP_LEFT',
  'TOP_CENTER',
  'TOP_RIGHT',
  'CENTER_LEFT',
  'CENTER',
  'CENTER_RIGHT',
  'BOTTOM_LEFT',
  'BOTTOM_CENTER',
  'BOTTOM_RIGHT',
] as const;
export type Position = (typeof positions)[number];
export const position = choice('Where on the element.', positions, 'CENTER');
export const button = choice('Mouse button.', ['left', 'right', 'middle'], 'left');
export const modifiers = choices('Keys held down meanwhile.', ['ctrl', 'shift', 'alt', 'meta']);
export const pattern = text('A regular expression, with or without slashes: ^Hello or /^hello/i.', { minLength: 1 });
export const variableName = text('Name of the variable.', { minLength: 1 });

/** The name of a variable that the step makes: a name, not a value. */
export function newName(description: string): Field<string> {
  return field({ type: 'string', minLength: 1, holds: 'name', description });
}

/** Names and values. */
export function mapping(description: string): Field<Record<string, unknown>> {
  return field({ type: 'object', description });
}

/** A list or a table, or a variable that holds one. */
export function listOrTable(description: string): Field<unknown> {
  return field({ type: ['array', 'object', 'string'], minLength: 1, description });
}

type Optional<P extends TProperties> = { [K in keyof P]: TOptional<P[K]> };

/**
 * The object schema of a command's fields.
 * @param exactlyOne names of optional fields of which one must be given, and no second.
 * @param atLeastOne names of optional fields of which one must be given.
 */
export function fields<R extends TProperties, O extends TProperties = Record<never, never>>(
  required: R,
  optional?: O,
  exactlyOne: readonly (keyof O & string)[] = [],
  atLeastOne: readonly (keyof O & string)[] = [],
): TObject<R & Optional<O>> {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    ...(exactlyOne.length > 0 ? { oneOf: exactlyOne.map((name) => ({ required: [name] })) } : {}),
    ...(atLeastOne.length > 0 ? { anyOf: atLeastOne.map((name) => ({ required: [name] })) } : {}),
    additionalProperties: false,
  } as unknown as TObject<R & Optional<O>>;
}
