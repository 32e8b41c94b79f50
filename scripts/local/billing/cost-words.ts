import { priceList } from '../../../shared/cost/prices.ts';
import { plural } from '../../../shared/reports/format.ts';
import { type Cost, costOf } from './cost.ts';
import type { Meter } from './meter.ts';

const BASIS = `list prices of ${priceList.region} on ${priceList.date}, as if nothing were free`;

/** Two significant digits, cents at least: `$1.30`, `$0.042`, `$0.00012`. */
export function dollars(usd: number): string {
  const digits = usd > 0 ? Math.max(2, 1 - Math.floor(Math.log10(usd))) : 2;
  return `$${usd.toFixed(Math.min(digits, 12))}`;
}

/** One line: what the operations would cost on Google Cloud, and a thousand steps like these. */
export function costLine(meter: Meter, steps: number): string {
  const { usd } = costOf(meter);
  return `On Google Cloud: about ${dollars(usd)}${aThousandSteps(usd, steps)} (${BASIS}).\n`;
}

/** Tables of what was used and what it would cost on Google Cloud: by price, then by function. */
export function costTables(meter: Meter, steps?: number): string {
  const cost = costOf(meter);
  return `Billable operations, and what Google Cloud asks for them (${BASIS})\n${linesOf(cost, steps)}\n${functionsOf(cost)}`;
}

function linesOf({ lines, usd }: Cost, steps = 0): string {
  const rows = lines.map(({ price, amount, usd }) => [
    ...[price.what, number(amount), price.unit.name],
    ...(steps > 0 ? [`${(amount / steps).toFixed(2)} a step`] : []),
    dollars(usd),
  ]);
  return `${aligned(rows)}  In all ${dollars(usd)}${aThousandSteps(usd, steps)}\n`;
}

function functionsOf({ functions }: Cost): string {
  const rows = functions.map(({ name, requests, vcpuSeconds, gibSeconds, usd }) => [
    ...[name, plural(requests, 'request'), `${number(vcpuSeconds)} vCPU-seconds`],
    ...[`${number(gibSeconds)} GiB-seconds`, dollars(usd)],
  ]);
  return `Functions\n${aligned(rows)}`;
}

function aThousandSteps(usd: number, steps: number): string {
  return steps > 0 ? `, ${dollars((usd / steps) * 1000)} a thousand steps` : '';
}

function number(amount: number): string {
  return amount.toLocaleString('en', { maximumFractionDigits: 1, useGrouping: false });
}

/** Rows as lines: names to the left, and words, numbers to the right of their column. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    /^[$\d]/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(cell).join('  ').trimEnd()}\n`).join('');
}
