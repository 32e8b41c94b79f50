import { defineScheduledQuery } from '../define/resources.ts';
import * as tables from './statistics-tables.ts';

export const dailyCommandStatsQuery = defineScheduledQuery({
  name: 'daily_command_stats',
  destination: tables.dailyCommandStats,
});
export const weeklyPerformanceQuery = defineScheduledQuery({
  name: 'weekly_performance',
  destination: tables.weeklyPerformance,
});
export const monthlyUsageQuery = defineScheduledQuery({ name: 'monthly_usage', destination: tables.monthlyUsage });
export const weeklyCostQuery = defineScheduledQuery({ name: 'weekly_cost', destination: tables.weeklyCost });
export const flakyTestsQuery = defineScheduledQuery({ name: 'flaky_tests', destination: tables.flakyTests });
export const slowStepsQuery = defineScheduledQuery({ name: 'slow_steps', destination: tables.slowSteps });
export const commandTransitionsQuery = defineScheduledQuery({
  name: 'command_transitions',
  destination: tables.commandTransitions,
});
