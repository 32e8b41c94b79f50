import type { AnswerName } from '../../schemas/answers.ts';
import { listQuery } from '../../schemas/requests.ts';
import { AppError } from '../platform/errors.ts';
import type { Base } from '../platform/platform.ts';
import { checkIfMatch } from './etags.ts';
import { listReply, type Page, pageOf } from './lists.ts';
import { type ApiRequest, type Route, route } from './route.ts';
import type { Scope } from './scopes.ts';

interface About {
  readonly path: string;
  readonly summary: string;
  readonly scope: Scope;
  readonly answer: AnswerName;
}

/** A route that lists resources, newest first, a page at a time. */
export function listRoute<Services, E extends { id: string; created_at: Date }>(
  { path, summary, scope, answer }: About,
  list: (services: Services & Base, userId: string, page: Page) => Promise<E[]>,
  view: (entity: E) => unknown,
): Route<Services> {
  return route<Services, undefined, typeof listQuery>({
    method: 'GET',
    path,
    summary,
    access: { scope },
    answers: { 200: answer },
    query: listQuery,
    async handle({ query, caller }, services) {
      const page = pageOf(query);
      return listReply(page, await list(services, caller.userId, page), view);
    },
  });
}

/** A route that reads one resource of the caller's. */
export function readRoute<Services, E>(
  { path, summary, scope, answer }: About,
  find: Find<Services, E>,
  view: (entity: E) => unknown,
): Route<Services> {
  return route<Services>({
    method: 'GET',
    path,
    summary,
    access: { scope },
    answers: { 200: answer },
    handle: async (request, services) => ({ status: 200, body: view(await find(request, services)) }),
  });
}

/**
 * A route that deletes one resource of the caller's; with If-Match, only as it was read.
 * @param remove deletes it; `check` is to be called with the resource where that is read to be deleted
 */
export function deleteRoute<Services, E>(
  { path, summary, scope }: Omit<About, 'answer'>,
  find: Find<Services, E>,
  view: (entity: E) => unknown,
  remove: (services: Services, found: E & { readonly id: string }, check: (current: E) => void) => Promise<unknown>,
): Route<Services> {
  return route<Services>({
    method: 'DELETE',
    path,
    summary,
    access: { scope },
    answers: { 204: 'nothing' },
    async handle(request, services) {
      const check = (current: E) => checkIfMatch(request.header('if-match'), view(current));
      await remove(services, (await find(request, services)) as E & { readonly id: string }, check);
      return { status: 204 };
    },
  });
}

/** Gives the resource that a request names. @throws AppError not-found */
export type Find<Services, E> = (
  request: Pick<ApiRequest<unknown, unknown>, 'params' | 'caller'>,
  services: Services,
) => Promise<E>;

/**
 * How a request's resource is found: by the path's `id`, and only when it is the caller's.
 * @param missing what to say of one that is not there, or is somebody else's, which is the same
 */
export function finder<Services, E>(
  get: (services: Services, id: string, userId: string) => Promise<E | undefined>,
  missing: (id: string) => string,
): Find<Services, E> {
  return async ({ params, caller }, services) => {
    const id = params.id ?? '';
    const found = await get(services, id, caller.userId);
    if (!found) throw new AppError('not-found', missing(id));
    return found;
  };
}
