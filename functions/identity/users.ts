import type { UserEntity } from '../../schemas/entities.ts';
import { selfPatch, userPatch, userRequest } from '../../schemas/requests.ts';
import type { UserChange } from '../../shared/domain/users.ts';
import { BOOTSTRAP_USER } from '../../shared/http/authenticate.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { finder, listRoute, readRoute } from '../../shared/http/resources.ts';
import { type ApiRequest, type Caller, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Services } from './services.ts';

export const view = (user: UserEntity) =>
  camelize(user, new Set(['settings'])) as Pick<UserEntity, 'role' | 'disabled'>;

export const missing = (id: string): string => `There is no user '${id}'.`;
const named = finder(({ users }: Services, id) => users.get(id), missing);

export const createUser = route<Services, typeof userRequest>({
  method: 'POST',
  path: '/v1/users',
  summary: 'Creates a user; a key for them is made with POST /v1/api-keys.',
  access: { scope: 'users:admin' },
  answers: { 201: 'user' },
  body: userRequest,
  async handle({ body, caller, id: requestId }, { users, events, ids }) {
    const { role = 'developer', email, name } = body;
    const user = await users.create({ id: ids.next('usr'), email, name, role, settings: {}, disabled: false });
    const data = { user_id: user.id, by: caller.userId, role };
    await events.publish([
      { type: 'user.created', key: [user.id, requestId], subject: `users/${user.id}`, time: user.created_at, data },
    ]);
    return { status: 201, headers: { location: `/v1/users/${user.id}` }, body: view(user) };
  },
});

export const listUsers = listRoute(
  { path: '/v1/users', summary: 'Lists the users, newest first.', scope: 'users:admin', answer: 'users' },
  ({ users }: Services, _userId, page) => users.list(page),
  view,
);

export const readSelf = route<Services>({
  method: 'GET',
  path: '/v1/users/me',
  summary: 'Tells who you are, what your key may do, and what you have used of your quotas.',
  access: 'authenticated',
  answers: { 200: 'self' },
  async handle({ caller }, { users, usage }) {
    const [user, quotas] = await Promise.all([users.get(caller.userId), usage.of(caller)]);
    const self = user ? view(user) : ownerOfBootstrapKey(caller);
    return { status: 200, body: { ...self, quotas, scopes: caller.scopes }, resource: self };
  },
});

/** The bootstrap key is there before any user is. */
const ownerOfBootstrapKey = ({ userId }: Caller) => ({
  id: userId,
  name: 'Bootstrap key',
  role: 'admin',
  settings: {},
});

export const patchSelf = route<Services, typeof selfPatch>({
  method: 'PATCH',
  path: '/v1/users/me',
  summary: 'Changes your name or settings.',
  access: 'authenticated',
  answers: { 200: 'user' },
  body: selfPatch,
  async handle(request, { users }) {
    const { userId } = request.caller;
    checkSize(request.body.settings);
    if (userId === BOOTSTRAP_USER)
      throw new AppError('permission-denied', 'The bootstrap key is of no user to change.');
    return { status: 200, body: await changed(userId, request.body, request, { users }) };
  },
});

/** What a user's settings may take, as JSON: they are read with every request of the user. */
const LARGEST_SETTINGS = 16 * 1024;

/** @throws AppError too-large */
function checkSize(settings: Readonly<Record<string, unknown>> | undefined): void {
  const bytes = Buffer.byteLength(JSON.stringify(settings ?? {}));
  if (bytes <= LARGEST_SETTINGS) return;
  const message = `has ${bytes} bytes as JSON; at most ${LARGEST_SETTINGS} are kept`;
  throw new AppError('too-large', `The settings are too large: ${bytes} bytes, at most ${LARGEST_SETTINGS} are kept.`, {
    details: [{ pointer: '/settings', message }],
  });
}

export const readUser = readRoute(
  { path: '/v1/users/:id', summary: 'Reads a user.', scope: 'users:admin', answer: 'user' },
  named,
  view,
);

export const patchUser = route<Services, typeof userPatch>({
  method: 'PATCH',
  path: '/v1/users/:id',
  summary:
    "Changes a user's name, role or quotas, or disables them: their keys and tokens are refused at once. A lowered parallelSessions holds for the runs that come.",
  access: { scope: 'users:admin' },
  answers: { 200: 'user' },
  body: userPatch,
  async handle(request, { users, events, clock }) {
    const { params, body, caller, id: requestId } = request;
    const id = params.id ?? '';
    const user = await changed(id, body, request, { users });
    const data = { user_id: id, by: caller.userId, role: user.role, disabled: user.disabled };
    const time = new Date(clock.now());
    await events.publish([{ type: 'user.changed', key: [id, requestId], subject: `users/${id}`, time, data }]);
    return { status: 200, body: user };
  },
});

async function changed(
  id: string,
  patch: UserChange,
  { header }: Pick<ApiRequest, 'header'>,
  { users }: Pick<Services, 'users'>,
): Promise<ReturnType<typeof view>> {
  const user = await users.change(id, patch, (current) => checkIfMatch(header('if-match'), view(current)));
  if (!user) throw new AppError('not-found', missing(id));
  return view(user);
}
