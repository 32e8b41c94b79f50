import { invalidQuery, unimplemented } from '../errors.ts';
import type { Field } from '../schema.ts';
import type { Compilation } from './compilation.ts';
import { expression } from './expressions.ts';
import { tablePath } from './from.ts';
import { query } from './queries.ts';
import { readCreateSchema, readDropSchema } from './schemas.ts';
import type { Action, Layout, Partitioning } from './statements.ts';
import { type } from './types.ts';

/** `CREATE [OR REPLACE] {TABLE | SNAPSHOT TABLE | VIEW | SCHEMA} [IF NOT EXISTS] …`. */
export function readCreate(c: Compilation): Action {
  const { reader } = c;
  reader.expect('CREATE');
  const replace = reader.accept('OR', 'REPLACE');
  const snapshot = reader.accept('SNAPSHOT');
  const what = reader.next().key;
  if (what === 'SCHEMA' && !replace && !snapshot) return readCreateSchema(c);
  if (what !== 'TABLE' && !(what === 'VIEW' && !snapshot)) throw reader.refuse(`CREATE ${what}`);
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  if (replace && ifNotExists) throw invalidQuery('CREATE cannot have both OR REPLACE and IF NOT EXISTS');
  const target = tablePath(c);
  const head = { target, replace, ifNotExists };
  if (what === 'VIEW') return readView(c, head);
  if (snapshot || reader.is('CLONE') || reader.is('COPY')) {
    const copies = !snapshot && reader.accept('COPY');
    if (!copies) reader.expect('CLONE');
    const source = tablePath(c);
    if (reader.is('FOR')) throw reader.refuse('FOR SYSTEM_TIME AS OF');
    return {
      kind: snapshot ? 'CREATE_SNAPSHOT_TABLE' : 'CREATE_TABLE_CLONE',
      ...head,
      source,
      copies,
      layout: layout(c),
    };
  }
  if (reader.accept('LIKE')) {
    const like = tablePath(c);
    const laid = layout(c);
    if (reader.is('AS')) throw reader.refuse('CREATE TABLE … LIKE … AS');
    return { kind: 'CREATE_TABLE', ...head, like, layout: laid };
  }
  const fields = reader.is('(') ? columns(c) : undefined;
  const laid = layout(c);
  const optional = fields ? { fields } : {};
  if (reader.accept('AS')) {
    return { kind: 'CREATE_TABLE_AS_SELECT', ...head, layout: laid, ...optional, sql: query(c) };
  }
  if (!fields) throw reader.unexpected('a list of columns or AS');
  return { kind: 'CREATE_TABLE', ...head, layout: laid, fields };
}

function readView(c: Compilation, head: { target: string[]; replace: boolean; ifNotExists: boolean }): Action {
  const { reader } = c;
  if (reader.is('(')) throw reader.refuse('a column list in CREATE VIEW');
  const laid = layout(c);
  reader.expect('AS');
  const start = reader.peek().start;
  const sql = query(c);
  return { kind: 'CREATE_VIEW', ...head, layout: laid, query: reader.text(start), sql };
}

function columns(c: Compilation): Field[] {
  const { reader } = c;
  reader.expect('(');
  const list = reader.list(() => readColumn(c));
  reader.expect(')');
  return list;
}

