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
  const drained = await Promise.allSettled(
    analyticsSubscriptions.map(async (subscription) => [subscription.name, await drain(subscription, until, services)]),
  );
  const counts = drained.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  services.log.info('analytics ingested', Object.fromEntries(counts));
  const failed = drained.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

async function drain(subscription: PullSubscription, until: number, services: Services & Base): Promise<number> {
  let total = 0;
  while (services.clock.now() < until && !services.stopping.aborted) {
    const messages = await services.puller.pull(subscription, BATCH);
    if (messages.length === 0) break;
    await store(messages, services);
    await services.puller.acknowledge(subscription, messages);
    total += messages.length;
  }
  return total;
}

interface PendingRow extends NewRow {
  readonly message: Pulled;
}

async function rowsOfAll(messages: readonly Pulled[], { puller, log }: Services & Base): Promise<PendingRow[]> {
  const rows: PendingRow[] = [];
  for (const message of messages) {
    try {
      rows.push(...rowsOf(readEvent(message.data)).map((row) => ({ ...row, message })));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warning(`an event was refused and dead-lettered: ${error.message}`);
      await puller.deadLetter(message, error.message);
    }
  }
  return rows;
}

/** Without the rows of users who were erased: what was on its way when they were is stored no more. */
async function ofThoseThere(rows: PendingRow[], { erased, log }: Services & Base): Promise<PendingRow[]> {
  const gone = await erased.among(rows.flatMap(({ row }) => (typeof row.user_id === 'string' ? row.user_id : [])));
  const kept = rows.filter(({ row }) => !gone.has(row.user_id as string));
  if (kept.length < rows.length) log.info(`rows of erased users were left out: ${rows.length - kept.length}`);
  return kept;
}

/** Stores the rows of a batch. What the warehouse refuses, and what is no event, is dead-lettered with the reason. */
async function store(messages: readonly Pulled[], services: Services & Base): Promise<void> {
  const { puller, warehouse, log } = services;
  const tables = Map.groupBy(await ofThoseThere(await rowsOfAll(messages, services), services), ({ table }) => table);
  for (const [table, pending] of tables) {
    const refused = await warehouse.insert(
      table,
      pending.map(({ row }) => row),
    );
    for (const { index, reason } of refused) {
      log.warning(`a row was refused by ${table.name} and dead-lettered: ${reason}`);
      const row = pending[index];
      if (row) await puller.deadLetter(row.message, `${table.name}: ${reason}`);
    }
  }
}
