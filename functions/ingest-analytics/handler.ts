import type { Pulled, Puller } from '../../shared/analytics/pull.ts';
import { type NewRow, rowsOf } from '../../shared/analytics/rows.ts';
import type { Warehouse } from '../../shared/analytics/warehouse.ts';
import type { PullSubscription } from '../../shared/define/resources.ts';
import type { Erased } from '../../shared/domain/erasures.ts';
import { readEvent } from '../../shared/events/read-event.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { analyticsSubscriptions } from '../../shared/resources/topics.ts';

export interface Services {
  readonly puller: Puller;
  readonly warehouse: Warehouse;
  readonly erased: Erased;
}

/** Messages a pull, and rows an insert. */
const BATCH = 500;
/** A drain stops here, well before the function's own time is over; the next one goes on. */
const LONGEST_DRAIN_MS = 45_000;

/** Drains the analytics subscriptions into the warehouse; a message is acknowledged when its rows are stored. */
export async function ingestAnalytics(_input: unknown, services: Services & Base): Promise<void> {
  const until = services.clock.now() + LONGEST_DRAIN_MS;
  const drains = analyticsSubscriptions.map((subscription) => drain(subscription, until, services));
  const failed = (await Promise.allSettled(drains)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Drains a subscription until it is empty or time is up, and tells how far behind it was: metrics are made of the line. */
async function drain(subscription: PullSubscription, until: number, services: Services & Base): Promise<void> {
  const { clock, stopping, puller, log } = services;
  const told = { events: 0, rows: 0, dead_letters: 0, longest_lag_ms: 0, emptied: false };
  try {
    while (clock.now() < until && !stopping.aborted) {
      const messages = await puller.pull(subscription, BATCH);
      told.emptied = messages.length === 0;
      if (told.emptied) break;
      const { rows, deadLetters } = await store(messages, services);
      await puller.acknowledge(subscription, messages);
      told.events += messages.length;
      told.rows += rows;
      told.dead_letters += deadLetters;
      const lags = messages.map(({ publishedAt }) => clock.now() - publishedAt);
      told.longest_lag_ms = Math.max(told.longest_lag_ms, ...lags);
    }
  } finally {
    log.info('subscription drained', { subscription: subscription.name, ...told });
  }
}

interface PendingRow extends NewRow {
  readonly message: Pulled;
}

/** The rows of what are events; the others are dead-lettered with the reason. */
async function rowsOfAll(messages: readonly Pulled[], { puller, log }: Services & Base) {
  const rows: PendingRow[] = [];
  let refused = 0;
  for (const message of messages) {
    try {
      rows.push(...rowsOf(readEvent(message.data)).map((row) => ({ ...row, message })));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warning(`an event was refused and dead-lettered: ${error.message}`);
      await puller.deadLetter(message, error.message);
      refused++;
    }
  }
  return { rows, refused };
}

/** Without the rows of users who were erased: what was on its way when they were is stored no more. */
async function ofThoseThere(rows: PendingRow[], { erased, log }: Services & Base): Promise<PendingRow[]> {
  const gone = await erased.among(rows.flatMap(({ row }) => (typeof row.user_id === 'string' ? row.user_id : [])));
  const kept = rows.filter(({ row }) => !gone.has(row.user_id as string));
  if (kept.length < rows.length) log.info(`rows of erased users were left out: ${rows.length - kept.length}`);
  return kept;
}

/** Stores the rows of a batch. What is no event, and what the warehouse refuses, is dead-lettered with the reason and the row. */
async function store(
  messages: readonly Pulled[],
  services: Services & Base,
): Promise<{ rows: number; deadLetters: number }> {
  const { puller, warehouse, log } = services;
  const { rows: all, refused: strange } = await rowsOfAll(messages, services);
  const told = { rows: 0, deadLetters: strange };
  const tables = Map.groupBy(await ofThoseThere(all, services), ({ table }) => table);
  for (const [table, pending] of tables) {
    const refused = await warehouse.insert(
      table,
      pending.map(({ row }) => row),
    );
    told.rows += pending.length - refused.length;
    for (const { index, reason } of refused) {
      const refusedRow = pending[index];
      if (!refusedRow) continue;
      log.warning(`a row was refused by ${table.name} and dead-lettered: ${reason}`);
      const { message, row } = refusedRow;
      await puller.deadLetter(message, `${table.name}: ${reason} in ${JSON.stringify(row)}`);
      told.deadLetters++;
    }
  }
  return told;
}
