import type { Store } from '../plumbing/store.ts';
import { notFound } from './errors.ts';
import type { Field } from './schema.ts';

/** A dataset's resource, as the REST API has it. */
export interface Dataset {
  readonly [key: string]: unknown;
  readonly datasetReference: { readonly projectId: string; readonly datasetId: string };
  readonly location: string;
  readonly defaultTableExpirationMs?: string;
  readonly defaultPartitionExpirationMs?: string;
}

/** A table's resource, as the REST API has it, without what is counted when it is asked for. */
export interface Table {
  readonly [key: string]: unknown;
  readonly tableReference: TableReference;
  readonly type: 'TABLE' | 'VIEW' | 'SNAPSHOT';
  readonly schema?: { readonly fields: readonly Field[] };
  readonly timePartitioning?: {
    readonly type: string;
    readonly field: string;
    readonly expirationMs?: string;
    readonly requirePartitionFilter?: boolean;
  };
  readonly rangePartitioning?: {
    readonly field: string;
    /** Whole numbers as text: partitions of `interval` from `start` on, to before `end`. */
    readonly range: { readonly start: string; readonly end: string; readonly interval: string };
  };
  readonly requirePartitionFilter?: boolean;
  readonly clustering?: { readonly fields: readonly string[] };
  readonly expirationTime?: string;
  readonly view?: { readonly query: string };
}

export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** A table with the name its rows have in the warehouse. */
export interface Entry {
  readonly table: Table;
  /** Never used again for another table: replacing a table gives it a new one. */
  readonly physical: string;
  /** Counted rows and bytes, or undefined when something was written since. */
  readonly counted?: { readonly rows: number; readonly bytes: number };
}

interface EntryRow {
  readonly physical: string;
  readonly resource: string;
  readonly rows: number | null;
  readonly bytes: number | null;
}

/** `project.dataset.table`. */
export function tableId(reference: TableReference): string {
  return `${reference.projectId}.${reference.datasetId}.${reference.tableId}`;
}

/**
 * Datasets and tables: what they are, not what is in them. It is the truth about both stores: the warehouse holds the
 * rows of a table under its `physical` name, in the shape of its schema, and is brought in line when it is used.
 * So a table is created, replaced, altered and dropped by one transaction here.
 */
