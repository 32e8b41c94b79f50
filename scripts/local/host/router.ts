import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Chaos } from '../chaos/chaos.ts';
import { sendError } from '../plumbing/http.ts';
import type { SocketHandler } from '../plumbing/port.ts';
import type { LocalService } from '../plumbing/service.ts';
import { CONTROL_PATH, type Controls, control } from './control.ts';
import type { IngressHandler } from './eventarc-ingress.ts';
import type { Instances } from './instances.ts';
import { sendProblem } from './problem.ts';
import { PROVISIONING_HEADER } from './provision-http.ts';
import { EVENTARC_PATH } from './provision-topics.ts';
import { proxy } from './proxy.ts';
import { proxySocket } from './proxy-socket.ts';
import { isTask, proxyTask } from './proxy-task.ts';
import { DEFAULT_FUNCTION, type FindFunction } from './routes.ts';

/** Path below which functions are reached by name: `/functions/run-session/…`. */
export const FUNCTIONS_PATH = '/functions/';

export interface RouterOptions {
  readonly instances: Instances;
  readonly services: readonly LocalService[];
  readonly findFunction: FindFunction;
  readonly controls: Controls;
  readonly ingress: IngressHandler;
  readonly chaos?: Chaos | undefined;
  /** Holds requests to services to what their senders may do. @throws HttpError */
  permit(request: IncomingMessage, url: URL): void;
  /** Called before a service sees a request: makes what the request is about, if that was put off. */
  prepare(request: IncomingMessage, url: URL): Promise<void> | undefined;
}

/** Hands every WebSocket to the function whose path it is for; nobody else here takes one. */
export function createSocketRouter({
  instances,
  findFunction,
}: Pick<RouterOptions, 'instances' | 'findFunction'>): SocketHandler {
  return (request, url) => {
    const { pathname, search } = url;
    const found = pathname.startsWith(FUNCTIONS_PATH)
      ? byName(url)
      : { name: findFunction(pathname) ?? '', path: `${pathname}${search}` };
    if (!instances.has(found.name)) return undefined;
    return (socket, head) => proxySocket(instances, found, request, socket, head);
  };
}

/** The function that a path names, and what that sees of it. */
export function byName({ pathname, search }: URL): { name: string; path: string } {
  const [, name = '', rest = ''] = /^\/functions\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  return { name, path: `${rest || '/'}${search}` };
}

/** Hands every HTTP request to whom its path belongs: the control endpoints, a function by name, a service, the API. */
export function createRouter(options: RouterOptions) {
  const { instances, services, findFunction, controls, ingress, prepare, permit, chaos } = options;

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const { pathname, search } = url;
    if (pathname.startsWith(CONTROL_PATH)) {
      await control(controls, pathname.slice(CONTROL_PATH.length), request, response);
      return;
    }
    if (pathname.startsWith(EVENTARC_PATH)) {
      await ingress(pathname.slice(EVENTARC_PATH.length), request, response);
      return;
    }
    if (pathname.startsWith(FUNCTIONS_PATH)) {
      const { name, path } = byName(url);
      if (!instances.has(name)) sendProblem(response, 404, 'Not found', `there is no function '${name}'`);
      else if (chaos && isTask(request)) await proxyTask(instances, { name, path, chaos }, request, response);
      else await proxy(instances, name, path, request, response);
      return;
    }
    try {
      permit(request, url);
      await prepare(request, url);
      if (request.headers[PROVISIONING_HEADER] === undefined) chaos?.refuseRequest(request, url);
      for (const service of services) if (await service.http?.(request, response, url)) return;
    } catch (error) {
      sendError(response, error);
      return;
    }
    const name = findFunction(pathname) ?? DEFAULT_FUNCTION;
    if (instances.has(name)) await proxy(instances, name, `${pathname}${search}`, request, response);
    else sendProblem(response, 404, 'Not found', `nothing answers ${pathname}`);
  };
}
