/**
 * The demo's tests through the whole chain, without faults and then with those of five seeds: `npm run chaos`, or
 * `npm run chaos -- SEED…`. Ends with 1 when anything is not as it must be.
 */
import { CHAOS_EXAMPLE, readChaos } from '../local/chaos/settings.ts';
import { runShopUnder, type ShopOutcome } from './chaos.ts';
import { violationsOf } from './chaos-check.ts';

const SEEDS = [1, 2, 3, 4, 5];
const FAULTS = ['duplicate', 'reorder', 'drop-ack', 'kill-instance', 'unavailable'];
const COLUMNS = ['run', 'sessions', 'resumed', 'rows', 'events', 'webhooks', 'received', ...FAULTS, 'seconds'];

const seeds = process.argv.length > 2 ? process.argv.slice(2).map(Number) : SEEDS;
const settings = readChaos(CHAOS_EXAMPLE);
console.log(line('seed', [...COLUMNS, 'violations']));
const calm = await runShopUnder(undefined);
let violated = tell('none', calm);
for (const seed of seeds) violated += tell(String(seed), await runShopUnder({ ...settings, seed }));
process.exitCode = violated > 0 ? 1 : 0;

/** Prints a run's line and what is wrong with it; says how much that is. */
function tell(name: string, outcome: ShopOutcome): number {
  const { verdicts, resumed, tables, webhooks, faults, seconds } = outcome;
  const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
  const violations = violationsOf(outcome, calm);
  const figures = [
    ...[verdicts[0]?.split(': ').at(-1) ?? '', verdicts.length - 1, resumed],
    ...[sum(tables.map(({ rows }) => rows)), sum(tables.map(({ events }) => events))],
    ...[sum(webhooks.map(({ events }) => events)), sum(webhooks.map(({ received }) => received))],
    ...[...FAULTS.map((fault) => faults.get(fault) ?? 0), seconds, violations.length],
  ];
  console.log(line(name, figures.map(String)));
  for (const violation of violations) console.log(`  ${violation}`);
  return violations.length;
}

function line(name: string, figures: readonly string[]): string {
  const cells = [...COLUMNS, 'violations'].map((column, n) => (figures[n] ?? '').padStart(column.length + 2));
  return name.padEnd(6) + cells.join('');
}