export class Catalog {
  readonly #store: Store;
  /** Physical names given out for tables that are being made: not yet known, but not to be swept. */
  readonly #reserved = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
    store.exec(`
      CREATE TABLE IF NOT EXISTS bigquery_datasets (
        project TEXT NOT NULL, dataset TEXT NOT NULL, resource TEXT NOT NULL, PRIMARY KEY (project, dataset)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS bigquery_tables (
        project TEXT NOT NULL, dataset TEXT NOT NULL, name TEXT NOT NULL, physical TEXT NOT NULL UNIQUE,
        resource TEXT NOT NULL, rows INTEGER, bytes INTEGER, PRIMARY KEY (project, dataset, name)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS bigquery_counter (id INTEGER PRIMARY KEY AUTOINCREMENT);
    `);
  }

  dataset(project: string, id: string): Dataset {
    const row = this.#store.get<{ resource: string }>(
      'SELECT resource FROM bigquery_datasets WHERE project = ? AND dataset = ?',
      project,
      id,
    );
    if (!row) throw notFound(`Dataset ${project}:${id}`);
    return JSON.parse(row.resource) as Dataset;
  }

  /** By name, from `after` on. */
  datasets(project: string): Dataset[] {
    return this.#store
      .all<{ resource: string }>('SELECT resource FROM bigquery_datasets WHERE project = ? ORDER BY dataset', project)
      .map((row) => JSON.parse(row.resource) as Dataset);
  }

  hasDataset(project: string, id: string): boolean {
    return (
      this.#store.get('SELECT 1 FROM bigquery_datasets WHERE project = ? AND dataset = ?', project, id) !== undefined
    );
  }

  putDataset(dataset: Dataset): void {
    const { projectId, datasetId } = dataset.datasetReference;
    this.#store.run(
      'INSERT OR REPLACE INTO bigquery_datasets (project, dataset, resource) VALUES (?, ?, ?)',
      projectId,
      datasetId,
      JSON.stringify(dataset),
    );
  }

  /** Removes a dataset and its tables. */
  deleteDataset(project: string, id: string): void {
    this.#store.transaction(() => {
      this.#store.run('DELETE FROM bigquery_tables WHERE project = ? AND dataset = ?', project, id);
      this.#store.run('DELETE FROM bigquery_datasets WHERE project = ? AND dataset = ?', project, id);
    });
  }

  /** The table, if there is one. */
  find(reference: TableReference): Entry | undefined {
    const row = this.#store.get<EntryRow>(
      'SELECT physical, resource, rows, bytes FROM bigquery_tables WHERE project = ? AND dataset = ? AND name = ?',
      reference.projectId,
      reference.datasetId,
      reference.tableId,
    );
    return row && toEntry(row);
  }

  /** @throws HttpError notFound for the dataset or the table. */
  entry(reference: TableReference): Entry {
    const entry = this.find(reference);
    if (entry) return entry;
    this.dataset(reference.projectId, reference.datasetId);
    throw notFound(`Table ${reference.projectId}:${reference.datasetId}.${reference.tableId}`);
  }

  /** The tables of a dataset, by name. */
  tables(project: string, dataset: string): Entry[] {
    return this.#store
      .all<EntryRow>(
        'SELECT physical, resource, rows, bytes FROM bigquery_tables WHERE project = ? AND dataset = ? ORDER BY name',
        project,
        dataset,
      )
      .map(toEntry);
  }

  /** Every table there is. */
  all(): Entry[] {
    return this.#store.all<EntryRow>('SELECT physical, resource, rows, bytes FROM bigquery_tables').map(toEntry);
  }

  /**
   * Creates a table or puts it in place of the one of its name.
   * @param physical where its rows are: without it the table is new and empty, with that of the present table it is changed.
   */
  putTable(table: Table, physical?: string): Entry {
    const { projectId, datasetId, tableId: title } = table.tableReference;
    const place = physical ?? this.newPhysical();
    const counted = physical === undefined ? 0 : null;
    this.#store.run(
      `INSERT INTO bigquery_tables (project, dataset, name, physical, resource, rows, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (project, dataset, name) DO UPDATE SET
         rows = CASE WHEN physical = excluded.physical THEN rows ELSE excluded.rows END,
         bytes = CASE WHEN physical = excluded.physical THEN bytes ELSE excluded.bytes END,
         physical = excluded.physical, resource = excluded.resource`,
      projectId,
      datasetId,
      title,
      place,
      JSON.stringify(table),
      counted,
      counted,
    );
    this.#store.afterCommit(() => this.release(place));
    const entry = this.find(table.tableReference);
    if (!entry) throw new Error(`the table ${tableId(table.tableReference)} was just written`);
    return entry;
  }

  /** The physical names whose rows are to be kept. */
  physicals(): Set<string> {
    const rows = this.#store.all<{ physical: string }>('SELECT physical FROM bigquery_tables');
    return new Set([...rows.map((row) => row.physical), ...this.#reserved]);
  }

  /** Gives a name from `newPhysical` up to the sweep, unless a table has it. */
  release(physical: string): void {
    this.#reserved.delete(physical);
  }

  /** A name no table has had. It is kept from the sweep until `release`. */
  newPhysical(): string {
    this.#store.run('INSERT INTO bigquery_counter DEFAULT VALUES');
    const row = this.#store.get<{ id: number }>('SELECT max(id) AS id FROM bigquery_counter');
    const physical = `t_${row?.id}`;
    this.#reserved.add(physical);
    return physical;
  }

  deleteTable(reference: TableReference): void {
    this.#store.run(
      'DELETE FROM bigquery_tables WHERE project = ? AND dataset = ? AND name = ?',
      reference.projectId,
      reference.datasetId,
      reference.tableId,
    );
  }

  /** Remembers how much a table holds. */
  setCounted(physical: string, rows: number, bytes: number): void {
    this.#store.run('UPDATE bigquery_tables SET rows = ?, bytes = ? WHERE physical = ?', rows, bytes, physical);
  }

  /** Forgets how much a table holds; called before it is written to. */
  touch(physical: string, now: number): void {
    this.#store.run(
      `UPDATE bigquery_tables SET rows = NULL, bytes = NULL, resource = json_set(resource, '$.lastModifiedTime', ?)
       WHERE physical = ?`,
      String(now),
      physical,
    );
  }
}

function toEntry(row: EntryRow): Entry {
  const counted = row.rows === null ? {} : { counted: { rows: row.rows, bytes: row.bytes ?? 0 } };
  return { table: JSON.parse(row.resource) as Table, physical: row.physical, ...counted };
}
