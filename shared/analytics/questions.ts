import { createHash } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import type { Table } from '../define/resources.ts';
import { defineService, reads, writes } from '../define/service.ts';
import { setBounded } from '../platform/bounded-map.ts';
import { AppError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { cacheCollection } from '../resources/collections.ts';
import { resources } from '../resources/index.ts';
import * as tables from '../resources/tables.ts';
import { type Question, statementOf, statisticsSql } from './statistics.ts';

/** A group of an answer, by the names of the statement's columns. */
export type Row = Readonly<Record<string, string | number | null>>;

/** What the warehouse said. */
export interface Answer {
  readonly rows: readonly Row[];
  readonly bytesProcessed: number;
  readonly cached: boolean;
}

/** Asks the warehouse. */
export interface Questions {
  /**
   * Gives an answer from the cache as long as its table has not changed since.
   * @throws AppError unprocessable when it would read more than is allowed
   */
  ask(question: Question): Promise<Answer>;
}

interface Kept {
  readonly rows: readonly Row[];
  readonly bytesProcessed: number;
}

/** What has been streamed into a table may show late in what is told of the table: so long is an answer kept at most. */
const KEPT_MS = 5 * 60_000;
/** Answers that an instance keeps. */
const MOST_KEPT = 200;
/** A document holds 1 MiB. */
const LONGEST_DOCUMENT = 700_000;

const used = [tables.commandExecutions, tables.testRuns, tables.userActivity, tables.performanceMetrics];
export const questions = defineService(
  [...used.map((table) => reads(table)), writes(cacheCollection)],
  (platform): Questions => {
    const kept = new Map<string, Kept & { readonly until: number }>();
    const { clock, log } = platform;
    return {
      async ask(question) {
        const bigquery = await platform.clients.bigquery();
        const sql = statementOf(question);
        const { from, to, userId } = question;
        const change = await changeOf(bigquery, statisticsSql[question.statistic].table);
        const key = hash([sql, from, to, userId, change]);
        const mine = kept.get(key);
        if (mine && mine.until > clock.now()) return { ...mine, cached: true };
        const shared = await readCache(key, platform).catch((error) => {
          log.warning(`The cache of answers could not be read: ${String(error)}`);
          return undefined;
        });
        const answer = shared ?? (await query(bigquery, sql, question, platform.config.analyticsBytesLimit));
        setBounded(kept, key, { ...answer, until: clock.now() + KEPT_MS }, MOST_KEPT);
        if (!shared)
          await writeCache(key, answer, platform).catch((error) =>
            log.warning(`An answer could not be kept: ${String(error)}`),
          );
        return { ...answer, cached: shared !== undefined };
      },
    };
  },
);

/** What changes when the table does. */
async function changeOf(bigquery: BigQuery, table: Table): Promise<unknown> {
  const [{ lastModifiedTime, numRows, streamingBuffer }] = await bigquery
    .dataset(resources.dataset)
    .table(table.name)
    .getMetadata();
  return [lastModifiedTime, numRows, streamingBuffer?.estimatedRows];
}

async function query(
  bigquery: BigQuery,
  sql: string,
  { from, to, userId }: Question,
  bytesLimit: number,
): Promise<Kept> {
  const params = { from, to, ...(userId === undefined ? {} : { user: userId }) };
  try {
    const [job] = await bigquery.createQueryJob({ query: sql, params, maximumBytesBilled: String(bytesLimit) });
    const [rows, , answer] = await job.getQueryResults();
    return { rows: rows as Row[], bytesProcessed: Number(answer?.totalBytesProcessed ?? 0) };
  } catch (error) {
    if (!isTooMuch(error)) throw error;
    const gib = (bytesLimit / 2 ** 30).toFixed(1);
    throw new AppError('unprocessable', `The answer needs more than ${gib} GiB to be read: ask for less time.`, {
      cause: error,
    });
  }
}

function isTooMuch(error: unknown): boolean {
  const { errors } = error as { errors?: readonly { reason?: string }[] };
  return errors?.some(({ reason }) => reason === 'bytesBilledLimitExceeded') ?? false;
}

const hash = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

async function readCache(key: string, { clients, clock }: Platform): Promise<Kept | undefined> {
  const snapshot = await (await documentOf(key, clients)).get();
  if (!snapshot.exists || snapshot.get('expires_at').toMillis() <= clock.now()) return undefined;
  return JSON.parse(snapshot.get('value')) as Kept;
}

async function writeCache(key: string, answer: Kept, { clients, clock }: Platform): Promise<void> {
  const value = JSON.stringify(answer);
  if (value.length > LONGEST_DOCUMENT) return;
  await (await documentOf(key, clients)).set({ value, expires_at: new Date(clock.now() + KEPT_MS) });
}

const documentOf = async (key: string, clients: Platform['clients']) =>
  (await clients.firestore()).collection(cacheCollection.name).doc(`analytics-${key}`);
