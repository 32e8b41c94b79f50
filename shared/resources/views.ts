import { defineView, type Table } from '../define/resources.ts';
import { commandExecutions, performanceMetrics, testRuns, userActivity } from './tables.ts';

/** Names the view of a table in which each event has one row. */
export const onceOf = ({ name }: Table): string => `${name}_once`;

/**
 * BigQuery tells a row that comes again by its insertId for a minute or so; what comes again later is told by its event.
 * The same event has the same time, so that a filter on the partition goes through to the table.
 */
function once(table: Table) {
  const { name, partition, columns } = table;
  return defineView({
    name: onceOf(table),
    description: `${name} with one row an event, however often it was delivered.`,
    query: `SELECT ${Object.keys(columns).map(quoted).join(', ')} FROM analytics.${name} WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id, ${partition} ORDER BY ${partition}) = 1`,
  });
}

const quoted = (name: string): string => `\`${name}\``;

export const commandExecutionsOnce = once(commandExecutions);
export const testRunsOnce = once(testRuns);
export const userActivityOnce = once(userActivity);
export const performanceMetricsOnce = once(performanceMetrics);
