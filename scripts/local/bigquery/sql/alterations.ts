import type { Compilation } from './compilation.ts';
import { readColumn, readOptions } from './definitions.ts';
import { tablePath } from './from.ts';
import type { Action, Alteration } from './statements.ts';

/** `ALTER TABLE [IF EXISTS] path` and what is done: see `Alteration`. */
export function readAlter(c: Compilation): Action {
  const { reader } = c;
  reader.expect('ALTER');
  if (!reader.is('TABLE')) throw reader.refuse(`ALTER ${reader.peek().text.toUpperCase()}`);
  reader.expect('TABLE');
  const missingOk = reader.accept('IF', 'EXISTS');
  const target = tablePath(c);
  return { kind: 'ALTER_TABLE', target, missingOk, alterations: reader.list(() => alteration(c)) };
}

function alteration(c: Compilation): Alteration {
  const { reader } = c;
  if (reader.accept('SET')) {
    if (!reader.is('OPTIONS')) throw reader.refuse(`ALTER TABLE … SET ${reader.peek().text.toUpperCase()}`);
    return { kind: 'set', options: readOptions(c) };
  }
  if (reader.accept('ADD', 'COLUMN')) {
    return { kind: 'add', ifNotExists: reader.accept('IF', 'NOT', 'EXISTS'), field: readColumn(c) };
  }
  if (reader.accept('RENAME', 'TO')) return { kind: 'rename', to: reader.identifier() };
  if (reader.accept('ALTER', 'COLUMN')) return columnAlteration(c);
  throw reader.refuse(`ALTER TABLE … ${reader.peek().text.toUpperCase()} ${reader.peek(1).text.toUpperCase()}`);
}

function columnAlteration(c: Compilation): Alteration {
  const { reader } = c;
  const missingOk = reader.accept('IF', 'EXISTS');
  const column = reader.identifier();
  const head = { kind: 'column', column, missingOk } as const;
  if (reader.accept('DROP', 'NOT', 'NULL')) return { ...head, nullable: true };
  reader.expect('SET');
  if (!reader.is('OPTIONS')) throw reader.refuse(`ALTER COLUMN … SET ${reader.peek().text.toUpperCase()}`);
  const { description } = readOptions(c).options;
  return { ...head, description: typeof description === 'string' ? description : '' };
}
