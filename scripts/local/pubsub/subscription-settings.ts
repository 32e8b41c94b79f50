import { fromWireTime, toWireTime, type WireTime } from '../plumbing/wire-time.ts';
import { invalid, refuseFields, resourceName } from './names.ts';

/** Where a push subscription sends its messages. */
export interface PushSettings {
  readonly endpoint: string;
  readonly attributes: Record<string, string>;
  readonly oidc?: { readonly serviceAccountEmail: string; readonly audience: string };
}

/** What a subscription is set to. Times are milliseconds. */
export interface SubscriptionSettings {
  readonly ackDeadlineSeconds: number;
  readonly retainAcked: boolean;
  readonly retentionMs: number;
  readonly labels: Record<string, string>;
  readonly ordering: boolean;
  /** Whether only the latest ack id of a message counts, and acknowledgements are confirmed or refused. */
  readonly exactlyOnce?: boolean;
  readonly filter: string;
  /** Idle subscriptions are deleted after this; null is never. */
  readonly expirationMs: number | null;
  readonly deadLetter?: { readonly topic: string; readonly maxAttempts: number };
  readonly retry?: { readonly minMs: number; readonly maxMs: number };
  readonly push?: PushSettings;
}

/** `google.pubsub.v1.PushConfig` */
export interface PushConfigMessage {
  readonly pushEndpoint: string;
  readonly attributes: Record<string, string>;
  readonly oidcToken?: { serviceAccountEmail: string; audience: string } | null;
  readonly noWrapper?: unknown;
}

/** `google.pubsub.v1.Subscription`, as far as it is supported. */
export interface SubscriptionMessage {
  readonly name: string;
  readonly topic: string;
  readonly pushConfig?: PushConfigMessage | null;
  readonly ackDeadlineSeconds: number;
  readonly retainAckedMessages: boolean;
  readonly messageRetentionDuration?: WireTime | null;
  readonly labels: Record<string, string>;
  readonly enableMessageOrdering: boolean;
  readonly enableExactlyOnceDelivery: boolean;
  readonly expirationPolicy?: { ttl?: WireTime | null } | null;
  readonly filter: string;
  readonly deadLetterPolicy?: { deadLetterTopic: string; maxDeliveryAttempts: number } | null;
  readonly retryPolicy?: { minimumBackoff?: WireTime | null; maximumBackoff?: WireTime | null } | null;
}

const UNSUPPORTED = ['bigqueryConfig', 'cloudStorageConfig', 'bigtableConfig', 'messageTransforms', 'tags'];
const SECOND_MS = 1000;
const DAY_MS = 24 * 3_600 * SECOND_MS;
/** Fields that an update mask may name, and the parts of them that it may name alone. */
const UPDATABLE: Record<string, readonly string[]> = {
  ack_deadline_seconds: [],
  dead_letter_policy: ['dead_letter_topic', 'max_delivery_attempts'],
  enable_exactly_once_delivery: [],
  expiration_policy: ['ttl'],
  labels: [],
  message_retention_duration: [],
  push_config: ['push_endpoint', 'attributes', 'oidc_token'],
  retain_acked_messages: [],
  retry_policy: ['minimum_backoff', 'maximum_backoff'],
};

/** @throws RpcError INVALID_ARGUMENT, or UNIMPLEMENTED for what is not supported locally. */
export function settingsOf(message: SubscriptionMessage): SubscriptionSettings {
  refuseFields('Subscription', message, UNSUPPORTED);
  const push = pushSettings(message.pushConfig);
  const deadLetter = deadLetterOf(message.deadLetterPolicy);
  const retry = retryOf(message.retryPolicy);
  return {
    ackDeadlineSeconds: within('ack_deadline_seconds', message.ackDeadlineSeconds || 10, 10, 600),
    retainAcked: message.retainAckedMessages,
    retentionMs: within(
      'message_retention_duration',
      fromWireTime(message.messageRetentionDuration) ?? 7 * DAY_MS,
      600 * SECOND_MS,
      31 * DAY_MS,
    ),
    labels: message.labels,
    ordering: message.enableMessageOrdering,
    exactlyOnce: message.enableExactlyOnceDelivery,
    filter: message.filter,
    expirationMs: expirationOf(message.expirationPolicy),
    ...(push ? { push } : {}),
    ...(deadLetter ? { deadLetter } : {}),
    ...(retry ? { retry } : {}),
  };
}

/**
 * The settings after an update of what `paths` names: whole fields, or parts (`retry_policy.minimum_backoff`).
 * @throws RpcError INVALID_ARGUMENT, UNIMPLEMENTED
 */
