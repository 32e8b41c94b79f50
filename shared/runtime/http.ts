import { getRequestListener } from '@hono/node-server';
import type { AnyFunction } from '../define/function.ts';
import type { HttpTrigger } from '../define/trigger.ts';
import { createIdempotency } from '../domain/idempotency.ts';
import { createApp } from '../http/app.ts';
import { createAuthenticate } from '../http/authenticate.ts';
import { createRequestRecorder } from '../http/record-requests.ts';
import type { Platform } from '../platform/platform.ts';
import { createSecrets } from '../platform/secrets.ts';

/** Answers HTTP requests with the routes of a function. */
export function httpListener(declaration: AnyFunction, platform: Platform, services: Record<string, unknown>) {
  const recorder = createRequestRecorder(platform);
  platform.onStop(recorder.flush);
  const app = createApp({
    name: declaration.name,
    routes: (declaration.trigger as HttpTrigger).routes,
    services,
    platform,
    authenticate: createAuthenticate(createSecrets(platform)),
    recorder,
    idempotency: createIdempotency(platform),
  });
  return getRequestListener(app.fetch);
}
