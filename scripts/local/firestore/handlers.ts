import * as grpc from '@grpc/grpc-js';
import { toStatus } from '../plumbing/grpc.ts';
import { FIRESTORE } from './codec.ts';
import { invalid } from './errors.ts';
import { LARGEST_REQUEST } from './limits.ts';

const requestBytes = new WeakMap<object, number>();

/** The service, with responses that may be given encoded (as a Buffer), and requests whose size is remembered. */
export function servedDefinition(): grpc.ServiceDefinition {
  const served: Record<string, grpc.MethodDefinition<unknown, unknown>> = {};
  for (const [name, method] of Object.entries(FIRESTORE)) {
    served[name] = {
      ...method,
      responseSerialize: (response) => (Buffer.isBuffer(response) ? response : method.responseSerialize(response)),
      requestDeserialize: (bytes) => {
        const request = method.requestDeserialize(bytes);
        if (typeof request === 'object' && request !== null) requestBytes.set(request, bytes.length);
        return request;
      },
    };
  }
  return served;
}

/** Throws INVALID_ARGUMENT for a request above the 10 MiB that the API takes. */
export function checkRequestSize(request: object): void {
  const size = requestBytes.get(request) ?? 0;
  if (size > LARGEST_REQUEST) {
    throw invalid(`Request payload size (${size} bytes) exceeds the limit of ${LARGEST_REQUEST} bytes.`);
  }
}

/** Turns a function that answers a sequence into a server-streaming method; what it throws becomes the status. */
export function serverStream<Request>(
  method: (request: Request) => Promise<Iterable<unknown>>,
): grpc.handleServerStreamingCall<Request, unknown> {
  return (call) => {
    // Without headers of its own, the client takes an error for a lost connection and tries twice more, seconds apart.
    call.sendMetadata(new grpc.Metadata());
    const send = async () => {
      for (const response of await method(call.request)) {
        if (call.cancelled || call.destroyed) return;
        if (!call.write(response)) await drained(call);
      }
      call.end();
    };
    send().catch((error: unknown) => call.emit('error', toStatus(error)));
  };
}

function drained(call: grpc.ServerWritableStream<unknown, unknown>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'cancelled', 'close', 'error']) call.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'cancelled', 'close', 'error']) call.on(event, done);
  });
}
