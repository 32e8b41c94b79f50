import { unary } from '../plumbing/grpc.ts';
import { parseAckIds } from './ack-id.ts';
import type { Broker } from './broker.ts';
import { invalid } from './names.ts';
import { type PullStream, pull, streamingPull } from './pull.ts';

interface PullRequest {
  readonly subscription: string;
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
}

/** The methods that receive and acknowledge messages. */
export function deliveryMethods(broker: Broker) {
  const refs = (subscription: string, ackIds: readonly string[]) => {
    if (ackIds.length === 0) throw invalid('No ack ids specified.');
    return parseAckIds(ackIds, broker.subscription(subscription).holder);
  };

  return {
    pull: unary((request: PullRequest, call) => pull(broker, request, (cancel) => call.on('cancelled', cancel))),
    streamingPull: (stream: PullStream) => streamingPull(broker, stream),
    acknowledge: unary((request: { subscription: string; ackIds: string[] }) => {
      const backlog = broker.backlog(request.subscription);
      backlog.acknowledge(refs(request.subscription, request.ackIds).map(({ id }) => id));
      return {};
    }),
    modifyAckDeadline: unary((request: { subscription: string; ackIds: string[]; ackDeadlineSeconds: number }) => {
      const seconds = request.ackDeadlineSeconds;
      if (seconds < 0 || seconds > 600)
        throw invalid(`Invalid ack_deadline_seconds given: ${seconds} is not between 0 and 600.`);
      broker.backlog(request.subscription).modify(refs(request.subscription, request.ackIds), seconds);
      return {};
    }),
  };
}
