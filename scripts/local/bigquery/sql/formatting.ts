import { invalidQuery, unimplemented } from '../errors.ts';
import { type Arguments, typed } from './arguments.ts';

/** FORMAT with %d, %0Nd, %s, %.Nf and %%. */
export function format(args: Arguments, form: string): string {
  const pattern = args.list[0]?.value;
  if (typeof pattern !== 'string') throw unimplemented(`${form} with a computed format`);
  let used = 1;
  const pieces = pattern.split(/(%(?:%|0?\d*d|s|\.\d+f|[\s\S]?))/).filter((piece) => piece !== '');
  const written = pieces.map((piece) => {
    if (!piece.startsWith('%')) return `'${piece.replaceAll("'", "''")}'`;
    if (piece === '%%') return "'%'";
    if (!/^%(?:(?:0\d+)?d|s|\.\d+f)$/.test(piece)) throw unimplemented(`${form} with the specifier ${piece}`);
    const value = args.list[used++];
    if (!value) throw invalidQuery('Too few arguments to FORMAT for its pattern');
    if (piece === '%s') return `bq_text(${typed(value)})`;
    if (piece.endsWith('d')) return `printf('${piece}', bq_whole(${value.sql}))`;
    return `printf('${piece}', bq_float64(${value.sql}))`;
  });
  if (used !== args.list.length) throw invalidQuery('Too many arguments to FORMAT for its pattern');
  return written.length === 0 ? "''" : `(${written.join(' || ')})`;
}
