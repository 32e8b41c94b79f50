import { hookRequest } from '../../schemas/requests.ts';
import { environmentChain } from '../../shared/domain/environment-chain.ts';
import { newWebhookSecret } from '../../shared/events/webhook-signature.ts';
import { deleteRoute, finder, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError, type ErrorDetail } from '../../shared/platform/errors.ts';
import { type Services, view } from './services.ts';

const owned = finder(
  ({ hooks }: Pick<Services, 'hooks'>, id, userId) => hooks.getOwned(id, userId),
  (id) => `There is no hook '${id}'.`,
);

export const createHook = route<Services, typeof hookRequest>({
  method: 'POST',
  path: '/v1/hooks',
  summary: 'Lets GitHub, GitLab or another sender start runs by POST /v1/hooks/{id}; the secret is shown this once.',
  access: { scope: 'runs:write' },
  answers: { 201: 'hook-made' },
  body: hookRequest,
  async handle({ body, caller }, services) {
    const { name, sender, events = [], tests = [], suite, environment, baseUrl, variables = {} } = body;
    await check({ tests, suite, environment }, caller.userId, services);
    const secret = newWebhookSecret();
    const hook = await services.hooks.create({
      ...{ id: services.ids.next('hok'), user_id: caller.userId, name, sender, events, active: true },
      secret: await services.cipher.encrypt(secret),
      ...{ tests, variables },
      ...(suite === undefined ? {} : { suite }),
      ...(environment === undefined ? {} : { environment }),
      ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    });
    return { status: 201, headers: { location: `/v1/hooks/${hook.id}` }, body: { ...view(hook), secret } };
  },
});

export const listHooks = listRoute(
  { path: '/v1/hooks', summary: 'Lists your hooks, newest first.', scope: 'runs:read', answer: 'hooks' },
  ({ hooks }: Services, userId, page) => hooks.list(userId, page),
  view,
);

export const readHook = readRoute(
  { path: '/v1/hooks/:id', summary: 'Reads a hook.', scope: 'runs:read', answer: 'hook' },
  owned,
  view,
);

export const deleteHook = deleteRoute(
  { path: '/v1/hooks/:id', summary: 'Deletes a hook: its sender starts nothing any more.', scope: 'runs:write' },
  owned,
  view,
  ({ hooks }: Services, { id }, check) => hooks.delete(id, check),
);

/** @throws AppError when what is to be run is not there */
async function check(
  { tests, suite, environment }: { tests: string[]; suite: string | undefined; environment: string | undefined },
  userId: string,
  services: Services,
): Promise<void> {
  if (tests.length > 0 === (suite !== undefined))
    throw new AppError('invalid-argument', "Name what to run: one of 'tests' (ids) or 'suite' (an id).");
  const details: ErrorDetail[] = (await services.tests.getAll(tests, userId)).flatMap((test, i) =>
    test ? [] : [{ pointer: `/tests/${i}`, message: `there is no test '${tests[i]}'` }],
  );
  if (suite !== undefined && !(await services.suites.get(suite, userId)))
    details.push({ pointer: '/suite', message: `there is no suite '${suite}'` });
  if (details.length > 0) throw new AppError('unprocessable', 'What is to be run is not there.', { details });
  if (environment !== undefined) await environmentChain(services.environments, userId, environment);
}
