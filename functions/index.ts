import type { AnyFunction } from '../shared/define/function.ts';
import { analytics } from './analytics/index.ts';
import { buildReport } from './build-report/index.ts';
import { cleanup } from './cleanup/index.ts';
import { commands } from './commands/index.ts';
import { costReport } from './cost-report/index.ts';
import { deliverWebhook } from './deliver-webhook/index.ts';
import { docs } from './docs/index.ts';
import { endOverdueRun } from './end-overdue-run/index.ts';
import { environments } from './environments/index.ts';
import { exportAnalytics } from './export-analytics/index.ts';
import { fanOutWebhooks } from './fan-out-webhooks/index.ts';
import { health } from './health/index.ts';
import { hooks } from './hooks/index.ts';
import { identity } from './identity/index.ts';
import { importTest } from './import-test/index.ts';
import { ingestAnalytics } from './ingest-analytics/index.ts';
import { learnSuggestions } from './learn-suggestions/index.ts';
import { library } from './library/index.ts';
import { onCheckpoint } from './on-checkpoint/index.ts';
import { onDeadLetter } from './on-dead-letter/index.ts';
import { onReport } from './on-report/index.ts';
import { onRun } from './on-run/index.ts';
import { onSession } from './on-session/index.ts';
import { onUser } from './on-user/index.ts';
import { onWebhook } from './on-webhook/index.ts';
import { planRun } from './plan-run/index.ts';
import { reencrypt } from './reencrypt/index.ts';
import { reportStatistics } from './report-statistics/index.ts';
import { resumeDeliveries } from './resume-deliveries/index.ts';
import { rotateTokenKeyFunction } from './rotate-token-key/index.ts';
import { runObjectTriggers } from './run-object-triggers/index.ts';
import { runSchedules } from './run-schedules/index.ts';
import { runSession } from './run-session/index.ts';
import { runTriggers } from './run-triggers/index.ts';
import { runs } from './runs/index.ts';
import { schedules } from './schedules/index.ts';
import { sessions } from './sessions/index.ts';
import { sweepErasures } from './sweep-erasures/index.ts';
import { tests } from './tests/index.ts';
import { triggers } from './triggers/index.ts';
import { webhooks } from './webhooks/index.ts';

/** The registry: every function that is deployed. */
export const functions: readonly AnyFunction[] = [
  health,
  docs,
  commands,
  identity,
  tests,
  library,
  runs,
  sessions,
  environments,
  analytics,
  webhooks,
  hooks,
  schedules,
  triggers,
  importTest,
  planRun,
  runSession,
  onRun,
  endOverdueRun,
  onCheckpoint,
  onSession,
  buildReport,
  onReport,
  fanOutWebhooks,
  deliverWebhook,
  onWebhook,
  onDeadLetter,
  onUser,
  sweepErasures,
  reencrypt,
  resumeDeliveries,
  ingestAnalytics,
  exportAnalytics,
  reportStatistics,
  costReport,
  learnSuggestions,
  runSchedules,
  runTriggers,
  runObjectTriggers,
  cleanup,
  rotateTokenKeyFunction,
];
