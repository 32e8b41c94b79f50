import { mismatchOfJson } from './json.ts';
import { type Avro, branchName, type Field, PRIMITIVES } from './types.ts';

/** A definition that is no schema; its message says where and why. */
export class AvroError extends Error {}

interface Scope {
  readonly namespace: string;
  readonly named: Map<string, Avro>;
}

type Json = Readonly<Record<string, unknown>>;

const NAME = /^[A-Za-z_]\w*$/;
const FULL_NAME = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

/**
 * Reads the definition of an Avro schema.
 * @see https://avro.apache.org/docs/1.11.1/specification/#schema-declaration
 * @throws AvroError
 */
export function parseAvro(definition: string): Avro {
  let json: unknown;
  try {
    json = JSON.parse(definition);
  } catch (error) {
    throw new AvroError(`it is not JSON: ${(error as Error).message}`);
  }
  return typeOf(json, { namespace: '', named: new Map() });
}

function typeOf(json: unknown, scope: Scope): Avro {
  if (typeof json === 'string') return reference(json, scope);
  if (Array.isArray(json)) return union(json, scope);
  if (typeof json !== 'object' || json === null) throw new AvroError(`${JSON.stringify(json)} is no type`);
  const { type } = json as Json;
  if (type === 'record' || type === 'error') return record(json as Json, scope);
  if (type === 'enum') return enumeration(json as Json, scope);
  if (type === 'fixed') return fixed(json as Json, scope);
  if (type === 'array') return { kind: 'array', items: typeOf((json as Json).items, scope) };
  if (type === 'map') return { kind: 'map', values: typeOf((json as Json).values, scope) };
  if (type === undefined) throw new AvroError(`a type is missing in ${JSON.stringify(json)}`);
  return typeOf(type, scope);
}

function reference(name: string, { namespace, named }: Scope): Avro {
  const primitive = PRIMITIVES.find((each) => each === name);
  if (primitive) return { kind: primitive };
  const found = named.get(name.includes('.') || namespace === '' ? name : `${namespace}.${name}`) ?? named.get(name);
  if (!found) throw new AvroError(`the type "${name}" is not defined`);
  return found;
}

function union(json: readonly unknown[], scope: Scope): Avro {
  const branches = json.map((branch) => typeOf(branch, scope));
  if (branches.some(({ kind }) => kind === 'union')) throw new AvroError('a union holds another union');
  const names = branches.map(branchName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new AvroError(`a union holds ${twice} twice`);
  return { kind: 'union', branches };
}

function record(json: Json, scope: Scope): Avro {
  const { name, inner } = declare(json, scope);
  const made: Avro = { kind: 'record', name, fields: [] };
  define(name, made, scope);
  if (!Array.isArray(json.fields)) throw new AvroError(`the record ${name} has no fields`);
  const fields = json.fields.map((field: unknown) => fieldOf(field, name, inner));
  const twice = fields.find((field, index) => fields.findIndex((other) => other.name === field.name) !== index);
  if (twice) throw new AvroError(`the record ${name} has the field ${twice.name} twice`);
  made.fields = fields;
  return made;
}

function fieldOf(json: unknown, record: string, scope: Scope): Field {
  const field = (typeof json === 'object' && json !== null ? json : {}) as Json;
  const { name } = field;
  if (typeof name !== 'string' || !NAME.test(name)) throw new AvroError(`a field of ${record} has no valid name`);
  if (field.type === undefined) throw new AvroError(`the field ${name} of ${record} has no type`);
  const type = typeOf(field.type, scope);
  if (field.default === undefined) return { name, type };
  // The default of a union is one of its first branch.
  const first = type.kind === 'union' ? type.branches[0] : type;
  const mismatch = first && mismatchOfJson(first, field.default, name, { defaults: true });
  if (mismatch) throw new AvroError(`the default of a field of ${record} is not of its type: ${mismatch}`);
  return { name, type };
}

function enumeration(json: Json, scope: Scope): Avro {
  const { name } = declare(json, scope);
  const { symbols } = json;
  const isValid = Array.isArray(symbols) && symbols.every((symbol) => typeof symbol === 'string' && NAME.test(symbol));
  if (!isValid || new Set(symbols).size !== symbols.length) {
    throw new AvroError(`the symbols of the enum ${name} are not a list of different names`);
  }
  if (json.default !== undefined && !symbols.includes(json.default)) {
    throw new AvroError(`the default of the enum ${name} is none of its symbols`);
  }
  return define(name, { kind: 'enum', name, symbols }, scope);
}

function fixed(json: Json, scope: Scope): Avro {
  const { name } = declare(json, scope);
  const { size } = json;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0) {
    throw new AvroError(`the size of the fixed ${name} is not a number of bytes`);
  }
  return define(name, { kind: 'fixed', name, size }, scope);
}

/** The full name of a type, and the scope of what is in it. */
function declare(json: Json, { namespace, named }: Scope): { name: string; inner: Scope } {
  const { name } = json;
  if (typeof name !== 'string' || !FULL_NAME.test(name)) throw new AvroError(`a ${json.type} has no valid name`);
  const own = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : (json.namespace ?? namespace);
  if (typeof own !== 'string' || (own !== '' && !FULL_NAME.test(own))) {
    throw new AvroError(`the namespace of ${name} is not valid`);
  }
  const full = name.includes('.') || own === '' ? name : `${own}.${name}`;
  return { name: full, inner: { namespace: own, named } };
}

function define(name: string, type: Avro, { named }: Scope): Avro {
  if (named.has(name)) throw new AvroError(`the type ${name} is defined twice`);
  named.set(name, type);
  return type;
}
