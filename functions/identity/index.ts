import { defineFunction } from '../../shared/define/function.ts';
import { defineService } from '../../shared/define/service.ts';
import { http } from '../../shared/define/trigger.ts';
import { apiKeys } from '../../shared/domain/api-keys.ts';
import { erasures } from '../../shared/domain/erasures.ts';
import { usage } from '../../shared/domain/usage.ts';
import { users } from '../../shared/domain/users.ts';
import { publisher } from '../../shared/events/publish.ts';
import { accessTokens } from '../../shared/http/access-tokens.ts';
import { eraseSelf, eraseUser, readErasure } from './erasure.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';
import { exchangeKey, publicKeys } from './tokens.ts';
import { createUser, listUsers, patchSelf, patchUser, readSelf, readUser } from './users.ts';

export const identity = defineFunction({
  name: 'identity',
  summary: 'Keeps users and their API keys, and gives access tokens.',
  trigger: http([
    exchangeKey,
    publicKeys,
    readSelf,
    patchSelf,
    eraseSelf,
    createUser,
    listUsers,
    readUser,
    patchUser,
    eraseUser,
    readErasure,
    createKey,
    listKeys,
    revokeKey,
  ]),
  services: {
    keys: apiKeys,
    users,
    usage,
    erasures,
    tokens: accessTokens,
    events: publisher('user.created', 'user.changed', 'api_key.created', 'api_key.revoked'),
    randomBytes: defineService([], ({ randomBytes }) => randomBytes),
  },
});
