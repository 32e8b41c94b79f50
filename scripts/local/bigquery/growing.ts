import type { Bigquery } from './bigquery.ts';
import type { Entry } from './catalog.ts';
import { invalid, unimplemented } from './errors.ts';
import { evolve, type Field } from './schema.ts';

const OPTIONS = new Set(['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION']);

/**
 * The table with the columns of rows that are appended to it: new ones and NULLs only as `schemaUpdateOptions` allow.
 * @param given the columns of the rows; `whole` when they must be all of the table's.
 * @throws HttpError invalid for columns that do not fit, notImplemented for an unknown option.
 */
export function grow(
  bigquery: Bigquery,
  entry: Entry,
  given: readonly Field[],
  { options = [], whole }: { options?: readonly string[] | undefined; whole: boolean },
): Entry {
  const { table } = entry;
  const { projectId, datasetId, tableId } = table.tableReference;
  const title = `${projectId}:${datasetId}.${tableId}`;
  for (const option of options) if (!OPTIONS.has(option)) throw unimplemented(`schemaUpdateOptions ${option}`);
  const present = table.schema?.fields ?? [];
  const grown = evolve(present, described(given, present, whole), title);
  const before = modes(present);
  const after = modes(grown);
  for (const [path, mode] of after) {
    const was = before.get(path);
    if (was === undefined && present.length > 0 && !options.includes('ALLOW_FIELD_ADDITION'))
      throw invalid(`Provided Schema does not match Table ${title}. Cannot add fields (field: ${path})`);
    if (was !== undefined && was !== mode && !options.includes('ALLOW_FIELD_RELAXATION'))
      throw invalid(
        `Provided Schema does not match Table ${title}. Field ${path} has changed mode from ${was} to ${mode}`,
      );
  }
  if (JSON.stringify([...before]) === JSON.stringify([...after])) return entry;
  const lastModifiedTime = String(bigquery.context.clock.now());
  return bigquery.catalog.putTable({ ...table, schema: { fields: grown }, lastModifiedTime }, entry.physical);
}

/** The given columns with what the table says of them; a query says neither what is REQUIRED nor what it leaves out. */
function described(given: readonly Field[], present: readonly Field[], whole: boolean): Field[] {
  const rest = new Map(given.map((field) => [field.name.toLowerCase(), field]));
  const known = present.flatMap((field) => {
    const next = rest.get(field.name.toLowerCase());
    rest.delete(field.name.toLowerCase());
    if (!next) return whole ? [] : [field];
    const required = !whole && field.mode === 'REQUIRED' && next.mode !== 'REPEATED';
    return [
      {
        ...(field.description === undefined ? {} : { description: field.description }),
        ...next,
        ...(required ? { mode: field.mode } : {}),
        ...(next.fields && field.fields ? { fields: described(next.fields, field.fields, whole) } : {}),
      },
    ];
  });
  return [...known, ...rest.values()];
}

/** The mode of every column and nested field, by its path. */
function modes(fields: readonly Field[], prefix = ''): Map<string, string> {
  return new Map(
    fields.flatMap((field) => {
      const path = `${prefix}${field.name}`;
      return [[path, field.mode ?? 'NULLABLE'] as const, ...modes(field.fields ?? [], `${path}.`)];
    }),
  );
}
