import { getRequestListener } from '@hono/node-server';
import type { AnyFunction } from '../define/function.ts';
import type { HttpTrigger } from '../define/trigger.ts';
import { createApiKeys } from '../domain/api-keys.ts';
import { createIdempotency } from '../domain/idempotency.ts';
import { createTokenBuckets } from '../domain/token-buckets.ts';
import { createUsers } from '../domain/users.ts';
import { createAccessTokens } from '../http/access-tokens.ts';
import { createApp } from '../http/app.ts';
import { createAuthenticate, type Identities } from '../http/authenticate.ts';
import { createRateLimiter } from '../http/rate-limits.ts';
import { createRequestRecorder } from '../http/record-requests.ts';
import type { Platform } from '../platform/platform.ts';
import { createSecrets } from '../platform/secrets.ts';
import { upgradeListener } from './upgrade-listener.ts';

/** Answers HTTP requests with the routes of a function, and requests for a WebSocket. */
export function httpListener(declaration: AnyFunction, platform: Platform, services: Record<string, unknown>) {
  const recorder = createRequestRecorder(platform);
  platform.onStop(recorder.flush);
  const app = createApp({
    name: declaration.name,
    routes: (declaration.trigger as HttpTrigger).routes,
    services,
    platform,
    authenticate: createAuthenticate(identitiesOf(platform)),
    limiter: createRateLimiter(createTokenBuckets(platform), platform.clock, platform.config.rateLimitFactor),
    recorder,
    idempotency: createIdempotency(platform),
  });
  return { request: getRequestListener(app.fetch), upgrade: upgradeListener(app.fetch, platform) };
}

function identitiesOf(platform: Platform): Identities {
  const secrets = createSecrets(platform);
  return {
    secrets,
    keys: createApiKeys(platform),
    users: createUsers(platform),
    tokens: createAccessTokens(platform, secrets),
    clock: platform.clock,
  };
}
