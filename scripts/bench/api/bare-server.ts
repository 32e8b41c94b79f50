import * as framework from '@google-cloud/functions-framework';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { createRun, readRun } from '../../../functions/runs/handler.ts';
import { runs } from '../../../functions/runs/index.ts';
import type { ApiRequest, Route } from '../../../shared/http/route.ts';
import { allScopes } from '../../../shared/http/scopes.ts';
import { createPlatform } from '../../../shared/platform/platform.ts';
import { outsideDomain } from '../../../shared/runtime/leave-domain.ts';
import { lazyServices } from '../../../shared/runtime/serve.ts';
import { OUTSIDE } from './outside.ts';

/**
 * The function that ours are measured against: a hono app without anything of `shared/http`. `/bench/constant` answers
 * what it has in memory; `/bench/runs` does what the handlers of `/v1/runs` do, and nothing else. One of the
 * two leaves the framework's domain as ours do, so that what that spares does not hide what the manners cost.
 */
const services = lazyServices(runs.services, createPlatform());
const constant = { id: 'run_1', status: 'queued', totals: { passed: 0, failed: 0 } };

const without = (route: Route<never>) => async (context: Context) => {
  const request: ApiRequest = {
    params: context.req.param() as Record<string, string>,
    query: {},
    body: context.req.method === 'POST' ? await context.req.json() : undefined,
    caller: { userId: context.req.header('x-user') ?? '', scopes: allScopes, keyHash: '' },
    id: '',
    method: context.req.method,
    header: (name) => context.req.header(name),
    waitSeconds: undefined,
  };
  const { status, body } = await route.handle(request, services as never);
  return context.json(body as object, status as 200);
};

const app = new Hono();
for (const base of ['/bench', '/bench-outside']) {
  app.get(`${base}/constant`, (context) => context.json(constant));
  app.post(`${base}/constant`, async (context) => context.json(await context.req.json()));
  app.get(`${base}/runs/:id`, without(readRun as Route<never>));
  app.post(`${base}/runs`, without(createRun as Route<never>));
}
const { FUNCTION_TARGET: target = '' } = process.env;
const listener = getRequestListener(app.fetch);
framework.http(target, target === OUTSIDE ? outsideDomain(listener) : listener);
