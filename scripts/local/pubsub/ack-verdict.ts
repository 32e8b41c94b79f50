import { parseAckId, readAckId } from './ack-id.ts';
import type { Broker } from './broker.ts';
import { invalid } from './names.ts';

/** What became of ack ids. Only exactly-once subscriptions refuse any: elsewhere acknowledging is best effort. */
export interface AckVerdict {
  readonly accepted: readonly string[];
  /** Malformed, superseded by a later delivery, past their deadline, or used up. */
  readonly refused: readonly string[];
}

/** Acknowledges deliveries. @throws RpcError NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT */
export function acknowledge(broker: Broker, subscription: string, ackIds: readonly string[]): AckVerdict {
  return decide(broker, subscription, ackIds, (refs) => broker.backlog(subscription).acknowledge(refs));
}

/** Sets the deadlines of deliveries to `seconds` from now, 0 to 600. @throws RpcError as `acknowledge` does */
export function modifyDeadline(
  broker: Broker,
  subscription: string,
  ackIds: readonly string[],
  seconds: number,
): AckVerdict {
  if (seconds < 0 || seconds > 600) {
    throw invalid(`Invalid ack_deadline_seconds given: ${seconds} is not between 0 and 600.`);
  }
  return decide(broker, subscription, ackIds, (refs) => broker.backlog(subscription).modify(refs, seconds));
}

type Ref = { readonly id: number; readonly serial: number };

function decide(
  broker: Broker,
  subscription: string,
  ackIds: readonly string[],
  apply: (refs: readonly Ref[]) => ReadonlySet<Ref>,
): AckVerdict {
  broker.backlog(subscription);
  const { holder, settings } = broker.subscription(subscription);
  const read = settings.exactlyOnce ? readAckId : parseAckId;
  const refs = ackIds.map((text) => read(text, holder));
  const dead = apply(refs.filter((ref) => ref !== undefined));
  const isRefused = (index: number) => {
    const ref = refs[index];
    return settings.exactlyOnce === true && (ref === undefined || dead.has(ref));
  };
  return {
    accepted: ackIds.filter((_id, index) => !isRefused(index)),
    refused: ackIds.filter((_id, index) => isRefused(index)),
  };
}
