import { Metadata, type ServerUnaryCall, type ServiceError, type status } from '@grpc/grpc-js';
import type { GrpcService, LocalService } from '../plumbing/service.ts';

/** Calls a unary method of a local service without the network. @throws ServiceError as a client would get. */
export type CallMethod = (service: string, method: string, request: object) => Promise<Record<string, unknown>>;

type Handler = (
  call: ServerUnaryCall<unknown, unknown>,
  callback: (error: ServiceError | null, value: unknown) => void,
) => void;

/**
 * The services' gRPC methods, for the host's own use: `call('pubsub', 'CreateTopic', {name})`. Requests pass through
 * their encoding, so that methods see what they would see from the network: every field, at its default.
 */
export function inProcess(services: readonly LocalService[]): CallMethod {
  return async (name, method, request) => {
    const found = services
      .find((service) => service.name === name)
      ?.grpc?.find(({ definition }) => definition[method] !== undefined);
    if (!found) throw new Error(`the service ${name} has no method ${method}`);
    return callMethod(found, method, request);
  };
}

function callMethod({ definition, implementation }: GrpcService, method: string, request: object) {
  const { requestSerialize, requestDeserialize } = definition[method] as GrpcService['definition'][string];
  const handle = implementation[method] as unknown as Handler;
  const call = { request: requestDeserialize(requestSerialize(request)), metadata: new Metadata() };
  return new Promise<Record<string, unknown>>((resolve, reject) => {
    handle(call as unknown as ServerUnaryCall<unknown, unknown>, (error, value) =>
      error ? reject(error) : resolve(value as Record<string, unknown>),
    );
  });
}

/** Waits for a call; an error with one of the given codes counts as success. Returns false then. */
export async function unless(codes: readonly status[], call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (codes.includes((error as ServiceError).code)) return false;
    throw error;
  }
}
