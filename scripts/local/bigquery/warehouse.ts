import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBResultReader } from '@duckdb/node-api';
import { setBounded } from '../../../shared/platform/bounded-map.ts';
import type { Catalog, Entry } from './catalog.ts';
import { toQueryError } from './errors.ts';
import { duckType, type Field } from './schema.ts';
import { assignmentMacros } from './sql/assigning.ts';
import { macroStatements } from './sql/macros.ts';
import { name, quote } from './sql/reader.ts';

export type Duck = typeof import('@duckdb/node-api');

interface Opened {
  readonly duck: Duck;
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly readers: DuckDBConnection[];
}

/** Where the rows of a table are, for SQL. */
export function physicalTable(physical: string): string {
  return `w.main.${name(physical)}`;
}

/** Counts that are remembered. */
const MOST_COUNTS = 500;

/**
 * The rows of all tables, in one DuckDB file. DuckDB is loaded and the file opened at the first use.
 * A write is durable when it has returned (DuckDB's write-ahead log is flushed by each commit).
 * Writes happen one at a time; queries run beside them and see the state before or after a write.
 */
export class Warehouse {
  readonly #folder: string;
  readonly #catalog: Catalog;
  #opened: Promise<Opened> | undefined;
  #writes: Promise<unknown> = Promise.resolve();
  /** Tables known to have the shape of their schema, with it. */
  readonly #shaped = new Map<string, readonly Field[]>();
  #running = 0;
  /** What was counted since the last write, by its SQL. */
  readonly #counts = new Map<string, number>();
  #version = 0;

  constructor(folder: string, catalog: Catalog) {
    this.#folder = folder;
    this.#catalog = catalog;
  }

  /** How many reads and writes are under way. */
  get running(): number {
    return this.#running;
  }

  /** DuckDB's module, for its values. */
  async duck(): Promise<Duck> {
    return (await this.#open()).duck;
  }

  /** Runs a query. Its tables must have been prepared by `ready`. @throws HttpError invalidQuery */
  async read(sql: string): Promise<DuckDBResultReader> {
    const opened = await this.#open();
    const connection = opened.readers.pop() ?? (await opened.instance.connect());
    this.#running++;
    try {
      return await connection.runAndReadAll(sql);
    } catch (error) {
      throw toQueryError(error);
    } finally {
      this.#running--;
      opened.readers.push(connection);
    }
  }

  /** The number that a query gives. Asked again before anything is written, it is not counted again. */
  async count(sql: string): Promise<number> {
    const known = this.#counts.get(sql);
    if (known !== undefined) return known;
    const version = this.#version;
    const counted = Number((await this.read(sql)).value(0, 0));
    if (version === this.#version) setBounded(this.#counts, sql, counted, MOST_COUNTS);
    return counted;
  }

  #forgetCounts(): void {
    this.#version++;
    this.#counts.clear();
  }

  /** Does `work` in a transaction that is durable when this returns. Only one is under way at a time. */
  async write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return await this.#exclusive(async ({ writer }) => {
      await writer.run('BEGIN');
      try {
        const result = await work(writer);
        await writer.run('COMMIT');
        this.#forgetCounts();
        return result;
      } catch (error) {
        // A failed COMMIT has already rolled back.
        await writer.run('ROLLBACK').catch(() => undefined);
        throw toQueryError(error);
      }
    });
  }

  /** Sees to it that the tables exist in the shape their schemas say. One without columns has no rows and no place. */
  async ready(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      const fields = entry.table.schema?.fields ?? [];
      if (fields.length === 0) continue;
      if (JSON.stringify(this.#shaped.get(entry.physical)) === JSON.stringify(fields)) continue;
      await this.write((connection) => shape(connection, entry.physical, fields));
      this.#shaped.set(entry.physical, fields);
    }
  }

  /** Removes what belongs to no table any more. Does nothing while the file has not been opened. */
  async sweep(): Promise<void> {
    if (!this.#opened) return;
    await this.#exclusive((opened) => this.#dropOrphans(opened.writer));
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await this.#writes.catch(() => undefined);
    if (!opened) return;
    for (const connection of [opened.writer, ...opened.readers]) connection.closeSync();
    opened.instance.closeSync();
  }

  async #exclusive<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    this.#running++;
    const turn = this.#writes.catch(() => undefined).then(async () => await work(await this.#open()));
    this.#writes = turn;
    try {
      return await turn;
    } finally {
      this.#running--;
    }
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#load();
    return this.#opened;
  }

  async #load(): Promise<Opened> {
    const duck = await import('@duckdb/node-api');
    mkdirSync(this.#folder, { recursive: true });
    const instance = await duck.DuckDBInstance.create(':memory:', {
      temp_directory: join(this.#folder, 'warehouse.tmp'),
    });
    const writer = await instance.connect();
    await writer.run(`ATTACH ${quote(join(this.#folder, 'warehouse.duckdb'))} AS w`);
    await writer.run("SET GLOBAL TimeZone = 'UTC'");
    for (const statement of [...macroStatements(), ...assignmentMacros()]) await writer.run(statement);
    await writer.run(
      'CREATE TABLE IF NOT EXISTS w.main.insert_ids (physical VARCHAR, insert_id VARCHAR, inserted_at BIGINT)',
    );
    await writer.run('CREATE TABLE IF NOT EXISTS w.main.finished_jobs (job VARCHAR, outcome VARCHAR)');
    await this.#dropOrphans(writer);
    return { duck, instance, writer, readers: [] };
  }

  async #dropOrphans(writer: DuckDBConnection): Promise<void> {
    const known = this.#catalog.physicals();
    const reader = await writer.runAndReadAll(
      "SELECT table_name FROM duckdb_tables() WHERE database_name = 'w' AND table_name LIKE 't\\_%' ESCAPE '\\'",
    );
    for (const [physical] of reader.getRows()) {
      if (typeof physical !== 'string' || known.has(physical)) continue;
      await writer.run(`DROP TABLE ${physicalTable(physical)}`);
      this.#shaped.delete(physical);
    }
  }
}

function declare(field: Field): string {
  const base = `${name(field.name)} ${duckType(field)}`;
  if (field.mode === 'REPEATED') return `${base} DEFAULT []`;
  return field.mode === 'REQUIRED' ? `${base} NOT NULL` : base;
}

/** Creates a table, or adds what its schema has gained since. */
async function shape(connection: DuckDBConnection, physical: string, fields: readonly Field[]): Promise<void> {
  const table = physicalTable(physical);
  await connection.run(`CREATE TABLE IF NOT EXISTS ${table} (${fields.map(declare).join(', ')})`);
  const reader = await connection.runAndReadAll(
    `SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE database_name = 'w' AND table_name = ${quote(physical)}`,
  );
  const columns = new Map(reader.getRows().map(([title, type, nullable]) => [String(title), { type, nullable }]));
  for (const field of fields) {
    const column = columns.get(field.name);
    if (!column) {
      await connection.run(`ALTER TABLE ${table} ADD COLUMN ${declare(field)}`);
      continue;
    }
    const wanted = await connection.runAndReadAll(`SELECT typeof(CAST(NULL AS ${duckType(field)}))`);
    if (wanted.value(0, 0) !== column.type) {
      await connection.run(`ALTER TABLE ${table} ALTER ${name(field.name)} SET DATA TYPE ${duckType(field)}`);
    }
    if (column.nullable === false && field.mode !== 'REQUIRED') {
      await connection.run(`ALTER TABLE ${table} ALTER ${name(field.name)} DROP NOT NULL`);
    }
  }
}
