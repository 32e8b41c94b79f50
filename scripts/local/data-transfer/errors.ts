import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

export function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}

export function notFound(name: string): RpcError {
  return new RpcError(status.NOT_FOUND, `Requested entity was not found: ${name}.`);
}

/** What Google has and the local service does not, by its name. */
export function unsupported(what: string): RpcError {
  return new RpcError(status.UNIMPLEMENTED, `${what} is not supported locally.`);
}
