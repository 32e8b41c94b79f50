import type { AnyFunction } from '../../../shared/define/function.ts';
import { type Grant, grantsOf, keyOf, type Scope } from '../roles.ts';
import { closureOf } from './closure.ts';
import type { TerraformBlock } from './read-terraform.ts';

/** The resource that gives a role on each kind of thing. */
const givers: Readonly<Record<Scope, string>> = {
  project: 'google_project_iam_member',
  topic: 'google_pubsub_topic_iam_member',
  'pull-subscription': 'google_pubsub_subscription_iam_member',
  queue: 'google_cloud_tasks_queue_iam_member',
  bucket: 'google_storage_bucket_iam_member',
  table: 'google_bigquery_table_iam_member',
  view: 'google_bigquery_table_iam_member',
  secret: 'google_secret_manager_secret_iam_member',
  'service-account': 'google_service_account_iam_member',
};

/** Roles that are not those of functions, and who needs them. */
export const others: Readonly<Record<string, string>> = {
  'google_project_iam_member.invoker_receives_events': 'Eventarc calls functions as the invoker',
  'google_service_account_iam_member.pubsub_calls_as_invoker': 'Pub/Sub makes the tokens that it pushes with',
  'google_project_iam_member.storage_tells_of_objects': 'Cloud Storage publishes the events of objects',
  'google_cloud_run_v2_service_iam_member.public': 'the API is public',
  'google_cloud_run_v2_service_iam_member.invoker': 'the invoker calls what is not public',
  'google_cloud_run_v2_service_iam_member.warmth': 'minimum instances are changed by schedules',
  'google_service_account_iam_member.warmth': 'whoever changes a service acts as its account',
  'google_pubsub_topic_iam_member.dead_letters': 'Pub/Sub moves dead letters itself',
  'google_pubsub_subscription_iam_member.dead_letters': 'Pub/Sub moves dead letters itself',
  'google_pubsub_topic_iam_member.publishers': 'pipelines and the like start runs by messages',
  'google_storage_bucket_iam_member.uploaders': 'pipelines and the like put test files there',
  'google_pubsub_topic_iam_member.secret_manager_reminds': 'Secret Manager reminds of rotations',
  'google_pubsub_topic_iam_member.billing_tells': 'budgets tell that they are spent',
  'google_storage_bucket_iam_member.cdn_reads_reports': 'the CDN reads what it keeps',
  'google_project_iam_member.warehouse_runs_queries': 'scheduled queries are jobs',
  'google_bigquery_dataset_iam_member.warehouse_writes': 'scheduled queries write their tables',
  'google_data_catalog_policy_tag_iam_member.warehouse_sees_all': 'scheduled queries read views with sensitive columns',
  'google_bigquery_datapolicy_data_policy_iam_member.analysts': 'analysts see sensitive columns as hashes',
  'google_bigquery_dataset_iam_member.analysts': 'analysts read the warehouse',
  'google_project_iam_member.builder': 'the pipeline applies these files',
  'google_bigquery_dataset_iam_member.sink_writes': 'log lines are written to the warehouse',
  'google_bigquery_dataset_iam_member.snapshots_are_written': 'scheduled queries take snapshots',
};

/** Roles without a use, uses without a role, and roles that the Terraform files give to nobody or to whom they should not. */
export function checkRoles(
  blocks: readonly TerraformBlock[],
  grants: Readonly<Record<string, Grant>>,
  functions: readonly AnyFunction[],
): string[] {
  const needed = new Map(functions.flatMap(grantsOf).map((grant) => [keyOf(grant), grant]));
  const given = new Set(Object.values(grants).map(keyOf));
  const idle = [...given].filter((key) => !needed.has(key)).map((key) => `no declared use needs the role '${key}'`);
  const missing = [...needed.keys()]
    .filter((key) => !given.has(key))
    .map((key) => `a declared use lacks the role '${key}'`);
  const members = blocks.filter(({ kind, type }) => kind === 'resource' && /_iam_(member|binding|policy)$/.test(type));
  const scopes = new Set([...needed.values()].map(({ on }) => on));
  const deaf = [...scopes]
    .filter((scope) => !members.some((block) => gives(block, scope, blocks)))
    .map((scope) => `no ${givers[scope]} gives the functions' roles on a ${scope}`);
  const strangers = members
    .filter((block) => !(Object.keys(givers) as Scope[]).some((scope) => gives(block, scope, blocks)))
    .filter(({ type, name }) => !Object.hasOwn(others, `${type}.${name}`))
    .map(({ file, type, name }) => `${file}: ${type}.${name} gives a role that nobody is known to need`);
  const gone = Object.keys(others)
    .filter((key) => !members.some(({ type, name }) => `${type}.${name}` === key))
    .map((key) => `${key} has a reason in check/roles.ts, and is not there`);
  return [...idle, ...missing, ...deaf, ...strangers, ...gone];
}

/** Whether a resource gives the functions' accounts the manifest's roles on this kind of thing, as they are. */
function gives({ type, body }: TerraformBlock, scope: Scope, blocks: readonly TerraformBlock[]): boolean {
  const asGiven = [body.role, body.member].every(
    (value, index) => value === `\${each.value.${['role', 'member'][index]}}`,
  );
  if (type !== givers[scope] || !asGiven) return false;
  const { names, text } = closureOf(body.for_each, blocks);
  return names.has('local.manifest.grants') && text.includes(`grant.on == "${scope}"`);
}
