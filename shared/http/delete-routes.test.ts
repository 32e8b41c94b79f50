import assert from 'node:assert/strict';
import sinon from 'sinon';
import { AppError } from '../platform/errors.ts';
import { etagOf } from './etags.ts';
import { deleteRoute, finder } from './resources.ts';

interface Thing {
  readonly id: string;
  readonly size: number;
}

describe('a route that deletes', () => {
  function bench(stored: Thing | undefined = { id: 'x_1', size: 3 }) {
    const removed = sinon.stub();
    const things = {
      get: async () => stored,
      delete: async (found: Thing, check: (current: Thing) => void) => {
        // It has changed between the two.
        check({ ...found, size: found.size + 1 });
        removed(found.id);
      },
    };
    const find = finder(
      ({ get }: typeof things) => get(),
      (id) => `There is no thing '${id}'.`,
    );
    const about = { path: '/things/:id', summary: 'Deletes.', scope: 'tests:write' } as const;
    const view = ({ id, size }: Thing) => ({ id, size });
    const route = deleteRoute(about, find, view, (services: typeof things, found, check) =>
      services.delete(found, check),
    );
    const call = (ifMatch?: string) => {
      const request = { params: { id: 'x_1' }, caller: { userId: 'usr_1' }, header: () => ifMatch };
      return route.handle(request as never, things as never);
    };
    return { call, removed };
  }
  const code = (wanted: string) => (error: unknown) => error instanceof AppError && error.code === wanted;

  it('answers 204', async () => {
    const { call, removed } = bench();
    assert.deepEqual(await call(), { status: 204 });
    assert.deepEqual(removed.args, [['x_1']]);
  });

  it('refuses what has changed since it was read, as it is where it is deleted', async () => {
    const { call, removed } = bench();
    await assert.rejects(call(etagOf('{"id":"x_1","size":3}')), code('precondition-failed'));
    assert.equal(removed.callCount, 0);
    assert.deepEqual(await call(etagOf('{"id":"x_1","size":4}')), { status: 204 });
  });

  it('does not find what is not there', async () => {
    const { call } = bench(null as never);
    await assert.rejects(call('*'), code('not-found'));
  });
});
