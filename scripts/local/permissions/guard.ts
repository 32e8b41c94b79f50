import type { IncomingMessage } from 'node:http';
import * as grpc from '@grpc/grpc-js';
import { RpcError, toStatus } from '../plumbing/grpc.ts';
import { HttpError } from '../plumbing/http.ts';
import type { GrpcService, ServiceContext } from '../plumbing/service.ts';
import type { Account } from './accounts.ts';
import { listenRefusal } from './firestore-needs.ts';
import { grpcNeeds } from './grpc-needs.ts';
import { httpNeeds } from './http-needs.ts';

type Call = {
  readonly request?: unknown;
  getHost(): string;
  emit(name: string, ...args: unknown[]): boolean;
  write(message: object): boolean;
};
type Handler = (call: Call, ...rest: unknown[]) => void;

/** Holds requests to the uses that are declared of who sends them. */
export interface Guard {
  /** The same service, which refuses what is not allowed with PERMISSION_DENIED. */
  wrap(service: GrpcService): GrpcService;
  /** @throws HttpError 403 */
  check(request: IncomingMessage, url: URL): void;
  /** The account that a request comes from; undefined for one that may do everything. */
  accountOf(request: IncomingMessage): Account | undefined;
}

export interface GuardOptions {
  /** Whose the requests are that come through a port; undefined for those of the local cloud's own. */
  accountAt(port: number): Account | undefined;
  readonly log: ServiceContext['log'];
}

/** @see https://cloud.google.com/iam/docs/overview */
export function createGuard({ accountAt, log }: GuardOptions): Guard {
  const tell = (account: Account, what: string, reason: string): string => {
    log('WARNING', `${account.function} is denied ${what}: ${reason}`, { function: account.function });
    return `Permission denied: ${account.email} may not do ${what}; ${reason}`;
  };
  const refusalOf = (account: Account, path: string, request: unknown) => {
    const refusal = account.refusal(grpcNeeds(path, (request ?? {}) as Record<string, unknown>));
    return refusal === undefined
      ? undefined
      : toStatus(new RpcError(grpc.status.PERMISSION_DENIED, tell(account, path, refusal)));
  };
  const wrapMethod = (
    { path, requestStream, responseStream }: GrpcService['definition'][string],
    handle: Handler,
  ): Handler => {
    return (call, ...rest) => {
      const account = accountAt(portOf(call.getHost()));
      if (!account) return handle(call, ...rest);
      if (requestStream)
        return handle(
          guarded(path, call, (message) => refusalOf(account, path, message)),
          ...rest,
        );
      const refusal = refusalOf(account, path, call.request);
      if (!refusal) return handle(call, ...rest);
      if (responseStream) call.emit('error', refusal);
      else (rest[0] as (error: Error) => void)(refusal);
    };
  };
  const accountOf = ({ socket }: IncomingMessage) => accountAt(socket.localPort ?? 0);
  return {
    accountOf,
    wrap({ definition, implementation }) {
      const wrapped = Object.entries(definition).map(([name, method]) => [
        name,
        wrapMethod(method, implementation[name] as unknown as Handler),
      ]);
      return { definition, implementation: Object.fromEntries(wrapped) as GrpcService['implementation'] };
    },
    check(request, url) {
      const account = accountOf(request);
      const { method = 'GET' } = request;
      const needs = account && httpNeeds(method, url);
      if (!account || needs === undefined) return;
      const refusal = account.refusal(needs);
      if (refusal) throw new HttpError(403, 'accessDenied', tell(account, `${method} ${url.pathname}`, refusal));
    },
  };
}

/** A stream that a message ends which is not allowed; a listener is told of it as Firestore tells. */
function guarded(path: string, call: Call, refusalOf: (message: unknown) => grpc.StatusObject | undefined): Call {
  const emit = call.emit.bind(call);
  call.emit = (name, ...args) => {
    const refusal = name === 'data' ? refusalOf(args[0]) : undefined;
    if (!refusal) return emit(name, ...args);
    const answer = listenRefusal(path, args[0], { code: refusal.code, message: refusal.details });
    return answer ? call.write(answer) : emit('error', refusal);
  };
  return call;
}

/** `54321` of `127.0.0.1:54321`. */
function portOf(host: string): number {
  return Number(host.slice(host.lastIndexOf(':') + 1));
}
