import type { LiveSessionEntity } from '../../schemas/live.ts';
import { type LiveSessionPatch, liveSessionPatch } from '../../schemas/live-changes.ts';
import { closing, isClosed } from '../../shared/domain/live-sessions.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { endOf } from './end-of.ts';
import { owned, view } from './handler.ts';
import type { Services } from './services.ts';

export const patchSession = route<Services, typeof liveSessionPatch>({
  method: 'PATCH',
  path: '/v1/sessions/:id',
  summary:
    'Renames a live session, or changes when it ends and how the commands from then on run; null takes a name, a description or an end away.',
  access: { scope: 'sessions:write' },
  answers: { 200: 'live-session' },
  body: liveSessionPatch,
  async handle(request, services) {
    const { id } = await owned(request, services);
    const { FieldValue } = await import('@google-cloud/firestore');
    const gone = FieldValue.delete() as never;
    await services.live.change(id, (current) => {
      checkIfMatch(request.header('if-match'), view(current));
      return changes(current, request.body, gone, services.clock.now());
    });
    return { status: 200, body: view(await owned(request, services)) };
  },
});

/**
 * @param gone what takes a field away
 * @throws AppError conflict when the session has ended, for all but what it is called
 */
function changes(
  current: LiveSessionEntity,
  { name, description, expiresAt, config, replay }: LiveSessionPatch,
  gone: never,
  now: number,
): Partial<LiveSessionEntity> {
  const lasting = expiresAt !== undefined || config !== undefined || replay !== undefined;
  if (lasting && isClosed(current))
    throw new AppError('conflict', `The session is ${current.status}: only its name and description can be changed.`);
  const ends = expiresAt ? endOf(expiresAt, current.created_at, now) : undefined;
  const { ends_at: _before, ...open } = current;
  const settings = { config: { ...current.settings?.config, ...config }, ...(replay ? { replay } : {}) };
  return {
    ...(name === undefined ? {} : { name: name ?? gone }),
    ...(description === undefined ? {} : { description: description ?? gone }),
    ...(expiresAt === undefined
      ? {}
      : { ends_at: ends ?? gone, closes_at: closing(ends ? { ...open, ends_at: ends } : open, now) }),
    ...(replay ? { replay } : {}),
    ...(config ? { config: { ...current.config, ...config } } : {}),
    ...(config || replay ? { settings: { ...current.settings, ...settings } } : {}),
  };
}
