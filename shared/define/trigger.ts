import type { Contract, Of } from '../../schemas/contract.ts';
import type { Route } from '../http/route.ts';
import type { Bucket, Collection, Queue, Topic } from './resources.ts';

/** Answers HTTP requests of the public API. */
export interface HttpTrigger {
  readonly kind: 'http';
  // biome-ignore lint/suspicious/noExplicitAny: the services of a function's routes are checked where it is defined
  readonly routes: readonly Route<any>[];
}

/** Takes the tasks of a queue. The payload is checked against `payload`. */
export interface TaskTrigger<T = unknown> {
  readonly kind: 'task';
  readonly queue: Queue;
  /** More queues of the same tasks. */
  readonly also: readonly Queue[];
  readonly payload: Contract;
  readonly input?: TaskInput<T>;
}

/** Takes the events of a topic whose type is one of `types`. */
export interface TopicTrigger {
  readonly kind: 'topic';
  readonly topic: Topic;
  readonly types: readonly string[];
}

/** Takes every message of a topic as it was sent, whoever has sent it. */
export interface MessageTrigger extends TopicTrigger {
  readonly types: readonly [];
}

/** Reacts to changes of a collection's documents; `written` is created or updated or deleted. */
export interface DocumentTrigger {
  readonly kind: 'document';
  readonly collection: Collection;
  readonly change: 'created' | 'updated' | 'deleted' | 'written';
}

/** Reacts to objects of a bucket: written, gone, become noncurrent (of a bucket with versions), described anew. */
export interface ObjectTrigger {
  readonly kind: 'object';
  readonly bucket: Bucket;
  readonly event: 'finalized' | 'deleted' | 'archived' | 'metadataUpdated';
}

/** Runs at the times of a cron expression (five fields) in a time zone. */
export interface ScheduleTrigger {
  readonly kind: 'schedule';
  readonly cron: string;
  readonly timeZone: string;
  /** Absent: a run that fails is not tried again, the next one comes at its time. */
  readonly retry?: ScheduleRetry;
}

/** How a run that fails is tried again, at most until the next one is due (Cloud Scheduler's RetryConfig). */
export interface ScheduleRetry {
  /** Attempts after the first, 1 to 5. */
  readonly count: 1 | 2 | 3 | 4 | 5;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
  /** How often the backoff doubles before it grows linearly. */
  readonly maxDoublings: number;
}

export type Trigger = HttpTrigger | TaskTrigger | TopicTrigger | DocumentTrigger | ObjectTrigger | ScheduleTrigger;

/** A task as a handler sees it. `attempt` counts from 0. */
export interface TaskInput<T> {
  readonly payload: T;
  readonly name: string;
  readonly attempt: number;
}

/** A CloudEvent of the suite's own, from a topic. */
export interface TopicInput {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly data: Record<string, unknown>;
}

/** A message of a topic that others publish to. Its data may be anything. */
export interface MessageInput {
  /** Pub/Sub's own, the same at each delivery. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

/** A change of a document: its fields before and after it, as plain values (timestamps are Dates). */
export interface DocumentInput {
  readonly eventId: string;
  /** The document's id. */
  readonly id: string;
  readonly before: Record<string, unknown> | undefined;
  readonly after: Record<string, unknown> | undefined;
}

/** An object that was written or deleted. */
export interface ObjectInput {
  readonly eventId: string;
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
  readonly contentType: string | undefined;
  readonly size: number;
  readonly metadata: Record<string, string>;
}

/** A run of a schedule. */
export interface ScheduleInput {
  readonly scheduledAt: string;
}

/** What the handler of a trigger is given. */
export type InputOf<T extends Trigger> =
  T extends TaskTrigger<infer P>
    ? TaskInput<P>
    : T extends MessageTrigger
      ? MessageInput
      : T extends TopicTrigger
        ? TopicInput
        : T extends DocumentTrigger
          ? DocumentInput
          : T extends ObjectTrigger
            ? ObjectInput
            : T extends ScheduleTrigger
              ? ScheduleInput
              : never;

// biome-ignore lint/suspicious/noExplicitAny: see HttpTrigger
export const http = (routes: readonly Route<any>[]): HttpTrigger => ({ kind: 'http', routes });
export const task = <C extends Contract>(
  queue: Queue,
  payload: C,
  also: readonly Queue[] = [],
): TaskTrigger<Of<C>> => ({ kind: 'task', queue, also, payload });
export const onTopic = (topic: Topic, types: readonly string[]): TopicTrigger => ({ kind: 'topic', topic, types });
export const onMessages = (topic: Topic): MessageTrigger => ({ kind: 'topic', topic, types: [] });
export const onDocument = (collection: Collection, change: DocumentTrigger['change']): DocumentTrigger => ({
  kind: 'document',
  collection,
  change,
});
export const onObject = (bucket: Bucket, event: ObjectTrigger['event']): ObjectTrigger => ({
  kind: 'object',
  bucket,
  event,
});
export const onSchedule = (cron: string, timeZone = 'Etc/UTC', retry?: ScheduleRetry): ScheduleTrigger => ({
  kind: 'schedule',
  cron,
  timeZone,
  ...(retry && { retry }),
});
