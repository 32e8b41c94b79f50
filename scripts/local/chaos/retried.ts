/**
 * Methods that Google's own clients for Node.js call again by themselves when they are answered UNAVAILABLE: those with
 * that code in the `retry_codes` of their `*_client_config.json`. `CreateTask` is not among them, nor are most methods
 * of Secret Manager.
 */
const retriedMethods: Readonly<Record<string, readonly string[]>> = {
  'google.firestore.v1.Firestore': [
    'GetDocument',
    'ListDocuments',
    'BatchGetDocuments',
    'BeginTransaction',
    'Commit',
    'Rollback',
    'RunQuery',
    'RunAggregationQuery',
    'PartitionQuery',
    'ListCollectionIds',
    'BatchWrite',
    'Listen',
  ],
  'google.pubsub.v1.Publisher': ['Publish', 'GetTopic', 'ListTopics', 'ListTopicSubscriptions'],
  'google.pubsub.v1.Subscriber': ['Pull', 'StreamingPull', 'Acknowledge', 'ModifyAckDeadline', 'GetSubscription'],
  'google.cloud.tasks.v2.CloudTasks': ['GetTask', 'ListTasks', 'DeleteTask', 'GetQueue', 'ListQueues'],
  'google.cloud.secretmanager.v1.SecretManagerService': ['AccessSecretVersion'],
};

/** Whether the official client makes the call again. @param path of the method: `/google.pubsub.v1.Publisher/Publish`. */
export function isRetriedCall(path: string): boolean {
  const [, service = '', method = ''] = path.split('/');
  return retriedMethods[service]?.includes(method) ?? false;
}

/**
 * Whether the official client makes the request again that is answered 503. Cloud Storage's does so with what reads, and
 * with what writes under a precondition; BigQuery's always. Requests of anybody else are left alone.
 */
export function isRetriedRequest(
  method: string,
  { pathname, searchParams }: URL,
  headers: Readonly<Record<string, unknown>>,
): boolean {
  if (headers['x-goog-api-client'] === undefined) return false;
  if (pathname.startsWith('/bigquery/v2/')) return true;
  if (!/^\/(storage\/v1|upload\/storage\/v1|download\/storage\/v1)\//.test(pathname)) return false;
  return method === 'GET' || searchParams.has('ifGenerationMatch') || searchParams.has('ifMetagenerationMatch');
}
