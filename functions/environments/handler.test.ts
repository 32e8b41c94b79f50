import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { EnvironmentEntity } from '../../schemas/entities.ts';
import { environmentPatch, environmentRequest } from '../../schemas/requests.ts';
import { etagOf } from '../../shared/http/etags.ts';
import type { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { anEnvironment, appError, aRequest } from '../testing.ts';
import {
  createEnvironment,
  deleteEnvironment,
  listEnvironments,
  patchEnvironment,
  readEnvironment,
} from './handler.ts';

function bench(stored: EnvironmentEntity[] = [anEnvironment()]) {
  const find = (id: string, userId: string) => stored.find((one) => one.id === id && one.user_id === userId);
  const environments = {
    getOwned: sinon.stub().callsFake(async (id: string, userId: string) => find(id, userId)),
    named: sinon.stub().callsFake(async (name: string) => stored.find((one) => one.name === name)),
    list: sinon.stub().resolves(stored),
    create: sinon.stub().callsFake(async (given) => anEnvironment({ ...given, id: 'env_2' })),
    change: sinon.stub().callsFake(async (_id, change) => {
      stored[0] = { ...(stored[0] as EnvironmentEntity), ...change(stored[0]) };
      return stored[0];
    }),
    delete: sinon.stub().resolves(),
  };
  const cipher = { encrypt: sinon.stub().callsFake(async (plain: string) => `sealed:${plain}`) };
  const services = withBase({ environments, cipher } as never) as never;
  const params = { id: 'env_1' };
  return {
    environments,
    services,
    create: (body: object) => createEnvironment.handle(aRequest({ body }), services),
    patch: (body: object, headers = {}) => patchEnvironment.handle(aRequest({ params, body, headers }), services),
    read: () => readEnvironment.handle(aRequest({ params }), services),
  };
}

describe('storing an environment', () => {
  const body = {
    name: 'live',
    parent: 'staging',
    variables: { HOST: 'a' },
    secrets: { KEY: 's3cret' },
    files: { cv: 'a.pdf' },
  };

  it('encrypts its secrets, and shows their names alone', async () => {
    const { environments, create } = bench();
    const reply = await create(body);
    const [stored] = environments.create.firstCall.args;
    assert.deepEqual([stored.user_id, stored.parent, stored.secrets], ['usr_1', 'staging', { KEY: 'sealed:s3cret' }]);
    assert.equal(reply.status, 201);
    assert.equal(reply.headers?.location, '/v1/environments/env_2');
    assert.deepEqual((reply.body as { secrets: string[] }).secrets, ['KEY']);
    assert.doesNotMatch(JSON.stringify(reply), /s3cret|sealed/);
  });

  it('needs nothing but a name', async () => {
    const { environments, create } = bench();
    await create({ name: 'live' });
    const { variables, secrets, files, parent } = environments.create.firstCall.args[0];
    assert.deepEqual([variables, secrets, files, parent], [{}, {}, {}, undefined]);
  });

  it('is refused when the name is taken', async () => {
    const { environments, create } = bench();
    environments.create.resolves(undefined);
    await assert.rejects(create({ name: 'staging' }), appError('conflict', /'staging' already/));
  });

  for (const [what, wrong, code, message] of [
    [
      'a name that is a variable and a secret',
      { variables: { A: '1' }, secrets: { A: '2' } },
      'invalid-argument',
      /'A' is a variable too/,
    ],
    ['a parent that does not exist', { parent: 'gone' }, 'unprocessable', /no environment 'gone'/],
    ['itself as its parent', { parent: 'live' }, 'unprocessable', /'live'/],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const { environments, create } = bench();
      await assert.rejects(create({ name: 'live', ...wrong }), (error) => {
        assert.ok(appError(code)(error));
        assert.match((error as AppError).details.map((detail) => detail.message).join(), message);
        return true;
      });
      assert.equal(environments.create.callCount, 0);
    });
  }

  it('is refused when it is too large', async () => {
    const { create } = bench();
    const variables = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`V${i}`, '€'.repeat(4096)]));
    await assert.rejects(create({ name: 'live', variables }), appError('too-large'));
  });
});

