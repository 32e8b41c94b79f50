import { type Bigquery, liveEntry } from './bigquery.ts';
import { type Entry, type TableReference, tableId } from './catalog.ts';
import { invalidQuery } from './errors.ts';
import { informationSchema } from './information-schema.ts';
import type { Source } from './sql/compilation.ts';
import { physicalTable } from './warehouse.ts';

/** Where names without a project or dataset belong. */
export interface Defaults {
  readonly project: string;
  readonly dataset?: string;
}

/** The table a path names. @throws HttpError invalidQuery without a dataset */
export function toReference(path: readonly string[], defaults: Defaults): TableReference {
  const [table, dataset = defaults.dataset, ...project] = [...path].reverse();
  if (!table || !dataset) {
    throw invalidQuery(`Table "${path.join('.')}" must be qualified with a dataset (e.g. dataset.table).`);
  }
  const projectId = project.length > 0 ? project.reverse().join('.') : defaults.project;
  return { projectId, datasetId: dataset, tableId: table };
}

/** Finds tables, views and INFORMATION_SCHEMA for the compiler. */
export function finder(bigquery: Bigquery, defaults: Defaults): (path: readonly string[]) => Source {
  return (path) => {
    const schemaAt = path.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA');
    if (schemaAt >= 0) return { kind: 'rows', ...informationSchema(bigquery, path, schemaAt, defaults) };
    const entry = liveEntry(bigquery, toReference(path, defaults));
    const { table } = entry;
    if (table.view) return { kind: 'view', id: tableId(table.tableReference), query: table.view.query };
    if (!table.schema?.fields.length)
      throw invalidQuery(`Table ${tableId(table.tableReference)} does not have a schema.`);
    return tableSource(entry);
  };
}

/** A table as the compiler sees it. */
export function tableSource({ table, physical }: Entry): Source & { kind: 'table' } {
  const fields = table.schema?.fields ?? [];
  return { kind: 'table', id: tableId(table.tableReference), sql: physicalTable(physical), fields };
}
