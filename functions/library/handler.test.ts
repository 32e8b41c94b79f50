import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { NewCheckpoint } from '../../shared/domain/library.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { aLibraryCheckpoint, appError, aRequest } from '../testing.ts';
import { deleteCheckpoint, listLibrary, readCheckpoint, storeCheckpoint } from './handler.ts';

function bench(found: ReturnType<typeof aLibraryCheckpoint> | undefined = aLibraryCheckpoint()) {
  const library = {
    find: sinon.stub().resolves(found),
    list: sinon.stub().resolves([found]),
    store: sinon.stub().callsFake(async (given: NewCheckpoint) => ({
      checkpoint: { ...aLibraryCheckpoint(), ...given, version: 2 },
      created: true,
    })),
    delete: sinon.stub().resolves(),
  };
  return { library, services: withBase({ library }) as never };
}

describe('storing a library checkpoint', () => {
  const send = async (text: string) => {
    const { library, services } = bench();
    const reply = await storeCheckpoint.handle(aRequest({ body: Buffer.from(text) }) as never, services);
    return { reply, stored: library.store.firstCall?.args[0] as NewCheckpoint };
  };
  const compact =
    'test: log in\ndesc: as anybody\nv: {user: , pin: 7}\ndo:\n  - t: {User: "{{user}}"}\n  - note: "{{pin}}"\n';

  it('takes its steps from a test file in any form, and its variables as parameters', async () => {
    const { reply, stored } = await send(compact);
    assert.equal(reply.status, 201);
    assert.equal(reply.headers?.location, '/v1/library/lib_1');
    const { content_hash: hash, ...rest } = stored;
    assert.deepEqual(rest, {
      user_id: 'usr_1',
      name: 'log in',
      description: 'as anybody',
      steps: [
        { command: 'interact.write', target: 'User', text: '{{user}}' },
        { command: 'misc.comment', text: '{{pin}}' },
      ],
      parameters: [{ name: 'user' }, { name: 'pin', default: 7 }],
    });
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.equal((reply.body as { contentHash: string }).contentHash, hash);
  });

  it('takes JSON in canonical form, and leaves the names of variables alone', async () => {
    const steps = [{ command: 'control.use', checkpoint: 'open', with: { user_name: 'ada' } }];
    const { reply, stored } = await send(
      JSON.stringify({ name: 'x', variables: { a_b: { c_d: 1 } }, checkpoints: [{ name: 'x', steps }] }),
    );
    assert.deepEqual(stored.steps, steps);
    const body = reply.body as { steps: unknown; parameters: unknown };
    assert.deepEqual([body.steps, body.parameters], [steps, [{ name: 'a_b', default: { c_d: 1 } }]]);
  });

  it('answers 200 where the newest version says the same', async () => {
    const { library, services } = bench();
    library.store.resolves({ checkpoint: aLibraryCheckpoint(), created: false });
    const reply = await storeCheckpoint.handle(aRequest({ body: Buffer.from(compact) }) as never, services);
    assert.equal(reply.status, 200);
  });

  const wrong: readonly [string, string, RegExp][] = [
    ['a step that is not understood', 'test: x\ndo:\n  - clik: a\n', /Line 3, column 5: 'clik' is not an action/],
    ['a setup', 'test: x\nsetup: [c: a]\ndo: [c: a]\n', /has no 'setup'/],
    ['a base address', 'test: x\nbase: https://a.example\ndo: [c: a]\n', /has no 'baseUrl'/],
    ['a configuration', 'test: x\nconfig: {retries: 2}\ndo: [c: a]\n', /has no 'config'/],
    ['the name of a version', 'test: x@2\ndo: [c: a]\n', /'x@2' is no name/],
    ['the name of an id', 'test: lib_x\ndo: [c: a]\n', /'lib_x' is no name/],
    ['several tests', 'test: x\ndo: [c: a]\n---\ntest: y\ndo: [c: a]\n', /several tests/],
  ];
  for (const [title, text, message] of wrong) {
    it(`refuses ${title}, with diagnostics`, async () => {
      await assert.rejects(send(text), (error: unknown) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, 'unprocessable');
        assert.match(error.message, message);
        assert.ok((error.details?.length ?? 0) > 0);
        return true;
      });
    });
  }
});

describe('the library', () => {
  it('is listed', async () => {
    const reply = await listLibrary.handle(aRequest({ query: {} }), bench().services);
    assert.deepEqual(
      (reply.body as { items: { name: string }[] }).items.map(({ name }) => name),
      ['log in'],
    );
  });

  it('is read by id, name and version', async () => {
    const { library, services } = bench();
    const reply = await readCheckpoint.handle(aRequest({ params: { id: 'log in@1' } }), services);
    assert.equal((reply.body as { id: string }).id, 'lib_1');
    assert.deepEqual(library.find.args, [['log in@1', 'usr_1']]);
  });

  it('loses the version that is deleted', async () => {
    const { library, services } = bench();
    assert.equal((await deleteCheckpoint.handle(aRequest({ params: { id: 'log in' } }), services)).status, 204);
    assert.deepEqual(library.delete.args, [[aLibraryCheckpoint()]]);
  });

  it('has nothing that is not there, or is somebody else’s', async () => {
    const { library, services } = bench();
    library.find.resolves(undefined);
    const request = aRequest({ params: { id: 'nothing' } });
    await assert.rejects(readCheckpoint.handle(request, services), appError('not-found', /no checkpoint 'nothing'/));
    await assert.rejects(deleteCheckpoint.handle(request, services), appError('not-found'));
    assert.equal(library.delete.callCount, 0);
  });
});
