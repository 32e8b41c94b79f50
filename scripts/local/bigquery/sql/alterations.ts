import type { Field } from '../schema.ts';
import type { Compilation } from './compilation.ts';
import { readColumn, readOptions } from './definitions.ts';
import { tablePath } from './from.ts';
import type { Action } from './statements.ts';

/** `ALTER TABLE [IF EXISTS] path {ADD COLUMN [IF NOT EXISTS] column [, …] | SET OPTIONS(…)}`. */
export function readAlter(c: Compilation): Action {
  const { reader } = c;
  reader.expect('ALTER');
  if (!reader.is('TABLE')) throw reader.refuse(`ALTER ${reader.peek().text.toUpperCase()}`);
  reader.expect('TABLE');
  const missingOk = reader.accept('IF', 'EXISTS');
  const target = tablePath(c);
  const head = { kind: 'ALTER_TABLE', target, missingOk } as const;
  if (reader.accept('SET')) {
    if (!reader.is('OPTIONS')) throw reader.refuse(`ALTER TABLE … SET ${reader.peek().text.toUpperCase()}`);
    return { ...head, added: [], set: readOptions(c) };
  }
  return { ...head, added: reader.list(() => addition(c)) };
}

function addition(c: Compilation): { field: Field; ifNotExists: boolean } {
  const { reader } = c;
  if (!reader.accept('ADD', 'COLUMN')) {
    throw reader.refuse(`ALTER TABLE … ${reader.peek().text.toUpperCase()} ${reader.peek(1).text.toUpperCase()}`);
  }
  return { ifNotExists: reader.accept('IF', 'NOT', 'EXISTS'), field: readColumn(c) };
}
