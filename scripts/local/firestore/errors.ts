import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

/** The request is wrong whatever the state of the database: INVALID_ARGUMENT (3). */
export function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}

/** The document that must exist does not: NOT_FOUND (5). */
export function notFound(message: string): RpcError {
  return new RpcError(status.NOT_FOUND, message);
}

/** The document that must not exist does: ALREADY_EXISTS (6). */
export function alreadyExists(message: string): RpcError {
  return new RpcError(status.ALREADY_EXISTS, message);
}

/** The state of the database forbids it: FAILED_PRECONDITION (9). */
export function failedPrecondition(message: string): RpcError {
  return new RpcError(status.FAILED_PRECONDITION, message);
}

/** A conflict with another transaction; clients try again: ABORTED (10). */
export function aborted(message: string): RpcError {
  return new RpcError(status.ABORTED, message);
}

/** A part of the API that does not exist here: UNIMPLEMENTED (12). */
export function unimplemented(what: string): RpcError {
  return new RpcError(status.UNIMPLEMENTED, `${what} is not supported locally`);
}
