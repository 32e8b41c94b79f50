import { findCommand } from '../commands/index.ts';
import { type Located, plain } from './located.ts';
import { fold } from './suit-shape.ts';

interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Steps or a condition: no value of their own. */
  readonly holds?: string;
}

interface FieldsSchema {
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required: readonly string[];
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
}

const none: FieldsSchema = { properties: {}, required: [] };

/** The schema of a command's own fields, as plain data. */
export function schemaOf(command: string): FieldsSchema {
  return (findCommand(command)?.fields as unknown as FieldsSchema | undefined) ?? none;
}

/** Where `value` of a step belongs, where the command has no field of that name: the first of these that it has. */
const valueNames = 'value text url key option durationMs pattern script message name timeoutMs'.split(' ');

/** The field that the value of a step is for: `url` of navigate.to, `text` of interact.write. */
export function valueFieldOf(command: string): string | undefined {
  const { properties, required, oneOf = [] } = schemaOf(command);
  const needed = [...required, ...oneOf.flatMap((alternative) => alternative.required)];
  return valueNames.find((name) => needed.includes(name)) ?? valueNames.find((name) => Object.hasOwn(properties, name));
}

/** True for what is handed on to programs as JSON: numbers in it are numbers, however they are written. */
export const isJson = (command: string, field: string): boolean =>
  (command === 'api.request' && field === 'body') || (command === 'misc.execute' && field === 'args');

/** The field that a key means: its own name, in any spelling, with or without the unit (`new_tab`, `delay`). */
export function fieldNamed(command: string, key: string): string | undefined {
  const word = fold(key);
  const names = Object.keys(schemaOf(command).properties);
  return names.find((name) => name === key) ?? names.find((name) => [word, `${word}-ms`].includes(fold(name)));
}

/** True for fields that take any text: they get a number as it is written (`1.10`), the others its value. */
export function takesText({ type, pattern }: FieldSchema): boolean {
  return type !== undefined && [type].flat().includes('string') && pattern === undefined;
}

/** A value as the field wants it: `500` in quotes is a number where a number belongs. */
export function valueFor(command: string, field: string, value: Located): unknown {
  const schema = schemaOf(command).properties[field] ?? {};
  if (value.kind !== 'scalar' || value.value === null) return plain(value);
  const types = [schema.type ?? []].flat();
  if (takesText(schema) && !types.includes('number')) return value.written;
  if (types.length === 0 || takesText(schema)) return plain(value);
  if (typeof value.value !== 'string') return value.value;
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+(?:\.\d+)?$/.test(value.value))
    return Number(value.value);
  if (types.includes('boolean') && /^(?:true|false)$/.test(value.value)) return value.value === 'true';
  return value.value;
}
