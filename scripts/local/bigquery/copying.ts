import { type Bigquery, liveEntry } from './bigquery.ts';
import type { TableReference } from './catalog.ts';
import { copyOf, selectAll } from './defining.ts';
import { createFrom, disposition } from './destinations.ts';
import { invalid } from './errors.ts';
import { jobKey, recordFinished } from './finished-jobs.ts';
import type { Job } from './job-store.ts';
import type { Outcome } from './outcomes.ts';
import { name } from './sql/reader.ts';
import { physicalTable } from './warehouse.ts';

interface CopyConfiguration {
  readonly sourceTable?: TableReference;
  readonly sourceTables?: readonly TableReference[];
  readonly destinationTable?: TableReference;
  readonly writeDisposition?: string;
  readonly createDisposition?: string;
  readonly operationType?: string;
}

const OPERATIONS = new Set(['OPERATION_TYPE_UNSPECIFIED', 'COPY', 'SNAPSHOT', 'RESTORE', 'CLONE']);
const KINDS: Readonly<Record<string, 'snapshot' | 'clone'>> = { SNAPSHOT: 'snapshot', CLONE: 'clone' };

/** Runs a copy job: the rows of tables with the same columns into one table. */
export async function runCopy(bigquery: Bigquery, job: Job): Promise<Outcome> {
  const configuration = job.configuration.copy as CopyConfiguration;
  const { operationType = 'COPY' } = configuration;
  if (!OPERATIONS.has(operationType)) throw invalid(`Invalid value for operationType: ${operationType}`);
  const { destinationTable: target } = configuration;
  const given = configuration.sourceTables ?? (configuration.sourceTable ? [configuration.sourceTable] : []);
  const sources = given.map((reference) => liveEntry(bigquery, reference));
  const [first] = sources;
  if (!target || !first) throw invalid('A copy job needs source tables and a destination table.');
  const shape = JSON.stringify(
    first.table.schema?.fields.map(({ name: title, type, mode }) => [title, type, mode ?? 'NULLABLE']),
  );
  for (const { table } of sources) {
    const other = JSON.stringify(
      table.schema?.fields.map(({ name: title, type, mode }) => [title, type, mode ?? 'NULLABLE']),
    );
    if (table.type === 'VIEW' || other !== shape) throw invalid('The tables of a copy job must have the same columns.');
  }
  await bigquery.warehouse.ready(sources);
  const sql = sources.map(selectAll).join(' UNION ALL ');
  const decided = await disposition(bigquery, target, {
    write: configuration.writeDisposition,
    create: configuration.createDisposition,
    otherwise: 'WRITE_EMPTY',
  });
  if (decided.kind === 'create') {
    if (sources.length > 1 && operationType !== 'COPY')
      throw invalid(`A copy job of type ${operationType} takes one source table.`);
    const made = copyOf(bigquery, first.table, { tableReference: target }, KINDS[operationType]);
    return await createFrom(bigquery, made, { sql, references: [] });
  }
  if (operationType !== 'COPY')
    throw invalid(`A copy job of type ${operationType} makes a table: it is there already.`);
  const { entry } = decided;
  const columns = (first.table.schema?.fields ?? []).map((field) => name(field.name)).join(', ');
  await bigquery.warehouse.ready([entry]);
  bigquery.catalog.touch(entry.physical, bigquery.context.clock.now());
  await bigquery.warehouse.write(async (connection) => {
    await connection.run(`INSERT INTO ${physicalTable(entry.physical)} (${columns}) ${sql}`);
    await recordFinished(bigquery, connection, jobKey(job), {});
  });
  return { statistics: {} };
}
