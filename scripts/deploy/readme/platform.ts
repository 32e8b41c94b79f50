/**
 * How a line of the platform's description was checked. Nothing of this has been applied to a project of Google Cloud:
 * `schema` is what could only be held to the provider's published schema and to the declarations, and evaluated by
 * Terraform without a provider.
 */
export type Checked = 'run locally' | 'schema' | 'run with fake tools' | 'replaced' | 'not there yet';

/** A line of the platform's description, where it is in this repository, and how that was checked. */
export interface PlatformLine {
  readonly line: string;
  /** Files; empty for what is not there. */
  readonly where: readonly string[];
  readonly checked: readonly Checked[];
  /** What is other than described, and why. */
  readonly note?: string;
}

const tf = (...names: readonly string[]) => names.map((name) => `scripts/deploy/terraform/${name}.tf`);
const row = (
  line: string,
  where: readonly string[],
  checked: readonly Checked[] | Checked,
  note?: string,
): PlatformLine => ({ line, where, checked: [checked].flat(), ...(note === undefined ? {} : { note }) });

export const platform: readonly PlatformLine[] = [
  row(
    'Cloud Run: 80 requests at a time, 0 to 100 instances, 1 CPU, 512Mi, second generation',
    ['shared/define/function.ts', ...tf('functions')],
    ['run locally', 'schema'],
    'a service a function instead of one; what has 256Mi runs in the first generation, which is all that takes it',
  ),
  row(
    'Cloud Run: 300 s, port 8080',
    tf('functions'),
    ['run locally', 'schema'],
    'time limits are declared a function; PORT is Cloud Run’s',
  ),
  row('Firestore: collections', ['shared/resources/collections.ts'], 'run locally'),
  row('Firestore: indexes, TTL', ['shared/resources/collections.ts', ...tf('firestore')], ['run locally', 'schema']),
  row(
    'Cloud Storage: buckets, lifecycle rules',
    ['shared/resources/buckets.ts', ...tf('buckets')],
    ['run locally', 'schema'],
  ),
  row(
    'BigQuery: dataset, tables, partitions, clustering',
    ['shared/resources/tables.ts', ...tf('warehouse')],
    ['run locally', 'schema'],
  ),
  row(
    'BigQuery: scheduled queries (daily, weekly, monthly)',
    ['shared/resources/scheduled-queries.ts', ...tf('warehouse')],
    ['run locally', 'schema'],
  ),
  row(
    'Cloud Tasks: queues, 100 a second, 50 at a time, 5 attempts, 10 to 600 s',
    ['shared/resources/queues.ts', ...tf('queues')],
    ['run locally', 'schema'],
  ),
  row(
    'Pub/Sub: topics, push and pull subscriptions',
    ['shared/resources/topics.ts', ...tf('topics')],
    ['run locally', 'schema'],
    'with filters, retries and dead letters',
  ),
  row(
    'Secret Manager: secrets, versions',
    ['shared/resources/secrets.ts', 'scripts/deploy/first-secret.ts', ...tf('secrets')],
    ['run locally', 'schema'],
    'with a reminder of rotation every 90 days',
  ),
  row(
    'Cloud Build: push to main, build, test, push, deploy, smoke tests',
    ['cloudbuild.yaml', 'scripts/deploy/run-steps.ts', 'scripts/deploy/smoke.ts', ...tf('pipeline')],
    ['run locally', 'run with fake tools'],
    'an image a function, deployed by digest with a canary; the steps that need the cloud were run with fake tools only',
  ),
  row(
    'Container Registry, tag latest',
    ['scripts/deploy/pipeline/finish.sh', ...tf('functions')],
    ['replaced', 'schema'],
    'Artifact Registry: Container Registry is gone',
  ),
  row(
    'IAM roles',
    ['scripts/deploy/roles.ts', 'scripts/local/permissions/guard.ts', ...tf('identities')],
    ['run locally', 'schema'],
    'an account a function, with what it declares; the local cloud denies the rest, by collection even',
  ),
  row('Ingress: all traffic', tf('functions', 'load-balancer'), 'schema', 'through the load balancer alone'),
  row(
    'Egress: VPC connector for internal services',
    tf('network', 'functions'),
    ['replaced', 'schema'],
    'direct egress: no machines that run day and night',
  ),
  row('SSL: managed certificates', tf('load-balancer'), 'schema'),
  row(
    'DDoS protection: Cloud Armor',
    tf('armor'),
    'schema',
    'rates per address, preconfigured rules, adaptive protection',
  ),
  row('API security: keys, tokens, limits per user, CORS, validation', ['shared/http/app.ts'], 'run locally'),
  row('Limits per address', tf('armor'), 'schema'),
  row(
    'Monitoring: latency p50, p95, p99; error rate by endpoint; active connections; memory and CPU',
    tf('monitoring-metrics', 'dashboards'),
    'schema',
  ),
  row('Monitoring: dashboards of performance, errors and usage', tf('dashboards'), 'schema'),
  row('Logging: structured JSON, errors with stacks', ['shared/platform/log.ts'], 'run locally'),
  row(
    'Logging: access logs',
    ['shared/http/app.ts', ...tf('load-balancer')],
    ['run locally', 'schema'],
    'a line a request of the functions, and one of the load balancer',
  ),
  row(
    'Logging: audit logs',
    ['functions/audit.test.ts', ...tf('logging')],
    ['run locally', 'schema'],
    'who changed what is an event of the suite, too',
  ),
  row('Logging: 30 days, sinks to BigQuery', tf('logging'), 'schema'),
  row(
    'Alerts: error rate, latency; PagerDuty, e-mail',
    tf('monitoring-alerts'),
    'schema',
    'and those that an on-call engineer asks for, each with its runbook',
  ),
  row(
    'Alert: instance_count == 0',
    tf('monitoring-alerts', 'monitoring-slo'),
    ['replaced', 'schema'],
    'no instances is what scale to zero is for: a check from outside, every minute',
  ),
  row('Environment: PORT, GCP_PROJECT_ID, ENVIRONMENT, LOG_LEVEL', tf('functions'), ['run locally', 'schema']),
  row(
    'Environment: USE_…, RATE_LIMIT_ENABLED',
    tf('functions'),
    'replaced',
    'there is nothing to switch to; RATE_LIMIT_FACTOR',
  ),
  row(
    'Scaling: minimum, maximum, requests at a time',
    ['shared/define/function.ts', ...tf('functions')],
    ['run locally', 'schema'],
  ),
  row('Scaling: 60 % CPU, 300 s until scaled down', tf('functions'), 'replaced', 'Cloud Run’s own; neither can be set'),
  row('Cold starts: minimum instances in business hours, CPU boost', tf('warmth', 'functions'), 'schema'),
  row('Cold starts: checks every 5 minutes', tf('warmth'), 'schema', 'HTTP functions; OPTIONS, which reads nothing'),
  row(
    'Cold starts: prewarming for predictable traffic',
    ['functions/run-schedules/warm.ts', 'scripts/chain/warm-ups.ts'],
    'run locally',
    'half a minute before runs of schedules are due, as many browsers as they had sessions the time before',
  ),
  row(
    'Caching: Firestore, Cloud CDN',
    ['shared/resources/collections.ts', ...tf('load-balancer')],
    ['run locally', 'schema'],
  ),
  row(
    'Caching: in memory, for frequent queries',
    ['shared/platform/secrets.ts', 'shared/analytics/learned-habits.ts', 'shared/http/authenticate.ts'],
    'run locally',
    'secrets, what is learned for suggestions, whose a key is',
  ),
  row('Backups: Firestore, daily; point-in-time recovery', tf('firestore'), 'schema'),
  row('Backups: BigQuery snapshots every 6 hours', tf('warehouse-backups'), 'schema'),
  row('Backups: Cloud Storage across regions', tf('buckets'), 'schema', 'buckets of two regions'),
  row('Backups: versions of secrets', tf('secrets'), ['run locally', 'schema'], 'none is ever deleted by itself'),
  row(
    'Recovery: failover to healthy instances',
    ['scripts/chain/instance-lost.ts', ...tf('load-balancer')],
    ['run locally', 'schema'],
  ),
  row(
    'Recovery: failover to another region',
    tf('variables'),
    'schema',
    'the first of `regions` handles events: put another one there and apply; images and state are in several regions',
  ),
  row('Recovery: roll-back to the previous version', ['scripts/deploy/release/rollback.ts'], 'run with fake tools'),
  row(
    'Recovery: data loss, corruption',
    ['scripts/cli/backup.ts', 'scripts/chain/rehearsals.test.ts', 'scripts/deploy/terraform/runbooks/recovery.md'],
    'run locally',
    'rehearsed; what may be lost and how long it takes is stated',
  ),
  row('Costs: scale to zero, partitions, lifecycle', tf('functions', 'warehouse', 'buckets'), [
    'run locally',
    'schema',
  ]),
  row('Costs: budgets of 500 and 1000 dollars', tf('budgets'), 'schema'),
  row(
    'Costs: queries and caching of Firestore',
    ['shared/resources/unindexed.ts', 'functions/cost-report/handler.ts'],
    'run locally',
    'the meter counts what each run reads and writes; fields that nobody asks for have no index',
  ),
  row('Costs: monthly review', ['shared/reports/monthly-usage.ts'], 'run locally'),
  row('Costs: weekly by service', ['shared/resources/scheduled-queries.ts'], 'run locally'),
  row('Migration: Docker Compose, Nginx, Redis', tf('functions', 'load-balancer'), 'schema'),
  row('Migration: PostgreSQL', ['scripts/cli/convert-dump.ts'], 'run locally'),
  row('Future: several regions', tf('variables', 'locals'), 'schema', 'one variable'),
  row('Future: GraphQL', [], 'not there yet'),
  row('Future: WebSockets', ['shared/http/event-socket.ts'], 'run locally'),
  row('Future: suggestions', ['functions/learn-suggestions/handler.ts'], 'run locally'),
  row(
    'Future: analytics with Dataflow',
    ['functions/ingest-analytics/handler.ts'],
    ['replaced', 'run locally'],
    'events reach BigQuery in batches every minute; nothing of what is asked needs a stream of its own',
  ),
  row(
    'Troubleshooting: cold starts, limits, memory, timeouts',
    [
      'scripts/deploy/terraform/runbooks/high-latency.md',
      'scripts/deploy/terraform/runbooks/memory.md',
      ...tf('dashboards'),
    ],
    'schema',
    'a runbook an alert; the metrics that it names are charts',
  ),
  row('Contact: e-mail, PagerDuty', tf('variables', 'monitoring-alerts'), 'schema', 'alert_emails, pagerduty_key'),
];
