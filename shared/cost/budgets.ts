/** US dollars a month: who reaches them is told. */
export const budgets = [
  { level: 'warning', usd: 500 },
  { level: 'critical', usd: 1000 },
] as const;
