import { oneLine } from './one-line.ts';
import { duration, paint, type Terminal } from './terminal.ts';

/** An answer of `GET /v1/analytics/…`, as far as it is shown. */
export interface StatisticView {
  readonly from: string;
  readonly to: string;
  readonly groupBy: string;
  readonly items: readonly Readonly<Record<string, string | number | null | undefined>>[];
  readonly truncated: boolean;
  readonly prices?: { readonly date: string; readonly region: string };
}

const LONGEST_KEY = 60;

/** A table of a statistic: a row a group, its name to the left, its numbers to the right of their columns. */
export function statisticsTable(answer: StatisticView, terminal: Pick<Terminal, 'colour'>): string {
  const { groupBy, items, truncated, prices } = answer;
  const range = `${day(answer.from)} to ${day(new Date(Date.parse(answer.to) - 1).toISOString())}, UTC`;
  if (items.length === 0) return `Nothing was recorded from ${range}.\n`;
  const measures = Object.keys(items[0] ?? {}).filter((name) => name !== 'key' && name !== 'label');
  const rows = [
    [groupBy, ...measures.map(headOf)],
    ...items.map((item) => [nameOf(item), ...measures.map((name) => textOf(name, item[name]))]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((text, n) => (n === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[n] ?? 0))),
  );
  const [head, ...body] = lines.map((cells) => cells.join('  ').trimEnd());
  const notes = [
    `From ${range}.`,
    ...(truncated ? ['There are more groups: ask for less time, or for --json.'] : []),
    ...(prices ? [`List prices of ${prices.region} on ${prices.date}, as if nothing were free.`] : []),
  ];
  return `${paint(terminal, 'bold', head ?? '')}\n${body.join('\n')}\n\n${paint(terminal, 'dim', notes.join(' '))}\n`;
}

const day = (time: string): string => time.slice(0, 10);

function nameOf({ key, label }: StatisticView['items'][number]): string {
  const name = oneLine(String(label ?? key ?? '(none)'));
  return name.length <= LONGEST_KEY ? name : `${name.slice(0, LONGEST_KEY - 1)}…`;
}

/** `successRate` is `success rate`, `p50Ms` is `p50`. */
function headOf(name: string): string {
  return name.replace(/Ms$/, '').replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function textOf(name: string, value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return oneLine(value);
  if (name.endsWith('Ms')) return duration(value);
  if (name.endsWith('Rate')) return `${(value * 100).toFixed(1)} %`;
  if (name === 'usd') return `$${value.toFixed(value > 0 && value < 0.01 ? 6 : 2)}`;
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
