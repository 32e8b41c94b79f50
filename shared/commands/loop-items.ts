import { StepError } from '../engine/step-error.ts';

/** A loop takes no more items than this. */
const MOST_ITEMS = 1000;

/**
 * What a loop runs for: the items of its list or the rows of its table, or the numbers from 1; undefined when a
 * condition decides.
 * @throws StepError invalid-value.
 */
export function itemsOf({
  times,
  over,
  max,
}: {
  times?: number;
  over?: unknown;
  max?: number;
}): readonly unknown[] | undefined {
  if (times !== undefined) return Array.from({ length: times }, (_, at) => at + 1);
  if (over === undefined) return undefined;
  const items = listOf(typeof over === 'string' ? parsed(over) : over);
  if (!items) {
    const found = over === null ? 'nothing' : Array.isArray(over) ? 'a list' : `${typeof over}`;
    throw new StepError('invalid-value', `a loop runs over a list or a table, not over ${found}`, {
      hint: 'Store a list in the variable, or write the items: over: [a, b].',
    });
  }
  if (items.length <= MOST_ITEMS || max !== undefined) return items;
  throw new StepError('invalid-value', `the list has ${items.length} items; a loop runs at most ${MOST_ITEMS} times`, {
    hint: `Set max to take the first ones only, or split the list.`,
  });
}

/** The items of a list; of a table `{columns, rows}` its rows as objects. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { columns, rows } = value as { columns?: unknown; rows?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined;
  return rows.map((row: unknown) =>
    Array.isArray(row) ? Object.fromEntries(columns.map((column, at) => [String(column), row[at] ?? null])) : row,
  );
}

/** Values that came from a page or a request may be JSON texts. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
