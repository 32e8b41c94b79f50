import { hookRequest } from '../../schemas/requests.ts';
import { newWebhookSecret } from '../../shared/events/webhook-signature.ts';
import { deleteRoute, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { checkSelection } from './check-selection.ts';
import { owned, type Services, view } from './services.ts';

export const createHook = route<Services, typeof hookRequest>({
  method: 'POST',
  path: '/v1/hooks',
  summary: 'Lets GitHub, GitLab or another sender start runs by POST /v1/hooks/{id}; the secret is shown this once.',
  access: { scope: 'runs:write' },
  answers: { 201: 'hook-made' },
  body: hookRequest,
  async handle({ body, caller }, services) {
    const { name, sender, events = [], tests = [], suite, environment, baseUrl, variables = {} } = body;
    await checkSelection({ tests, suite, environment }, caller.userId, services);
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
