import type { Compilation } from './compilation.ts';
import { readOptions } from './definitions.ts';
import { query } from './queries.ts';
import type { Action } from './statements.ts';

/** The options of EXPORT DATA. */
export const EXPORT_OPTIONS: ReadonlySet<string> = new Set([
  'uri',
  'format',
  'overwrite',
  'header',
  'field_delimiter',
  'compression',
]);

/** `EXPORT DATA OPTIONS(…) AS query`. */
export function readExport(c: Compilation): Action {
  const { reader } = c;
  reader.expect('EXPORT');
  if (!reader.accept('DATA')) throw reader.refuse(`EXPORT ${reader.peek().text}`);
  if (reader.is('WITH')) throw reader.refuse('EXPORT DATA WITH CONNECTION');
  const { options } = readOptions(c, EXPORT_OPTIONS);
  reader.expect('AS');
  return { kind: 'EXPORT_DATA', options, sql: query(c) };
}
