import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import { fromWireTime, toWireTime, type WireTime } from '../plumbing/wire-time.ts';

export interface RateLimits {
  readonly maxDispatchesPerSecond: number;
  readonly maxBurstSize: number;
  readonly maxConcurrentDispatches: number;
}

export interface RetryConfig {
  /** -1 is without limit. */
  readonly maxAttempts: number;
  /** 0 is without limit. */
  readonly maxRetryDurationMs: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxDoublings: number;
}

export interface QueueSettings {
  readonly rateLimits: RateLimits;
  readonly retryConfig: RetryConfig;
  /** Share of the operations to log, 0 to 1. */
  readonly samplingRatio: number;
}

/** `google.cloud.tasks.v2.Queue` as it comes in. */
export interface QueueMessage {
  readonly name: string;
  readonly appEngineRoutingOverride?: unknown;
  readonly rateLimits?: { maxDispatchesPerSecond: number; maxConcurrentDispatches: number } | null;
  readonly retryConfig?: {
    maxAttempts: number;
    maxRetryDuration?: WireTime | null;
    minBackoff?: WireTime | null;
    maxBackoff?: WireTime | null;
    maxDoublings: number;
  } | null;
  readonly stackdriverLoggingConfig?: { samplingRatio: number } | null;
}

type Settable = {
  [K in 'rate' | 'concurrent' | 'attempts' | 'duration' | 'min' | 'max' | 'doublings' | 'sampling']: number;
};

/** What Cloud Tasks picks for what a new queue leaves unset. */
const DEFAULTS: Settable = {
  rate: 500,
  concurrent: 1000,
  attempts: 100,
  duration: 0,
  min: 100,
  max: 3_600_000,
  doublings: 16,
  sampling: 0,
};

/** Paths of an update mask, and what they set. */
const PATHS: Record<string, readonly (keyof Settable)[]> = {
  rate_limits: ['rate', 'concurrent'],
  'rate_limits.max_dispatches_per_second': ['rate'],
  'rate_limits.max_concurrent_dispatches': ['concurrent'],
  'rate_limits.max_burst_size': [],
  retry_config: ['attempts', 'duration', 'min', 'max', 'doublings'],
  'retry_config.max_attempts': ['attempts'],
  'retry_config.max_retry_duration': ['duration'],
  'retry_config.min_backoff': ['min'],
  'retry_config.max_backoff': ['max'],
  'retry_config.max_doublings': ['doublings'],
  stackdriver_logging_config: ['sampling'],
  'stackdriver_logging_config.sampling_ratio': ['sampling'],
};

/** A new queue's settings. @throws RpcError INVALID_ARGUMENT, UNIMPLEMENTED. */
export function settingsOfNew(queue: QueueMessage): QueueSettings {
  const given = Object.entries(settableOf(queue)).filter(([, value]) => value !== undefined && value !== 0);
  return toSettings(queue, { ...DEFAULTS, ...Object.fromEntries(given) });
}

/**
 * The settings after an update of what `paths` names (`retry_config.max_attempts`; none: of everything given).
 * @throws RpcError INVALID_ARGUMENT for a path or value that cannot be set.
 */
export function settingsOfUpdate(old: QueueSettings, queue: QueueMessage, paths: readonly string[]): QueueSettings {
  const given = settableOf(queue);
  const next: Settable = flatten(old);
  for (const path of paths.length > 0 ? paths : topLevelPaths(queue)) {
    const normal = path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const fields = PATHS[normal];
    if (!fields) throw invalid(`update_mask: '${path}' is not a field of a queue that can be updated.`);
    for (const field of fields) {
      const exact = normal.includes('.') && (field === 'duration' || field === 'doublings');
      const value = given[field];
      next[field] = value === undefined || (value === 0 && !exact) ? DEFAULTS[field] : value;
    }
  }
  return toSettings(queue, next);
}

