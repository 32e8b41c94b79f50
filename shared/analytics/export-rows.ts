import type { Job } from '@google-cloud/bigquery';
import { defineService, reads, writes } from '../define/service.ts';
import type { ExportEntity } from '../domain/exports.ts';
import { AppError } from '../platform/errors.ts';
import { bucketName } from '../platform/object-store.ts';
import { reportsBucket } from '../resources/buckets.ts';
import * as tables from '../resources/tables.ts';
import { rowsOnce } from './rows-once.ts';

/** What an export has become. */
export interface ExportedRows {
  readonly rows: number;
  /** Names of the objects, in their order. */
  readonly objects: readonly string[];
}

/** Writes rows of the warehouse to files. */
export interface RowExporter {
  /**
   * Does what is to do of an export, or waits for an earlier attempt at it.
   * @throws AppError unprocessable for what BigQuery will not do, however often it is asked
   */
  write(of: ExportEntity): Promise<ExportedRows>;
}

const exported = [tables.commandExecutions, tables.testRuns, tables.userActivity, tables.performanceMetrics];
/** Errors of jobs that are the same again. */
const PERMANENT: readonly string[] = ['invalid', 'invalidQuery', 'bytesBilledLimitExceeded', 'responseTooLarge'];

export const rowExporter = defineService(
  [...exported.map((table) => reads(table)), writes(reportsBucket)],
  ({ clients, config }): RowExporter => ({
    async write(of) {
      const bigquery = await clients.bigquery();
      const params = { from: of.from, to: of.to, ...(of.everybody ? {} : { user: of.user_id }) };
      const prefix = `exports/${of.user_id}/${of.id}`;
      const query = exportStatement(of, `gs://${bucketName(config, reportsBucket)}/${prefix}-*.${of.format}`);
      const maximumBytesBilled = String(config.analyticsBytesLimit);
      const job = await once(
        () => bigquery.createQueryJob({ query, params, maximumBytesBilled, jobId: of.id }),
        () => bigquery.job(of.id, { location: config.region }),
      );
      const { rowCount } = job.metadata.statistics.query.exportDataStatistics;
      const [files] = await (await clients.storage()).bucket(bucketName(config, reportsBucket)).getFiles({ prefix });
      return { rows: Number(rowCount), objects: files.map(({ name }) => name).sort() };
    },
  }),
);

/** What begins like this, spreadsheets take for a formula: an apostrophe before it makes it text. */
const FORMULA = "r'^[=+\\-@\\t\\r]'";

/**
 * The statement of an export, with @from, @to and @user. Its options are of our own making: an id, and a word of a list.
 * Files of an attempt that was cut off are written again.
 */
export function exportStatement(of: Parameters<typeof rowsStatement>[0], uri: string): string {
  const options = [
    `uri = '${uri}'`,
    `format = '${of.format.toUpperCase()}'`,
    'overwrite = TRUE',
    ...(of.format === 'csv' ? ['header = TRUE'] : ["compression = 'SNAPPY'"]),
  ];
  return `EXPORT DATA OPTIONS(${options.join(', ')}) AS ${rowsStatement(of)}`;
}

/** The rows of an export, with @from, @to and @user, the oldest first. */
export function rowsStatement({
  table,
  format,
  everybody,
}: Pick<ExportEntity, 'table' | 'format' | 'everybody'>): string {
  const declared = exported.find(({ name }) => name === table);
  if (!declared) throw new Error(`${table} is not exported`);
  const columns = Object.entries(declared.columns).map(([name, { type }]) =>
    type === 'STRING' && format === 'csv'
      ? `IF(REGEXP_CONTAINS(\`${name}\`, ${FORMULA}), CONCAT("'", \`${name}\`), \`${name}\`) AS \`${name}\``
      : `\`${name}\``,
  );
  const whose = everybody ? '' : ' AND user_id = @user';
  const time = declared.partition;
  const rows = rowsOnce(declared, `${time} >= @from AND ${time} < @to${whose}`);
  return `SELECT ${columns.join(', ')} FROM ${rows} ORDER BY ${time}, event_id`;
}

/** Starts a job, or takes the one of an earlier attempt, and waits for its end. */
async function once(start: () => Promise<[Job, ...unknown[]]>, earlier: () => Job): Promise<Job> {
  try {
    const job = await start().then(
      ([made]) => made,
      (error) => {
        if ((error as { code?: number }).code === 409) return earlier();
        throw error;
      },
    );
    await job.promise();
    await job.getMetadata();
    return job;
  } catch (error) {
    const reason = (error as { errors?: readonly { reason?: string }[] }).errors?.[0]?.reason ?? '';
    if (!PERMANENT.includes(reason)) throw error;
    throw new AppError('unprocessable', `The rows cannot be exported: ${(error as Error).message}`, { cause: error });
  }
}
