import { type Avro, branchName } from './types.ts';

interface JsonOptions {
  /** Defaults say the value of a union without the name of its branch, and leave out what has a default itself. */
  readonly defaults?: boolean;
}

const INT = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const LONG = { least: -(2 ** 63), most: 2 ** 63 };

/**
 * Why a value is not of a type in Avro's JSON encoding: `name: 1 is no string`; undefined when it is. Every field is there
 * and no other, and unions name their branch.
 * @see https://avro.apache.org/docs/1.11.1/specification/#json-encoding
 * @param path of the value, for the reason.
 */
export function mismatchOfJson(
  type: Avro,
  value: unknown,
  path: string,
  options: JsonOptions = {},
): string | undefined {
  const wrong = (what: string) => `${path || 'the message'}: ${shortened(value)} is ${what}`;
  switch (type.kind) {
    case 'null':
      return value === null ? undefined : wrong('not null');
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrong('no boolean');
    case 'int':
    case 'long': {
      const { least, most } = type.kind === 'int' ? INT : LONG;
      return Number.isInteger(value) && Number(value) >= least && Number(value) <= most
        ? undefined
        : wrong(`no ${type.kind}`);
    }
    case 'float':
    case 'double':
      return typeof value === 'number' ? undefined : wrong(`no ${type.kind}`);
    case 'string':
      return typeof value === 'string' ? undefined : wrong('no string');
    case 'bytes':
      return isBytes(value) ? undefined : wrong('no bytes: a text of characters up to U+00FF');
    case 'fixed':
      return isBytes(value) && value.length === type.size ? undefined : wrong(`no ${type.name} of ${type.size} bytes`);
    case 'enum':
      return type.symbols.includes(value as string) ? undefined : wrong(`no symbol of ${type.name}`);
    case 'array':
      if (!Array.isArray(value)) return wrong('no array');
      return first(value.entries(), ([index, item]) => mismatchOfJson(type.items, item, `${path}[${index}]`, options));
    case 'map':
      if (!isObject(value)) return wrong('no map');
      return first(Object.entries(value), ([key, item]) => mismatchOfJson(type.values, item, join(path, key), options));
    case 'union':
      return ofUnion(type, value, path, options) ?? undefined;
    case 'record':
      return isObject(value) ? ofRecord(type, value, path, options) : wrong(`no record ${type.name}`);
  }
}

function ofUnion(
  { branches }: Extract<Avro, { kind: 'union' }>,
  value: unknown,
  path: string,
  options: JsonOptions,
): string | undefined {
  if (options.defaults) {
    const [one] = branches;
    return one && mismatchOfJson(one, value, path, options);
  }
  const names = branches.map(branchName);
  const none = `${path || 'the message'}: ${shortened(value)} names no branch of its union (${names.join(', ')})`;
  if (value === null) return names.includes('null') ? undefined : none;
  const [entry, ...more] = isObject(value) ? Object.entries(value) : [];
  const branch = entry && branches.find((each) => each.kind !== 'null' && branchName(each) === entry[0]);
  if (!entry || !branch || more.length > 0) return none;
  return mismatchOfJson(branch, entry[1], path, options);
}

function ofRecord(
  { name, fields }: Extract<Avro, { kind: 'record' }>,
  value: Readonly<Record<string, unknown>>,
  path: string,
  options: JsonOptions,
): string | undefined {
  const unknown = Object.keys(value).find((key) => !fields.some((field) => field.name === key));
  if (unknown !== undefined) return `${path || 'the message'}: ${name} has no field ${unknown}`;
  return first(fields, (field) => {
    if (Object.hasOwn(value, field.name)) {
      return mismatchOfJson(field.type, value[field.name], join(path, field.name), options);
    }
    return options.defaults ? undefined : `${join(path, field.name)}: it is missing`;
  });
}

function first<T>(items: Iterable<T>, mismatch: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = mismatch(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBytes(value: unknown): value is string {
  return typeof value === 'string' && [...value].every((character) => (character.codePointAt(0) ?? 0) <= 0xff);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
