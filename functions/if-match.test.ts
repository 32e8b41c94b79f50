import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Route } from '../shared/http/route.ts';
import { withBase } from '../shared/platform/testing.ts';
import { functions } from './index.ts';
import { aHook, aLibraryCheckpoint, anEnvironment, appError, aRequest, aSuite, aTest, aWebhook } from './testing.ts';

const routes = functions.flatMap(({ trigger }) =>
  trigger.kind === 'http' ? (trigger.routes as readonly Route[]) : [],
);
const deleting = routes.filter(
  ({ method, path }) =>
    method === 'DELETE' &&
    routes.some((other) => other.method === 'GET' && other.path === path && path.endsWith(':id')),
);

/** What stands for each resource. Deletions look at it with nothing in between, or before they do anything. */
const stored: Record<string, object> = {
  tests: aTest(),
  suites: aSuite(),
  library: aLibraryCheckpoint(),
  environments: anEnvironment(),
  webhooks: aWebhook(),
  hooks: aHook(),
};

function servicesFor(resource: string) {
  const gone = sinon.stub();
  const one = stored[resource];
  const entity = {
    get: async () => one,
    getOwned: async () => one,
    find: async () => one,
    delete: async (_id: unknown, check?: (current: unknown) => void) => {
      check?.(one);
      gone();
    },
  };
  return { gone, services: withBase({ [resource]: entity, files: { delete: async () => gone() } }) };
}

describe('DELETE with If-Match', () => {
  it('is of every resource that can be read', () => {
    assert.ok(deleting.length >= 9, deleting.map(({ path }) => path).join());
  });

  for (const route of deleting) {
    const resource = route.path.split('/')[2] ?? '';
    if (!stored[resource]) continue;
    it(`${route.path} refuses what has changed since it was read, and deletes nothing`, async () => {
      const { gone, services } = servicesFor(resource);
      const read = routes.find(({ method, path }) => method === 'GET' && path === route.path);
      const call = (headers: Record<string, string>) =>
        route.handle(aRequest({ params: { id: 'x_1' }, headers }) as never, services as never);
      await assert.rejects(call({ 'if-match': '"of-another-day"' }), appError('precondition-failed'));
      assert.equal(gone.callCount, 0);
      const { body } = (await read?.handle(aRequest({ params: { id: 'x_1' } }) as never, services as never)) ?? {};
      const { etagOf } = await import('../shared/http/etags.ts');
      assert.equal((await call({ 'if-match': etagOf(JSON.stringify(body)) })).status, 204);
      assert.ok(gone.callCount >= 1);
    });
  }
});
