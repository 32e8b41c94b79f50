import type { Entry, Lease, Room } from './line.ts';
import type { StoredMessage } from './messages.ts';

/** One message on its way to a consumer. */
export interface Delivery {
  readonly entry: Entry;
  readonly lease: Lease;
  readonly message: StoredMessage;
}

/** Who takes a subscription's messages: a pull that waits, a stream, the pusher. */
export interface Consumer {
  /** Whether it takes several messages of an ordering key at once. */
  readonly together: boolean;
  /** Milliseconds it has to acknowledge. */
  ackDeadlineMs(): number;
  room(): Room;
  deliver(batch: readonly Delivery[]): void;
  /** A delivery is over: acknowledged, failed or expired. */
  released(entry: Entry, lease: Lease): void;
}
