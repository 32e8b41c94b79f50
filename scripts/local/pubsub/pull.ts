import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { Clock } from '../plumbing/clock.ts';
import { RpcError, toStatus } from '../plumbing/grpc.ts';
import { toWireTime } from '../plumbing/wire-time.ts';
import { ackId } from './ack-id.ts';
import { type AckVerdict, acknowledge, modifyDeadline } from './ack-verdict.ts';
import type { Backlog } from './backlog.ts';
import type { Broker } from './broker.ts';
import type { Consumer, Delivery } from './consumer.ts';
import type { Entry } from './line.ts';
import { invalid } from './names.ts';

interface StreamingPullRequest {
  readonly subscription: string;
  readonly ackIds: string[];
  readonly modifyDeadlineSeconds: number[];
  readonly modifyDeadlineAckIds: string[];
  readonly streamAckDeadlineSeconds: number;
  readonly maxOutstandingMessages: string;
  readonly maxOutstandingBytes: string;
}

/** The server's end of a StreamingPull call. */
export type PullStream = ServerDuplexStream<StreamingPullRequest, unknown>;

const PULL_WAIT_MS = 5_000;
const LARGEST_PULL = 1000;
const LARGEST_RESPONSE_BYTES = 4_000_000;

/** `google.pubsub.v1.ReceivedMessage` of a delivery. */
function received(broker: Broker, subscription: string, { entry, lease, message }: Delivery) {
  const { holder, settings } = broker.subscription(subscription);
  return {
    ackId: ackId({ holder, id: entry.id, serial: lease.serial }),
    message: {
      data: message.data,
      attributes: message.attributes,
      messageId: String(message.id),
      publishTime: toWireTime(message.published),
      orderingKey: message.orderingKey,
    },
    deliveryAttempt: settings.deadLetter ? entry.attempts + 1 : 0,
  };
}

function meterDelivery(broker: Broker, batch: readonly Delivery[]): void {
  const bytes = batch.reduce((sum, { entry }) => sum + entry.bytes, 0);
  broker.context.meter('pubsub.deliver_kb', Math.max(1, Math.ceil(bytes / 1000)));
}

/** Waits a while for messages, and answers with those there are. */
export function pull(
  broker: Broker,
  request: { subscription: string; maxMessages: number; returnImmediately: boolean },
  onCancel: (cancel: () => void) => void,
): Promise<{ receivedMessages: unknown[] }> {
  if (request.maxMessages <= 0) throw invalid('The max_messages of a PullRequest must be greater than 0.');
  const backlog = broker.pullable(request.subscription);
  const clock: Clock = broker.context.clock;
  return new Promise((resolve) => {
    let open = true;
    const finish = (batch: readonly Delivery[]) => {
      if (!open) return;
      open = false;
      cancelWait();
      backlog.detach(consumer);
      if (batch.length > 0) meterDelivery(broker, batch);
      resolve({ receivedMessages: batch.map((delivery) => received(broker, request.subscription, delivery)) });
    };
    const consumer: Consumer = {
      together: true,
      ackDeadlineMs: () => broker.subscription(request.subscription).settings.ackDeadlineSeconds * 1000,
      room: () => ({ messages: open ? Math.min(request.maxMessages, LARGEST_PULL) : 0, bytes: LARGEST_RESPONSE_BYTES }),
      deliver: finish,
      released: () => {},
    };
    const cancelWait = clock.at(clock.now() + (request.returnImmediately ? 10 : PULL_WAIT_MS), () => finish([]));
    onCancel(() => finish([]));
    backlog.attach(consumer);
  });
}

/** A stream a client keeps open for one subscription; ends when the subscription does. */
export class StreamingPull implements Consumer {
  readonly together = true;
  readonly #broker: Broker;
  readonly #stream: PullStream;
  readonly #subscription: string;
  readonly #backlog: Backlog;
  readonly #most: { messages: number; bytes: number };
  #deadlineSeconds: number;
  #messages = 0;
  #bytes = 0;
  #open = true;

  /** @throws RpcError when the first request is not valid. */
  constructor(broker: Broker, stream: PullStream, first: StreamingPullRequest) {
    this.#broker = broker;
    this.#stream = stream;
    this.#subscription = first.subscription;
    this.#backlog = broker.pullable(first.subscription);
    this.#deadlineSeconds = checkDeadline(first.streamAckDeadlineSeconds);
    const limit = (value: string) => (Number(value) > 0 ? Number(value) : Number.POSITIVE_INFINITY);
    this.#most = { messages: limit(first.maxOutstandingMessages), bytes: limit(first.maxOutstandingBytes) };
    broker.onEnd(first.subscription, this, (error) => this.fail(error));
    this.#backlog.attach(this);
  }

