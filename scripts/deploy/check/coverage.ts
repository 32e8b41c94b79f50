import type { Trigger } from '../../../shared/define/trigger.ts';
import { closureOf } from './closure.ts';
import type { TerraformBlock } from './read-terraform.ts';

/** What deploys what is declared: the type of resource, the manifest's part that it goes through, and of which functions. */
interface Deployment {
  readonly type: string;
  readonly part: string;
  readonly trigger?: Trigger['kind'];
}

const deployments: readonly Deployment[] = [
  { type: 'google_cloud_run_v2_service', part: 'functions' },
  { type: 'google_service_account', part: 'functions' },
  { type: 'google_cloud_run_v2_service_iam_member', part: 'functions', trigger: 'http' },
  { type: 'google_compute_region_network_endpoint_group', part: 'functions', trigger: 'http' },
  { type: 'google_compute_backend_service', part: 'functions', trigger: 'http' },
  { type: 'google_compute_url_map', part: 'url_map' },
  { type: 'google_pubsub_subscription', part: 'functions', trigger: 'topic' },
  { type: 'google_eventarc_trigger', part: 'functions', trigger: 'document' },
  { type: 'google_eventarc_trigger', part: 'functions', trigger: 'object' },
  { type: 'google_cloud_scheduler_job', part: 'functions', trigger: 'schedule' },
  { type: 'google_pubsub_topic', part: 'topics' },
  { type: 'google_pubsub_subscription', part: 'pull_subscriptions' },
  { type: 'google_cloud_tasks_queue', part: 'queues' },
  { type: 'google_storage_bucket', part: 'buckets' },
  { type: 'google_firestore_index', part: 'indexes' },
  { type: 'google_firestore_field', part: 'ttl_fields' },
  { type: 'google_firestore_field', part: 'unindexed_fields' },
  { type: 'google_bigquery_dataset', part: 'dataset' },
  { type: 'google_bigquery_table', part: 'tables' },
  { type: 'google_bigquery_table', part: 'views' },
  { type: 'google_bigquery_data_transfer_config', part: 'scheduled_queries' },
  { type: 'google_secret_manager_secret', part: 'secrets' },
];

/** Parts of the manifest that no resource of their own is made of, and why. */
const notDeployed: Readonly<Record<string, string>> = {
  invoker: 'the name of the invoker',
  grants: 'held by the check of roles',
  collections: 'Firestore makes collections with their first documents',
  delivery: 'settings of the subscriptions',
  configuration: 'names that the variable configuration is held to',
};

/**
 * Resources of the same types that nothing in the code declares, and why they are there. Schedules, topics and the like
 * that are only for operating the suite belong here.
 */
export const undeclared: Readonly<Record<string, string>> = {
  'google_service_account.invoker': 'tasks, schedules, events and messages call functions as it',
  'google_service_account.warehouse': 'scheduled queries run as it',
  'google_service_account.warmth': 'sets minimum instances',
  'google_service_account.builder': 'builds and deploys',
  'google_cloud_run_v2_service_iam_member.invoker': 'the invoker calls what is not public',
  'google_cloud_run_v2_service_iam_member.warmth': 'minimum instances are changed by schedules',
  'google_cloud_scheduler_job.business_hours': 'minimum instances in business hours',
  'google_cloud_scheduler_job.keep_warm': 'an instance of each HTTP function is kept',
  'google_pubsub_topic.secret_rotations': 'Secret Manager reminds of rotations there',
  'google_pubsub_topic.budgets': 'budgets tell there that they are spent',
  'google_compute_url_map.to_https': 'sends HTTP to HTTPS',
  'google_bigquery_dataset.logs': 'log lines, for longer than logs are kept',
  'google_bigquery_dataset.backups': "snapshots of the warehouse's tables",
  'google_bigquery_data_transfer_config.snapshots': "takes the warehouse's snapshots",
};

/** What is declared and not deployed, and what is deployed and neither declared nor given a reason. */
export function checkCoverage(blocks: readonly TerraformBlock[], manifestParts: readonly string[]): string[] {
  const resources = blocks.filter(({ kind }) => kind === 'resource');
  const closures = new Map(resources.map((block) => [block, closureOf(sourceOf(block), blocks)]));
  const deploys = (block: TerraformBlock, { type, part, trigger }: Deployment): boolean => {
    const closure = closures.get(block);
    if (block.type !== type || !closure?.names.has(`local.manifest.${part}`)) return false;
    return trigger === undefined || closure.text.includes(`trigger.kind == "${trigger}"`);
  };
  const missing = deployments
    .filter((deployment) => !resources.some((block) => deploys(block, deployment)))
    .map(
      ({ type, part, trigger }) => `no ${type} is made for ${part} of the manifest${trigger ? ` (${trigger})` : ''}`,
    );
  const strangers = resources
    .filter(({ type }) => deployments.some((deployment) => deployment.type === type))
    .filter((block) => !deployments.some((deployment) => deploys(block, deployment)))
    .filter(({ type, name }) => !Object.hasOwn(undeclared, `${type}.${name}`))
    .map(({ file, type, name }) => `${file}: ${type}.${name} is made of nothing that is declared`);
  const gone = Object.keys(undeclared)
    .filter((key) => !resources.some(({ type, name }) => `${type}.${name}` === key))
    .map((key) => `${key} has a reason in coverage.ts, and is not there`);
  const unknown = manifestParts
    .filter((part) => !deployments.some((deployment) => deployment.part === part) && !Object.hasOwn(notDeployed, part))
    .map((part) => `${part} of the manifest is not deployed: say in coverage.ts by which resource, or why not`);
  return [...missing, ...strangers, ...gone, ...unknown];
}

/** What a resource is made of: for each of it, or, of a single one, its own arguments. */
function sourceOf({ body }: TerraformBlock): unknown {
  return body.for_each ?? body;
}
