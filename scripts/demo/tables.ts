import { functions } from '../../functions/index.ts';
import { plural } from '../../shared/reports/format.ts';
import type { LocalCloud } from '../local/cloud.ts';
import type { Received } from './receiver.ts';
import type { WarehouseView } from './warehouse.ts';

/** Lines of two columns below a heading. */
function list(heading: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return `${heading}\n${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('')}`;
}

export function warehouseTables({ rows, slowest }: WarehouseView, query: string): string {
  const counts = list(
    'Rows in BigQuery',
    [...rows].map(([table, count]) => [`analytics.${table}`, String(count).padStart(5)]),
  );
  const indented = query.split('\n').map((line) => `  ${line}\n`);
  const answer = list(
    `\n${indented.join('')}`,
    slowest.map(({ command, steps, p50, slowest: most }) => [
      command,
      `${plural(Number(steps), 'step')}, p50 ${p50} ms, slowest ${most} ms`,
    ]),
  );
  return counts + answer;
}

export function deliveriesTable(received: readonly Received[]): string {
  const types = new Map<string, Received[]>();
  for (const delivery of received) types.set(delivery.type, [...(types.get(delivery.type) ?? []), delivery]);
  return list(
    'Webhooks delivered',
    [...types].sort().map(([type, deliveries]) => {
      const verified = deliveries.filter((delivery) => delivery.verified).length;
      return [type, `${deliveries.length}, ${verified} with a valid signature`];
    }),
  );
}

export function faultsTable(faults: ReadonlyMap<string, number>): string {
  return list(
    'Faults made on purpose',
    [...faults].sort().map(([fault, count]) => [fault, String(count).padStart(5)]),
  );
}

export function coldStartsTable(cloud: Pick<LocalCloud, 'coldStarts'>): string {
  const rows = functions.map(({ name }) => [name, String(cloud.coldStarts(name))] as const);
  return list(`Cold starts: ${cloud.coldStarts()}`, rows);
}
