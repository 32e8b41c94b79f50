/** What is wrong with a CSV text, and in which of its lines (from 1). */
export interface CsvProblem {
  readonly message: string;
  readonly line: number;
}

/**
 * Reads CSV (RFC 4180) with a header line into one object a row; all values are texts. Empty lines are left out. More
 * than 10 000 rows or 1000 columns are a problem.
 */
export function parseCsv(text: string): { rows: Record<string, string>[] } | { problem: CsvProblem } {
  const scanned = scan(text);
  if (!Array.isArray(scanned)) return { problem: scanned };
  const [header, ...body] = scanned;
  if (!header) return { problem: { message: 'the CSV is empty', line: 1 } };
  const names = header.cells.map((name) => name.trim());
  if (names.length === 1 && /[;\t]/.test(names[0] ?? '')) {
    const other = names[0]?.includes(';') ? 'semicolons' : 'tabs';
    return { problem: { message: `values are separated by commas, not by ${other}`, line: header.line } };
  }
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined || names.includes('')) {
    const message = twice === undefined ? 'a column has no name' : `the column '${twice}' stands twice`;
    return { problem: { message, line: header.line } };
  }
  const odd = body.find(({ cells }) => cells.length !== names.length);
  if (odd) {
    const message = `the row has ${odd.cells.length} values for ${names.length} columns`;
    return { problem: { message, line: odd.line } };
  }
  return { rows: body.map(({ cells }) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))) };
}

/** A run has at most so many sessions, and each row is one at least. */
export const MOST_ROWS = 10_000;
const MOST_COLUMNS = 1000;

interface Row {
  readonly cells: string[];
  readonly line: number;
}

const bare = /[^",\r\n]*/y;
const ending = /[ \t]*(,|\r?\n|\r|$)/y;

function scan(text: string): Row[] | CsvProblem {
  const rows: Row[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowLine = 1;
  for (let at = 0; at <= text.length; at = ending.lastIndex) {
    const found = text[at] === '"' ? quoted(text, at) : unquoted(text, at);
    ending.lastIndex = found?.end ?? 0;
    const [, end] = (found && ending.exec(text)) ?? [];
    if (!found || end === undefined) return { message: 'a quotation mark stands alone', line };
    cells.push(found.value);
    line += linesIn(text.slice(at, ending.lastIndex));
    if (cells.length > MOST_COLUMNS) return { message: `a row has more than ${MOST_COLUMNS} values`, line: rowLine };
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') rows.push({ cells, line: rowLine });
    if (rows.length > MOST_ROWS + 1) return { message: `there are more than ${MOST_ROWS} rows`, line: rowLine };
    cells = [];
    rowLine = line;
    if (end === '') break;
  }
  return rows;
}

interface Cell {
  readonly value: string;
  /** Where what follows it begins. */
  readonly end: number;
}

/** Undefined when it is not closed. Without a regular expression, which would need a stack as deep as the cell is long. */
function quoted(text: string, at: number): Cell | undefined {
  let close = text.indexOf('"', at + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  return close < 0 ? undefined : { value: text.slice(at + 1, close).replaceAll('""', '"'), end: close + 1 };
}

function unquoted(text: string, at: number): Cell {
  bare.lastIndex = at;
  const value = bare.exec(text)?.[0] ?? '';
  return { value: value.trim(), end: at + value.length };
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
