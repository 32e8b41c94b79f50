import { type LiveSessionEntity, type LiveSessionRequest, liveSessionRequest } from '../../schemas/live.ts';
import { checkEnvironment } from '../../shared/domain/environment-chain.ts';
import { IDLE_MS, KEPT_MS } from '../../shared/domain/live-sessions.ts';
import { storable } from '../../shared/domain/storable.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { deleteRoute, finder, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import { endOf } from './end-of.ts';
import type { Services } from './services.ts';

/** What a session's variables may take of a document's 1 MiB, as JSON. */
const LARGEST_VARIABLES = 500_000;

/** The caller's live session that a request names. */
export const owned = finder(
  ({ live }: Pick<Services, 'live'>, id, userId) => live.getOwned(id, userId),
  (id) => `There is no live session '${id}'.`,
);

/** A session as its owner sees it. */
export function view({ closes_at, ...session }: LiveSessionEntity) {
  const {
    lease: _lease,
    variables: _variables,
    woken_at: _woken,
    expires_at: _expires,
    trace: _trace,
    ...told
  } = session;
  const { state_object: _object, state_generation: _generation, stopped_batch: _batch, ...more } = told;
  const {
    last_navigation: _navigation,
    cold_start: _cold,
    browser_ms: _time,
    stored_bytes: _bytes,
    settings: _settings,
    ...rest
  } = more;
  // Its lease is renewed all the time: that is no change of it to anybody.
  const { checkpoints: _checkpoints, ends_at: _ends, updated_at: _updated, ...shown } = rest;
  return { ...(camelize(shown) as object), ...(closes_at ? { expiresAt: closes_at.toISOString() } : {}) };
}

export const createSession = route<Services, typeof liveSessionRequest>({
  method: 'POST',
  path: '/v1/sessions',
  summary: 'Opens a live session, which takes commands one by one; it ends after an hour without any, or after a day.',
  access: { scope: 'sessions:write' },
  answers: { 201: 'live-session' },
  body: liveSessionRequest,
  async handle(request, { live, usage, environments, ids, clock }) {
    const { userId } = request.caller;
    const body = request.body as LiveSessionRequest;
    const bytes = Buffer.byteLength(JSON.stringify(body.variables ?? {}));
    if (bytes > LARGEST_VARIABLES) {
      const message = `has ${bytes} bytes; at most ${LARGEST_VARIABLES} are taken`;
      throw new AppError('unprocessable', 'The variables are too large.', {
        details: [{ pointer: '/variables', message }],
      });
    }
    // Refused sessions are not counted: whatever can be wrong is looked at before.
    storable({ variables: body.variables ?? {} });
    const now = clock.now();
    const end = body.expiresAt === undefined ? undefined : endOf(body.expiresAt, new Date(now), now);
    if (body.environment !== undefined) await checkEnvironment(body.environment, userId, environments);
    const key = request.header('idempotency-key');
    const id = key ? derivedId('ses', userId, key) : ids.next('ses');
    annotate({ session_id: id });
    await usage.openLive(request.caller, id);
    const trace = currentTrace();
    const { name, description } = body;
    const session = await live.create({
      id,
      user_id: userId,
      kind: 'live',
      status: 'idle',
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(body.baseUrl === undefined ? {} : { base_url: body.baseUrl }),
      ...(body.environment === undefined ? {} : { environment: body.environment }),
      config: body.config ?? {},
      variables: body.variables ?? {},
      replay: body.replay ?? 'safe',
      commands: 0,
      done: 0,
      passed: 0,
      failed: 0,
      last_navigation: 0,
      resumed: 0,
      closes_at: end ?? new Date(now + IDLE_MS),
      ...(end ? { ends_at: end } : {}),
      expires_at: new Date(now + KEPT_MS),
      ...(trace ? { trace } : {}),
    });
    return { status: 201, headers: { location: `/v1/sessions/${id}` }, body: view(session) };
  },
});

export const listSessions = listRoute(
  {
    path: '/v1/sessions',
    summary: 'Lists your live sessions, newest first.',
    scope: 'sessions:read',
    answer: 'live-sessions',
  },
  ({ live }: Services, userId, page) => live.list(userId, page),
  view,
);

export const readSession = readRoute(
  { path: '/v1/sessions/:id', summary: 'Reads a live session.', scope: 'sessions:read', answer: 'live-session' },
  owned,
  view,
);

export const closeSession = deleteRoute(
  {
    path: '/v1/sessions/:id',
    summary: 'Closes a live session: what runs is stopped. Its commands and their results stay.',
    scope: 'sessions:write',
  },
  owned,
  view,
  async ({ live }: Services, session, check) => {
    check(session);
    await live.end(session.id, 'closed');
  },
);
