import type { CloudEvent } from '../../schemas/events.ts';
import type { Table } from '../define/resources.ts';
import { isReading } from '../http/reading.ts';
import { commandExecutions, performanceMetrics, testRuns, userActivity } from '../resources/tables.ts';

/** A row of a table. Its event id is what it is deduplicated by. */
export interface NewRow {
  readonly table: Table;
  readonly row: Record<string, unknown>;
}

/** The rows that an event makes; none for most types. */
export function rowsOf(event: CloudEvent): NewRow[] {
  return Object.hasOwn(rowMakers, event.type) ? (rowMakers[event.type]?.(event) ?? []) : [];
}

const rowMakers: Readonly<Record<string, (event: CloudEvent) => NewRow[]>> = {
  'command.executed': commandRow,
  'command.failed': commandRow,
  'session.completed': (event) => [
    { table: testRuns, row: columnsOf(testRuns, { ...event.data, event_id: event.id }) },
  ],
  'request.completed': requestRows,
};

function commandRow(event: CloudEvent): NewRow[] {
  const command = String(event.data.command);
  const row = { ...event.data, event_id: event.id, command_group: command.split('.')[0] };
  return [{ table: commandExecutions, row: columnsOf(commandExecutions, row) }];
}

/** A request of the sample is measured; one that may have changed something is an activity of its user. */
function requestRows(event: CloudEvent): NewRow[] {
  const { data } = event;
  const measured = { table: performanceMetrics, row: columnsOf(performanceMetrics, { ...data, event_id: event.id }) };
  const activity = {
    ...data,
    event_id: event.id,
    occurred_at: data.observed_at,
    action: `${data.method} ${data.route}`,
    resource: data.path,
  };
  return [
    ...(data.measured === false ? [] : [measured]),
    ...(isReading(String(data.method)) ? [] : [{ table: userActivity, row: columnsOf(userActivity, activity) }]),
  ];
}

/** The values that a table has columns for. */
function columnsOf(table: Table, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(table.columns).map((name) => [name, values[name] ?? null]));
}
