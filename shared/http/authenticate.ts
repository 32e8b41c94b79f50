import { timingSafeEqual } from 'node:crypto';
import type { UserEntity } from '../../schemas/entities.ts';
import { type ApiKeys, hashOfKey } from '../domain/api-keys.ts';
import type { Users } from '../domain/users.ts';
import { setBounded } from '../platform/bounded-map.ts';
import { AppError } from '../platform/errors.ts';
import type { Clock } from '../platform/platform.ts';
import type { Secrets } from '../platform/secrets.ts';
import { apiKeySecret } from '../resources/secrets.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Access, Caller } from './route.ts';
import { allScopes, scopesOfRole } from './scopes.ts';

/** Finds out who sends a request, and whether they may. @throws AppError unauthenticated, permission-denied */
export type Authenticate = (headers: Headers, access: Access) => Promise<Caller>;

/** Where identities are kept. */
export interface Identities {
  readonly secrets: Pick<Secrets, 'read'>;
  readonly keys: Pick<ApiKeys, 'withUser' | 'noteUse'>;
  readonly users: Pick<Users, 'get'>;
  readonly tokens: Pick<AccessTokens, 'verify'>;
  readonly clock: Clock;
}

interface Known extends Identities {
  /** Ids of users by the hashes of their keys, which never change hands. */
  readonly owners: Map<string, string>;
}

/** Keys whose users an instance remembers. */
const MOST_REMEMBERED = 10_000;

const anonymous: Caller = { userId: 'anonymous', scopes: [], keyHash: '' };
/** Hash under which the bootstrap key's tokens name their key: no hash of a real one. */
export const BOOTSTRAP_HASH = 'bootstrap';
/** Owns the bootstrap key, and is no user that is stored. */
export const BOOTSTRAP_USER = 'usr_bootstrap';
/** The owner of the bootstrap key may do everything. */
const bootstrap: Caller = { userId: BOOTSTRAP_USER, scopes: allScopes, keyHash: BOOTSTRAP_HASH };

/** Authentication by an API key (`X-API-Key: vrt_…`, or as a bearer) or by an access token (`Authorization: Bearer eyJ…`). */
export function createAuthenticate(given: Identities): Authenticate {
  const identities = { ...given, owners: new Map<string, string>() };
  return async (headers, access) => {
    if (access === 'public') return anonymous;
    const credential = headers.get('x-api-key') ?? headers.get('authorization')?.match(/^Bearer (\S+)$/i)?.[1];
    if (!credential) throw new AppError('unauthenticated', "An API key is needed: send it as 'X-API-Key: vrt_…'.");
    const isToken = credential.split('.').length === 3;
    const caller = await (isToken ? byToken(credential, identities) : byKey(credential, identities));
    checkScope(caller, access);
    return caller;
  };
}

/** @throws AppError permission-denied when the caller lacks what the access needs */
export function checkScope({ scopes }: Caller, access: Access): void {
  if (typeof access === 'string' || scopes.includes(access.scope)) return;
  throw new AppError('permission-denied', `The key lacks the scope '${access.scope}'.`);
}

async function byKey(given: string, identities: Known): Promise<Caller> {
  const { value } = await identities.secrets.read(apiKeySecret);
  const hash = hashOfKey(given);
  return sameHash(hash, hashOfKey(value)) ? bootstrap : await ofKey(hash, identities);
}

/** The token's key and user are looked at too: who is locked out is locked out at once, not in a quarter of an hour. */
async function byToken(token: string, identities: Known): Promise<Caller> {
  const { scopes, keyHash, userId } = await identities.tokens.verify(token);
  const now = keyHash === BOOTSTRAP_HASH ? bootstrap : await ofKey(keyHash, identities);
  if (now.userId !== userId) throw new AppError('unauthenticated', 'The token is not valid.');
  return { ...now, scopes: now.scopes.filter((scope) => scopes.includes(scope)) };
}

/** Both are read for every request: in one, as soon as it is known whose the key is. */
async function ofKey(hash: string, { keys, users, clock, owners }: Known): Promise<Caller> {
  const owner = owners.get(hash);
  const { key, user: remembered } = await keys.withUser(hash, owner);
  if (!key) throw new AppError('unauthenticated', 'The API key is not valid.');
  if (key.revoked_at) throw new AppError('unauthenticated', 'The API key has been revoked.');
  if (key.expires_at && key.expires_at.getTime() <= clock.now()) {
    throw new AppError('unauthenticated', 'The API key has expired.');
  }
  const { user_id: id } = key;
  const user = id === bootstrap.userId || id === owner ? remembered : await users.get(id);
  const { scopes, ...more } = id === bootstrap.userId ? bootstrap : standing(user);
  remember(owners, hash, id);
  keys.noteUse(key);
  return { ...more, userId: id, scopes: key.scopes.filter((scope) => scopes.includes(scope)), keyHash: hash };
}

function remember(owners: Known['owners'], hash: string, id: string): void {
  if (id === bootstrap.userId || owners.has(hash)) return;
  setBounded(owners, hash, id, MOST_REMEMBERED);
}

/** A role may have been taken from a user since the key was made. */
function standing(user: UserEntity | undefined): Pick<Caller, 'scopes' | 'quotas'> {
  if (!user || user.disabled) throw new AppError('unauthenticated', "The API key's user is disabled.");
  return { scopes: scopesOfRole[user.role], ...(user.quotas ? { quotas: user.quotas } : {}) };
}

/** Comparison whose time tells nothing: over hashes, so that lengths do not show either. */
const sameHash = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b));