export function updatedSettings(
  old: SubscriptionSettings,
  message: SubscriptionMessage,
  paths: readonly string[],
): SubscriptionSettings {
  const next: Record<string, unknown> = settingsMessage(old);
  const given: Record<string, unknown> = { ...message };
  for (const path of paths) {
    const [whole = '', part] = path.split('.');
    const parts = UPDATABLE[whole];
    if (!parts || path.split('.').length > 2 || (part !== undefined && !parts.includes(part))) {
      throw invalid(`Invalid update_mask provided in the UpdateSubscriptionRequest: '${path}' cannot be updated.`);
    }
    const field = camelCase(whole);
    if (part === undefined) next[field] = given[field];
    else next[field] = { ...fieldsOf(next[field]), [camelCase(part)]: fieldsOf(given[field])[camelCase(part)] };
  }
  return settingsOf(next as unknown as SubscriptionMessage);
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return { ...(value as Record<string, unknown> | null | undefined) };
}

/** @throws RpcError INVALID_ARGUMENT, UNIMPLEMENTED; undefined when the subscription is to be pulled. */
export function pushSettings(config: PushConfigMessage | null | undefined): PushSettings | undefined {
  if (!config?.pushEndpoint) return undefined;
  refuseFields('PushConfig', config, ['noWrapper']);
  const endpoint = config.pushEndpoint;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw invalid(`Invalid push endpoint given (endpoint=${endpoint}): it must be a valid http or https URL.`);
  }
  const oidc = config.oidcToken;
  if (!oidc) return { endpoint, attributes: config.attributes };
  const { serviceAccountEmail, audience } = oidc;
  if (!serviceAccountEmail) throw invalid('PushConfig.oidc_token.service_account_email is required.');
  return { endpoint, attributes: config.attributes, oidc: { serviceAccountEmail, audience } };
}

/** The settings as fields of `google.pubsub.v1.Subscription`. */
export function settingsMessage(settings: SubscriptionSettings) {
  const { push, deadLetter, retry } = settings;
  return {
    ackDeadlineSeconds: settings.ackDeadlineSeconds,
    retainAckedMessages: settings.retainAcked,
    messageRetentionDuration: toWireTime(settings.retentionMs),
    labels: settings.labels,
    enableMessageOrdering: settings.ordering,
    enableExactlyOnceDelivery: settings.exactlyOnce ?? false,
    filter: settings.filter,
    expirationPolicy: settings.expirationMs === null ? {} : { ttl: toWireTime(settings.expirationMs) },
    pushConfig: push
      ? { pushEndpoint: push.endpoint, attributes: push.attributes, ...(push.oidc ? { oidcToken: push.oidc } : {}) }
      : {},
    ...(deadLetter
      ? { deadLetterPolicy: { deadLetterTopic: deadLetter.topic, maxDeliveryAttempts: deadLetter.maxAttempts } }
      : {}),
    ...(retry
      ? { retryPolicy: { minimumBackoff: toWireTime(retry.minMs), maximumBackoff: toWireTime(retry.maxMs) } }
      : {}),
  };
}

function deadLetterOf(policy: SubscriptionMessage['deadLetterPolicy']): SubscriptionSettings['deadLetter'] {
  if (!policy?.deadLetterTopic) return undefined;
  return {
    topic: resourceName(policy.deadLetterTopic, 'topics'),
    maxAttempts: within('dead_letter_policy.max_delivery_attempts', policy.maxDeliveryAttempts || 5, 5, 100),
  };
}

function retryOf(policy: SubscriptionMessage['retryPolicy']): SubscriptionSettings['retry'] {
  if (!policy) return undefined;
  const longest = 600 * SECOND_MS;
  const minMs = within(
    'retry_policy.minimum_backoff',
    fromWireTime(policy.minimumBackoff) ?? 10 * SECOND_MS,
    0,
    longest,
  );
  const maxMs = within('retry_policy.maximum_backoff', fromWireTime(policy.maximumBackoff) ?? longest, 0, longest);
  if (minMs > maxMs) throw invalid('retry_policy.minimum_backoff must not be greater than maximum_backoff.');
  return { minMs, maxMs };
}

function expirationOf(policy: SubscriptionMessage['expirationPolicy']): number | null {
  if (!policy) return 31 * DAY_MS;
  const ttl = fromWireTime(policy.ttl);
  if (ttl === undefined) return null;
  if (ttl < DAY_MS) throw invalid('expiration_policy.ttl must be at least one day.');
  return ttl;
}

function within(field: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  const unit = field === 'ack_deadline_seconds' || field.endsWith('attempts') ? '' : ' milliseconds';
  throw invalid(`Invalid ${field} given: ${value}${unit} is not between ${least} and ${most}.`);
}
