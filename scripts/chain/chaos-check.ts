import type { ShopOutcome } from './chaos.ts';

/** What is not as it must be, whatever faults were made, a sentence each. @param calm what the same tests came to without faults. */
export function violationsOf(outcome: ShopOutcome, calm: Pick<ShopOutcome, 'verdicts'>): string[] {
  const { verdicts, tables, webhooks, troubles, left } = outcome;
  const changed = verdicts.filter((verdict, n) => verdict !== calm.verdicts[n]);
  return [
    ...changed.map((verdict) => `without faults that was not: ${verdict}`),
    ...(verdicts.length === calm.verdicts.length
      ? []
      : [`${verdicts.length} verdicts, ${calm.verdicts.length} without faults`]),
    ...tables
      .filter(({ rows, events, facts }) => facts === 0 || rows !== facts || events !== facts)
      .map(({ table, rows, events, facts }) => `${table} has ${rows} rows of ${events} events for ${facts} facts`),
    ...webhooks
      .filter(({ events, facts }) => facts === 0 || events !== facts)
      .map(({ type, events, facts }) => `${type} told ${events} events of ${facts}`),
    ...troubles,
    ...(left > 0 ? [`${left} processes were left`] : []),
  ];
}