describe('the contract of environments', () => {
  it('takes names as programs write them, and texts', () => {
    assert.deepEqual(
      environmentRequest.problems({ name: 'live', variables: { A_1: '', 'b.c-d': 'x' }, secrets: { S: 'x' } }),
      [],
    );
    for (const wrong of [
      { name: '' },
      { name: 'a b' },
      { name: 'a', variables: { '1A': 'x' } },
      { name: 'a', variables: { __x__: 'x' } },
      { name: 'a', variables: { A: 1 } },
      { name: 'a', variables: { A: 'x'.repeat(4097) } },
      { name: 'a', secrets: { A: '' } },
      { name: 'a', secrets: { A: null } },
      { name: 'a', variable: {} },
    ])
      assert.notDeepEqual(environmentRequest.problems(wrong), [], JSON.stringify(wrong));
    assert.deepEqual(environmentPatch.problems({ secrets: { A: null }, parent: null }), []);
    assert.notDeepEqual(environmentPatch.problems({ name: 'b' }), []);
  });
});

describe('environments', () => {
  it('are listed and read without their secrets', async () => {
    const { services, read } = bench();
    const list = await listEnvironments.handle(aRequest(), services);
    assert.doesNotMatch(JSON.stringify([list, await read()]), /sealed|hunter2/);
    const { secrets, variables } = (await read()).body as { secrets: string[]; variables: object };
    assert.deepEqual([secrets, variables], [['PASSWORD'], { HOST: 'staging.example' }]);
  });

  it('change in what is named; null takes it away', async () => {
    const { environments, patch } = bench([anEnvironment({ variables: { A: '1', B: '2' } })]);
    const { body } = await patch({ variables: { A: null, C: '3' }, secrets: { PASSWORD: 'new', KEY: 'k' } });
    const [stored] = environments.change.returnValues;
    const { variables, secrets } = await stored;
    assert.deepEqual(
      [variables, secrets],
      [
        { B: '2', C: '3' },
        { PASSWORD: 'sealed:new', KEY: 'sealed:k' },
      ],
    );
    assert.deepEqual((body as { secrets: string[] }).secrets, ['KEY', 'PASSWORD']);
  });

  it('do not change when they have changed since they were read', async () => {
    const { patch, read, environments } = bench();
    const etag = etagOf(JSON.stringify((await read()).body));
    await patch({ variables: { A: '1' } }, { 'if-match': etag });
    await assert.rejects(patch({ variables: { A: '2' } }, { 'if-match': etag }), appError('precondition-failed'));
    assert.equal((await environments.getOwned('env_1', 'usr_1')).variables.A, '1');
  });

  it('are not made to add to themselves by a way round, nor to have a name twice', async () => {
    const { patch } = bench([anEnvironment(), anEnvironment({ id: 'env_2', name: 'review', parent: 'staging' })]);
    await assert.rejects(patch({ parent: 'review' }), appError('unprocessable'));
    await assert.rejects(patch({ parent: 'staging' }), appError('unprocessable'));
    await assert.rejects(patch({ variables: { PASSWORD: 'x' } }), appError('invalid-argument'));
    assert.equal((await patch({ variables: { PASSWORD: 'x' }, secrets: { PASSWORD: null } })).status, 200);
  });

  it('are deleted', async () => {
    const { environments, services } = bench();
    const request = aRequest({ params: { id: 'env_1' } });
    assert.deepEqual(await deleteEnvironment.handle(request, services), { status: 204 });
    assert.deepEqual(
      environments.delete.args.map(([id]) => id),
      ['env_1'],
    );
  });

  it('of somebody else are as if they were not there', async () => {
    const { environments, services } = bench([anEnvironment({ user_id: 'usr_2' })]);
    for (const route of [readEnvironment, patchEnvironment, deleteEnvironment]) {
      const request = aRequest({ params: { id: 'env_1' }, body: {} });
      await assert.rejects(route.handle(request, services), appError('not-found'));
    }
    assert.equal(environments.delete.callCount + environments.change.callCount, 0);
  });
});