/** The message of a queue. */
export function queueMessage(queue: {
  name: string;
  state: string;
  purgeTime: number | null;
  settings: QueueSettings;
}) {
  const { rateLimits, retryConfig, samplingRatio } = queue.settings;
  return {
    name: queue.name,
    state: queue.state,
    ...(queue.purgeTime === null ? {} : { purgeTime: toWireTime(queue.purgeTime) }),
    rateLimits,
    retryConfig: {
      maxAttempts: retryConfig.maxAttempts,
      maxDoublings: retryConfig.maxDoublings,
      minBackoff: toWireTime(retryConfig.minBackoffMs),
      maxBackoff: toWireTime(retryConfig.maxBackoffMs),
      ...(retryConfig.maxRetryDurationMs > 0 ? { maxRetryDuration: toWireTime(retryConfig.maxRetryDurationMs) } : {}),
    },
    ...(samplingRatio > 0 ? { stackdriverLoggingConfig: { samplingRatio } } : {}),
  };
}

function settableOf(queue: QueueMessage): { [K in keyof Settable]: number | undefined } {
  return {
    rate: queue.rateLimits?.maxDispatchesPerSecond,
    concurrent: queue.rateLimits?.maxConcurrentDispatches,
    attempts: queue.retryConfig?.maxAttempts,
    duration: fromWireTime(queue.retryConfig?.maxRetryDuration),
    min: fromWireTime(queue.retryConfig?.minBackoff),
    max: fromWireTime(queue.retryConfig?.maxBackoff),
    doublings: queue.retryConfig?.maxDoublings,
    sampling: queue.stackdriverLoggingConfig?.samplingRatio,
  };
}

function topLevelPaths(queue: QueueMessage): string[] {
  return [
    ...(queue.rateLimits ? ['rate_limits'] : []),
    ...(queue.retryConfig ? ['retry_config'] : []),
    ...(queue.stackdriverLoggingConfig ? ['stackdriver_logging_config'] : []),
  ];
}

function flatten({ rateLimits, retryConfig, samplingRatio }: QueueSettings): Settable {
  return {
    rate: rateLimits.maxDispatchesPerSecond,
    concurrent: rateLimits.maxConcurrentDispatches,
    attempts: retryConfig.maxAttempts,
    duration: retryConfig.maxRetryDurationMs,
    min: retryConfig.minBackoffMs,
    max: retryConfig.maxBackoffMs,
    doublings: retryConfig.maxDoublings,
    sampling: samplingRatio,
  };
}

function toSettings(queue: QueueMessage, flat: Settable): QueueSettings {
  if (queue.appEngineRoutingOverride) {
    throw new RpcError(status.UNIMPLEMENTED, 'Queue.app_engine_routing_override is not supported locally');
  }
  if (!(flat.rate > 0 && flat.rate <= 500))
    throw invalid('Queue.rateLimits.maxDispatchesPerSecond must be > 0 and <= 500.');
  if (!(flat.concurrent > 0 && flat.concurrent <= 5000)) {
    throw invalid('Queue.rateLimits.maxConcurrentDispatches must be > 0 and <= 5000.');
  }
  if (flat.attempts < -1) throw invalid('Queue.retryConfig.maxAttempts must be >= -1.');
  if (flat.doublings < 0) throw invalid('Queue.retryConfig.maxDoublings must be >= 0.');
  if (flat.duration < 0) throw invalid('Queue.retryConfig.maxRetryDuration must be >= 0.');
  if (flat.min < 0) throw invalid('Queue.retryConfig.minBackoff must be >= 0.');
  if (flat.min > flat.max) throw invalid('Queue.retryConfig.minBackoff must be less than or equal to maxBackoff.');
  return {
    rateLimits: {
      maxDispatchesPerSecond: flat.rate,
      maxBurstSize: Math.max(10, Math.ceil(flat.rate / 5)),
      maxConcurrentDispatches: flat.concurrent,
    },
    retryConfig: {
      maxAttempts: flat.attempts,
      maxRetryDurationMs: flat.duration,
      minBackoffMs: flat.min,
      maxBackoffMs: flat.max,
      maxDoublings: flat.doublings,
    },
    samplingRatio: flat.sampling,
  };
}

function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}
