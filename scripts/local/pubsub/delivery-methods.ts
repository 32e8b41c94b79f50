import type { handleUnaryCall } from '@grpc/grpc-js';
import { toStatus, unary } from '../plumbing/grpc.ts';
import { ackFailure } from './ack-failure.ts';
import { type AckVerdict, acknowledge, modifyDeadline } from './ack-verdict.ts';
import type { Broker } from './broker.ts';
import { invalid } from './names.ts';
import { type PullStream, pull, streamingPull } from './pull.ts';

interface PullRequest {
  readonly subscription: string;
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
}

interface AckRequest {
  readonly subscription: string;
  readonly ackIds: string[];
}

/** The methods that receive and acknowledge messages. */
export function deliveryMethods(broker: Broker) {
  return {
    pull: unary((request: PullRequest, call) => pull(broker, request, (cancel) => call.on('cancelled', cancel))),
    streamingPull: (stream: PullStream) => streamingPull(broker, stream),
    acknowledge: confirmed((request: AckRequest) => acknowledge(broker, request.subscription, request.ackIds)),
    modifyAckDeadline: confirmed((request: AckRequest & { ackDeadlineSeconds: number }) =>
      modifyDeadline(broker, request.subscription, request.ackIds, request.ackDeadlineSeconds),
    ),
  };
}

/** A method on ack ids: it fails when some were refused, and says which. */
function confirmed<Request extends AckRequest>(
  method: (request: Request) => AckVerdict,
): handleUnaryCall<Request, object> {
  return ({ request }, callback) => {
    try {
      if (request.ackIds.length === 0) throw invalid('No ack ids specified.');
      const { refused } = method(request);
      callback(refused.length > 0 ? ackFailure(refused) : null, {});
    } catch (error) {
      callback(toStatus(error));
    }
  };
}
