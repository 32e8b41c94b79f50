import type { Compilation, Reference } from './compilation.ts';
import { from } from './from.ts';

/**
 * The tables of the SELECT that begins: subqueries of its list may ask for the fields of their arrays, but FROM stands
 * behind the list, and is then read twice.
 */
export function tablesAhead(c: Compilation): Reference[] {
  const { reader } = c;
  const position = fromAhead(c);
  if (position === undefined) return [];
  const before = { at: reader.position, references: c.references.length, positional: c.positional };
  c.scope = [];
  reader.rewind(position);
  from(c);
  reader.rewind(before.at);
  c.references.length = before.references;
  c.positional = before.positional;
  return c.scope;
}

/** Behind the FROM of a list in which UNNEST stands. */
function fromAhead({ reader }: Compilation): number | undefined {
  let depth = 0;
  let unnests = false;
  for (let ahead = 0; ; ahead++) {
    const { key, kind } = reader.peek(ahead);
    if (key === '(' || key === '[') depth++;
    if (key === ')' || key === ']') depth--;
    if (kind === 'end' || depth < 0) return undefined;
    if (key === 'UNNEST') unnests = true;
    if (key === 'FROM' && depth === 0 && reader.peek(ahead - 1).key !== 'DISTINCT')
      return unnests ? reader.position + ahead + 1 : undefined;
  }
}

/** The aliases of a SELECT list that are no columns of its tables, when it is known which columns these have. */
export function hiddenOf({ scope, opaque, arrays }: Compilation, aliases: readonly string[]): ReadonlySet<string> {
  if (opaque || arrays || scope.length === 0) return new Set();
  const columns = scope.flatMap(({ source, alias }) => [alias, ...source.fields.map((field) => field.name)]);
  const seen = new Set(columns.map((column) => column.toLowerCase()));
  return new Set(aliases.map((alias) => alias.toLowerCase()).filter((alias) => !seen.has(alias)));
}
