import * as buckets from './buckets.ts';
import * as collections from './collections.ts';
import * as queues from './queues.ts';
import * as scheduled from './scheduled-queries.ts';
import * as secrets from './secrets.ts';
import * as statistics from './statistics-tables.ts';
import * as tables from './tables.ts';
import * as topics from './topics.ts';
import * as views from './views.ts';

/** Everything that is deployed beside the functions, for the local cloud and for Terraform. */
export const resources = {
  topics: [
    topics.commandEvents,
    topics.testEvents,
    topics.webhookEvents,
    topics.systemEvents,
    topics.runRequests,
    topics.deadLetters,
  ],
  pullSubscriptions: [...topics.analyticsSubscriptions, topics.deadLetterSubscription],
  queues: [
    queues.defaultQueue,
    queues.commandExecution,
    queues.testSuite,
    queues.warmUps,
    queues.webhookDelivery,
    ...queues.webhookBacklog,
  ],
  buckets: [buckets.testsBucket, buckets.reportsBucket, buckets.artifactsBucket],
  collections: [
    collections.usersCollection,
    collections.apiKeysCollection,
    collections.testsCollection,
    collections.suitesCollection,
    collections.libraryCollection,
    collections.libraryNamesCollection,
    collections.runsCollection,
    collections.runLogCollection,
    collections.sessionsCollection,
    collections.slotsCollection,
    collections.checkpointsCollection,
    collections.environmentsCollection,
    collections.rememberedCollection,
    collections.webhooksCollection,
    collections.subscribersCollection,
    collections.hooksCollection,
    collections.schedulesCollection,
    collections.triggersCollection,
    collections.deliveriesCollection,
    collections.cacheCollection,
    collections.erasuresCollection,
    collections.erasureFoundCollection,
  ],
  indexes: collections.indexes,
  secrets: [
    secrets.apiKeySecret,
    secrets.apiKeysSecret,
    secrets.databaseUrlSecret,
    secrets.encryptionKeySecret,
    secrets.addressHashKeySecret,
    secrets.tokenKeySecret,
    secrets.webhookSigningKeySecret,
  ],
  dataset: 'analytics',
  tables: [
    tables.commandExecutions,
    tables.testRuns,
    tables.userActivity,
    tables.performanceMetrics,
    statistics.dailyCommandStats,
    statistics.weeklyPerformance,
    statistics.monthlyUsage,
    statistics.weeklyCost,
    statistics.flakyTests,
    statistics.slowSteps,
    statistics.commandTransitions,
  ],
  views: [views.commandExecutionsOnce, views.testRunsOnce, views.userActivityOnce, views.performanceMetricsOnce],
  scheduledQueries: [
    scheduled.dailyCommandStatsQuery,
    scheduled.weeklyPerformanceQuery,
    scheduled.monthlyUsageQuery,
    scheduled.weeklyCostQuery,
    scheduled.flakyTestsQuery,
    scheduled.slowStepsQuery,
    scheduled.commandTransitionsQuery,
  ],
} as const;
