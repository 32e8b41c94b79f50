import { unimplemented } from '../errors.ts';
import { DUCK_TYPES, type Field } from '../schema.ts';
import type { Compilation } from './compilation.ts';
import { TYPE_NAMES } from './parameters.ts';

/** A type as SQL spells it: a column of it, without a name. */
export type SqlType = Omit<Field, 'name'>;

/** Reads a type: a scalar, `ARRAY<…>` or `STRUCT<name type, …>`. Lengths and precisions are refused. */
export function type(c: Compilation): SqlType {
  const { reader } = c;
  if (reader.accept('ARRAY')) {
    reader.expect('<');
    const element = type(c);
    reader.expect('>');
    if (element.mode === 'REPEATED') throw unimplemented('ARRAY of ARRAY');
    return { ...element, mode: 'REPEATED' };
  }
  if (reader.accept('STRUCT')) return structType(c);
  const token = reader.next();
  const scalar = token.key === 'FLOAT' ? undefined : TYPE_NAMES[token.key];
  if (!scalar) throw unimplemented(`type ${token.text}`);
  if (reader.is('(')) throw unimplemented(`a parameterized ${token.key}`);
  return { type: scalar };
}

/** Reads what follows `STRUCT` in a type: `<name type, …>`. */
export function structType(c: Compilation): SqlType {
  const { reader } = c;
  reader.expect('<');
  const fields = reader.list(() => ({ name: reader.identifier(), ...type(c) }));
  reader.expect('>');
  return { type: 'RECORD', fields };
}

/** The cast macro of a scalar type. */
export function castName({ type: scalar, mode }: SqlType): string {
  const names: Partial<Record<Field['type'], string>> = {
    STRING: 'string',
    BYTES: 'bytes',
    INTEGER: 'int64',
    FLOAT: 'float64',
    BOOLEAN: 'bool',
    DATE: 'date',
    DATETIME: 'datetime',
    TIME: 'time',
    TIMESTAMP: 'timestamp',
    NUMERIC: 'numeric',
  };
  const title = mode === 'REPEATED' ? undefined : names[scalar];
  if (!title) throw unimplemented(`CAST AS ${mode === 'REPEATED' ? 'ARRAY' : scalar}`);
  return title;
}

/** DuckDB's type of a scalar. */
export function scalarType({ type: scalar }: SqlType): string {
  if (scalar === 'RECORD') throw unimplemented('STRUCT here');
  return DUCK_TYPES[scalar];
}
