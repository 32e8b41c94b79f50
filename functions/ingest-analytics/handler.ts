import type { Pulled, Puller } from '../../shared/analytics/pull.ts';
import { rowsOf } from '../../shared/analytics/rows.ts';
import type { Warehouse } from '../../shared/analytics/warehouse.ts';
import type { PullSubscription, Table } from '../../shared/define/resources.ts';
import { readEvent } from '../../shared/events/read-event.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { analyticsSubscriptions } from '../../shared/resources/topics.ts';

export interface Services {
  readonly puller: Puller;
  readonly warehouse: Warehouse;
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

interface PendingRow {
  readonly row: Record<string, unknown>;
  readonly message: Pulled;
}

/** Stores the rows of a batch. What the warehouse refuses, and what is no event, is dead-lettered with the reason. */
async function store(messages: readonly Pulled[], { puller, warehouse, log }: Services & Base): Promise<void> {
  const tables = new Map<Table, PendingRow[]>();
  for (const message of messages) {
    try {
      for (const { table, row } of rowsOf(readEvent(message.data))) {
        const rows = tables.get(table) ?? [];
        rows.push({ row, message });
        tables.set(table, rows);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warning(`an event was refused and dead-lettered: ${error.message}`);
      await puller.deadLetter(message, error.message);
    }
  }
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
