import { pageQuery } from '../../schemas/live.ts';
import { hasResult } from '../../shared/domain/live-sessions.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { send } from './send.ts';
import type { Services } from './services.ts';

export const readPage = route<Services, undefined, typeof pageQuery>({
  method: 'GET',
  path: '/v1/sessions/:id/page',
  summary:
    "Looks at a live session's page, after the commands before it: address, title, accessibility tree, tabs, what went wrong since the last time, and a picture if wanted.",
  access: { scope: 'sessions:read' },
  limit: 'command',
  answers: { 200: 'live-page' },
  query: pageQuery,
  async handle(request, services) {
    const { screenshot, snapshotMaxBytes } = request.query;
    const look = snapshotMaxBytes === undefined ? {} : { snapshotMaxBytes: Number(snapshotMaxBytes) };
    const reading = { kind: 'page' as const, look, screenshot: screenshot === 'true', stop_on_error: false };
    // There is no answer to come back for: who prefers not to wait waits all the same.
    const waiting = { ...request, waitSeconds: request.waitSeconds || undefined };
    const [command] = await send(waiting, [reading], services).catch(gone);
    if (!command || !hasResult(command)) {
      throw new AppError('unavailable', 'The page could not be looked at in time: commands before it are under way.', {
        retryAfter: 5,
      });
    }
    const { page, position, resumed, result } = command;
    if (!page) throw new AppError('unavailable', result?.error?.message ?? 'The page could not be looked at.');
    const { screenshot_object: object, ...shown } = page;
    const picture = object === undefined ? undefined : await services.artifacts.get(object);
    return {
      status: 200,
      body: {
        n: position,
        ...shown,
        ...(resumed ? { resumed } : {}),
        ...(picture ? { screenshot: { contentType: 'image/jpeg', data: picture.toString('base64') } } : {}),
      },
    };
  },
});

/** A session that has ended has no page any more. */
function gone(error: unknown): never {
  if (error instanceof AppError && error.code === 'conflict') {
    throw new AppError('not-found', error.message, { cause: error });
  }
  throw error;
}