  ackDeadlineMs(): number {
    return this.#deadlineSeconds * 1000;
  }

  room() {
    if (!this.#open) return { messages: 0, bytes: 0 };
    return {
      messages: this.#most.messages - this.#messages,
      bytes: Math.min(this.#most.bytes - this.#bytes, LARGEST_RESPONSE_BYTES),
    };
  }

  deliver(batch: readonly Delivery[]): void {
    for (const { entry } of batch) this.#count(entry, 1);
    meterDelivery(this.#broker, batch);
    const receivedMessages = batch.map((delivery) => received(this.#broker, this.#subscription, delivery));
    this.#stream.write({ receivedMessages, ...this.#properties() });
  }

  released(entry: Entry): void {
    this.#count(entry, -1);
  }

  /** Takes a further request: acknowledgements, deadlines, or a sign of life, which is answered. */
  take(request: StreamingPullRequest): void {
    if (request.subscription && request.subscription !== this.#subscription) {
      throw invalid('The subscription of a stream is set by its first request and cannot change.');
    }
    if (request.streamAckDeadlineSeconds > 0) this.#deadlineSeconds = checkDeadline(request.streamAckDeadlineSeconds);
    this.#stream.write({ ...this.settle(request), ...this.#properties() });
  }

  /** Acknowledges and extends what a request names. Returns the confirmations, which only exactly-once delivery has. */
  settle({ ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds }: StreamingPullRequest) {
    if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length) {
      throw invalid('modify_deadline_seconds and modify_deadline_ack_ids must have the same number of elements.');
    }
    const acks = ackIds.length > 0 ? acknowledge(this.#broker, this.#subscription, ackIds) : undefined;
    const modified = modifyDeadlineAckIds.map((id, index) =>
      modifyDeadline(this.#broker, this.#subscription, [id], modifyDeadlineSeconds[index] ?? 0),
    );
    if (!this.#broker.subscription(this.#subscription).settings.exactlyOnce) return {};
    return {
      ...(acks ? { acknowledgeConfirmation: confirmation([acks]) } : {}),
      ...(modified.length > 0 ? { modifyAckDeadlineConfirmation: confirmation(modified) } : {}),
    };
  }

  fail(error: unknown): void {
    if (!this.#open) return;
    this.close();
    this.#stream.emit('error', toStatus(error));
  }

  close(): void {
    this.#open = false;
    this.#backlog.detach(this);
    this.#broker.offEnd(this.#subscription, this);
  }

  #properties() {
    const { exactlyOnce = false, ordering } = this.#broker.subscription(this.#subscription).settings;
    return { subscriptionProperties: { exactlyOnceDeliveryEnabled: exactlyOnce, messageOrderingEnabled: ordering } };
  }

  #count(entry: Entry, sign: 1 | -1): void {
    this.#messages += sign;
    this.#bytes += sign * entry.bytes;
  }
}

/** Serves a StreamingPull call. */
export function streamingPull(broker: Broker, stream: PullStream): void {
  let consumer: StreamingPull | undefined;
  stream.on('data', (request: StreamingPullRequest) => {
    try {
      if (consumer) consumer.take(request);
      else {
        consumer = new StreamingPull(broker, stream, request);
        consumer.settle(request);
      }
    } catch (error) {
      if (consumer) consumer.fail(error);
      else stream.emit('error', toStatus(error));
    }
  });
  stream.on('end', () => {
    consumer?.close();
    stream.end();
  });
  stream.on('cancelled', () => consumer?.close());
}

function confirmation(verdicts: readonly AckVerdict[]) {
  return {
    ackIds: verdicts.flatMap(({ accepted }) => accepted),
    invalidAckIds: verdicts.flatMap(({ refused }) => refused),
  };
}

function checkDeadline(seconds: number): number {
  if (seconds >= 10 && seconds <= 600) return seconds;
  throw new RpcError(
    status.INVALID_ARGUMENT,
    `Invalid stream_ack_deadline_seconds given: ${seconds} is not between 10 and 600.`,
  );
}
