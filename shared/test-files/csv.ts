/** What is wrong with a CSV text, and in which of its lines (from 1). */
export interface CsvProblem {
  readonly message: string;
  readonly line: number;
}

/**
 * Reads CSV (RFC 4180) with a header line into one object a row; all values are texts. Empty lines are left out.
 */
export function parseCsv(text: string): { rows: Record<string, string>[] } | { problem: CsvProblem } {
  const scanned = scan(text);
  if (!Array.isArray(scanned)) return { problem: scanned };
  const [header, ...body] = scanned;
  if (!header) return { problem: { message: 'the CSV is empty', line: 1 } };
  const names = header.cells.map((name) => name.trim());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
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

interface Row {
  readonly cells: string[];
  readonly line: number;
}

const cell = /(?:"((?:[^"]|"")*)"[ \t]*|([^",\r\n]*))(,|\r?\n|\r|$)/y;

function scan(text: string): Row[] | CsvProblem {
  const rows: Row[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowLine = 1;
  for (let at = 0; at <= text.length; at = cell.lastIndex) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (!found) return { message: 'a quotation mark stands alone', line };
    const [all, quoted, bare = '', end] = found;
    cells.push(quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'));
    line += all.split('\n').length - 1;
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') rows.push({ cells, line: rowLine });
    cells = [];
    rowLine = line;
    if (end === '') break;
  }
  return rows;
}