/** A column of CREATE TABLE or ADD COLUMN: `name type [NOT NULL] [OPTIONS(…)]`. */
export function readColumn(c: Compilation): Field {
  const { reader } = c;
  const title = reader.identifier();
  const of = type(c);
  const required = reader.accept('NOT', 'NULL');
  if (required && of.mode) throw invalidQuery(`Column ${title} of type ARRAY cannot be NOT NULL`);
  const description = reader.is('OPTIONS') ? readOptions(c).options.description : undefined;
  if (reader.is('DEFAULT')) throw reader.refuse('DEFAULT of a column');
  return {
    name: title,
    ...of,
    ...(required ? { mode: 'REQUIRED' as const } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  };
}

/** `[PARTITION BY …] [CLUSTER BY …] [OPTIONS(…)]`. */
function layout(c: Compilation): Layout {
  const { reader } = c;
  const partitioning = reader.accept('PARTITION', 'BY') ? partition(c) : undefined;
  let clustering: string[] | undefined;
  if (reader.is('CLUSTER')) {
    reader.expect('CLUSTER', 'BY');
    clustering = reader.list(() => reader.identifier());
  }
  const given = reader.is('OPTIONS') ? readOptions(c) : { options: {} };
  return { ...given, ...(partitioning ? { partitioning } : {}), ...(clustering ? { clustering } : {}) };
}

const PARTITION_TYPES = new Set(['HOUR', 'DAY', 'MONTH', 'YEAR']);

/** `column`, `DATE(column)`, `{DATE | TIMESTAMP | DATETIME}_TRUNC(column, unit)`, or a range. */
function partition(c: Compilation): Partitioning {
  const { reader } = c;
  const first = reader.next();
  if (!reader.accept('(')) return { field: first.text, type: 'DAY' };
  if (first.key === 'RANGE_BUCKET') return range(c);
  if (!['DATE', 'DATE_TRUNC', 'TIMESTAMP_TRUNC', 'DATETIME_TRUNC'].includes(first.key)) {
    throw unimplemented(`PARTITION BY ${first.text}`);
  }
  const field = reader.identifier();
  const unit = reader.accept(',') ? reader.next().key : 'DAY';
  if (!PARTITION_TYPES.has(unit)) throw unimplemented(`PARTITION BY ${first.text} to ${unit}`);
  reader.expect(')');
  return { field, type: unit };
}

/** What follows `RANGE_BUCKET(`: `column, GENERATE_ARRAY(start, end[, interval]))`. */
function range(c: Compilation): Partitioning {
  const { reader } = c;
  const field = reader.identifier();
  reader.expect(',', 'GENERATE_ARRAY', '(');
  const [start, end, interval = '1', ...more] = reader.list(() => {
    const { value } = expression(c);
    if (typeof value !== 'number') throw invalidQuery('The bounds of a range of partitions are constant whole numbers');
    return String(value);
  });
  if (!start || !end || more.length > 0) throw reader.unexpected('a start, an end and an interval');
  reader.expect(')', ')');
  return { field, range: { start, end, interval } };
}

/** The options of a table or a view. */
export const TABLE_OPTIONS: ReadonlySet<string> = new Set([
  'description',
  'friendly_name',
  'expiration_timestamp',
  'partition_expiration_days',
  'require_partition_filter',
  'labels',
]);

/** Reads `OPTIONS(name = value, …)`, by default of a table. */
export function readOptions(c: Compilation, known = TABLE_OPTIONS): Pick<Layout, 'options' | 'labels'> {
  const { reader } = c;
  reader.expect('OPTIONS', '(');
  const found: Record<string, string | number | boolean | null> = {};
  let labels: Record<string, string> | undefined;
  if (!reader.is(')')) {
    reader.list(() => {
      const title = reader.identifier().toLowerCase();
      if (!known.has(title)) throw unimplemented(`the option ${title}`);
      reader.expect('=');
      if (title === 'labels') labels = readLabels(c);
      else found[title] = constant(c, title);
    });
  }
  reader.expect(')');
  return { options: found, ...(labels ? { labels } : {}) };
}

function readLabels(c: Compilation): Record<string, string> {
  const { reader } = c;
  reader.expect('[');
  const labels: Record<string, string> = {};
  if (!reader.is(']')) {
    reader.list(() => {
      reader.expect('(');
      const label = reader.next().text;
      reader.expect(',');
      labels[label] = reader.next().text;
      reader.expect(')');
    });
  }
  reader.expect(']');
  return labels;
}

/** The value of an option. A timestamp is kept as SQL of DuckDB, to be worked out when the statement runs. */
function constant(c: Compilation, title: string): string | number | boolean | null {
  const { reader } = c;
  const key = reader.peek().key;
  const read = expression(c);
  if (key === 'TRUE' || key === 'FALSE') return key === 'TRUE';
  if (title === 'expiration_timestamp') return read.value === null ? null : read.sql;
  if (read.value !== undefined) return read.value;
  const number = Number(read.sql);
  if (Number.isNaN(number)) throw unimplemented(`a computed value of the option ${title}`);
  return number;
}

/** `DROP {TABLE | VIEW | SNAPSHOT TABLE | SCHEMA} [IF EXISTS] path`. */
export function readDrop(c: Compilation): Action {
  const { reader } = c;
  reader.expect('DROP');
  const snapshot = reader.accept('SNAPSHOT');
  const what = reader.next().key;
  if (what === 'SCHEMA' && !snapshot) return readDropSchema(c);
  if (what !== 'TABLE' && !(what === 'VIEW' && !snapshot)) throw reader.refuse(`DROP ${what}`);
  const ifExists = reader.accept('IF', 'EXISTS');
  const target = tablePath(c);
  const kind = snapshot ? 'DROP_SNAPSHOT_TABLE' : what === 'VIEW' ? 'DROP_VIEW' : 'DROP_TABLE';
  return { kind, target, ifExists };
}
