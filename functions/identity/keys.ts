import type { ApiKeyEntity } from '../../schemas/entities.ts';
import { apiKeyRequest } from '../../schemas/requests.ts';
import { hashOfKey, newApiKey, prefixOfKey } from '../../shared/domain/api-keys.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listRoute } from '../../shared/http/resources.ts';
import { type Caller, route } from '../../shared/http/route.ts';
import { scopes as scopeWords } from '../../shared/http/scopes.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Services } from './services.ts';

const DAY_MS = 24 * 3600_000;

const view = ({ id: _hash, key_id, ...key }: ApiKeyEntity) => ({ id: key_id, ...(camelize(key) as object) });

export const createKey = route<Services, typeof apiKeyRequest>({
  method: 'POST',
  path: '/v1/api-keys',
  summary: 'Makes an API key; the key itself is in this answer and never shown again.',
  access: { scope: 'keys:write' },
  answers: { 201: 'api-key-made' },
  body: apiKeyRequest,
  async handle({ body, caller, id: requestId }, { keys, users, events, ids, clock, randomBytes }) {
    const userId = ownerOf(body.userId, caller);
    if (userId !== caller.userId && !(await users.get(userId))) {
      throw new AppError('unprocessable', `There is no user '${userId}'.`, {
        details: [{ pointer: '/userId', message: 'no such user' }],
      });
    }
    const text = newApiKey(randomBytes);
    const now = clock.now();
    const key = await keys.create({
      id: hashOfKey(text),
      key_id: ids.next('key'),
      user_id: userId,
      name: body.name,
      prefix: prefixOfKey(text),
      scopes: checkedScopes(body.scopes, caller),
      ...(body.expiresInDays === undefined ? {} : { expires_at: new Date(now + body.expiresInDays * DAY_MS) }),
    });
    const { key_id, prefix, scopes } = key;
    const data = { user_id: userId, by: caller.userId, key_id, prefix, scopes };
    await events.publish([
      { type: 'api_key.created', key: [key_id, requestId], subject: `api-keys/${key_id}`, time: new Date(now), data },
    ]);
    return { status: 201, headers: { location: `/v1/api-keys/${key_id}` }, body: { ...view(key), key: text } };
  },
});

/** Only administrators make keys for somebody else. */
function ownerOf(wanted: string | undefined, caller: Caller): string {
  if (wanted === undefined || wanted === caller.userId) return caller.userId;
  if (caller.scopes.includes('users:admin')) return wanted;
  throw new AppError('permission-denied', "A key for another user needs the scope 'users:admin'.");
}

/** A key may do no more than the one that makes it. */
function checkedScopes(wanted: readonly string[] | undefined, caller: Caller): string[] {
  const given = [...new Set(wanted ?? caller.scopes)];
  const problems = given.flatMap((scope) => {
    if (caller.scopes.includes(scope)) return [];
    const known = Object.hasOwn(scopeWords, scope);
    const message = known ? `you do not have the scope '${scope}' yourself` : `there is no scope '${scope}'`;
    return [{ pointer: `/scopes/${wanted?.indexOf(scope)}`, message, hint: `you have ${caller.scopes.join(', ')}` }];
  });
  if (problems.length === 0) return given;
  throw new AppError('unprocessable', 'Some of the scopes cannot be given.', { details: problems });
}

export const listKeys = listRoute(
  {
    path: '/v1/api-keys',
    summary: 'Lists your API keys, newest first; never the keys themselves.',
    scope: 'keys:write',
    answer: 'api-keys',
  },
  ({ keys }: Services, userId, page) => keys.list(userId, page),
  view,
);

export const revokeKey = route<Services>({
  method: 'DELETE',
  path: '/v1/api-keys/:id',
  summary: 'Revokes an API key at once.',
  access: { scope: 'keys:write' },
  answers: { 204: 'nothing' },
  async handle({ params, caller, id: requestId }, { keys, events, clock }) {
    const id = params.id ?? '';
    const key = await keys.revoke(id, caller.scopes.includes('users:admin') ? undefined : caller.userId);
    if (!key) throw new AppError('not-found', `There is no API key '${id}'.`);
    if (!key.revoked_at) {
      const data = { user_id: key.user_id, by: caller.userId, key_id: id, prefix: key.prefix };
      const time = new Date(clock.now());
      await events.publish([{ type: 'api_key.revoked', key: [id, requestId], subject: `api-keys/${id}`, time, data }]);
    }
    return { status: 204 };
  },
});
