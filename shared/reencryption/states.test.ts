import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Cipher } from '../platform/cipher.ts';
import { testPlatform } from '../platform/testing.ts';
import { resealStates } from './states.ts';

const sealed = (version: string, text: string) =>
  `v${version}.${'i'.repeat(16)}.${'t'.repeat(22)}.${Buffer.from(text).toString('base64url')}`;

describe('sealing the state of a live session anew', () => {
  function bench({ content = sealed('1', 'cookies'), newest = '7' } = {}) {
    const cipher: Cipher = {
      encrypt: async (plain) => sealed('2', String(plain)),
      decrypt: async (text) => Buffer.from(text.split('.')[3] ?? '', 'base64url'),
    };
    const file = {
      metadata: { generation: '8' },
      getMetadata: async () => [{ generation: newest }],
      download: async () => [Buffer.from(content)],
      save: sinon.stub().resolves(),
    };
    const bucket = sinon.stub().returns({ file: () => file });
    const update = sinon.stub();
    const data = { kind: 'live', state_object: 'ses_1/state.json.enc', state_generation: '7' };
    const transaction = { get: async () => ({ get: (field: keyof typeof data) => data[field] }), update };
    const ref = { firestore: { runTransaction: (work: (one: unknown) => unknown) => work(transaction) } };
    const platform = testPlatform({
      environment: { BUCKET_PREFIX: 'acme-' },
      clients: { storage: async () => ({ bucket }) },
    });
    const run = () =>
      resealStates({ id: 'ses_1', data: () => data, ref } as never, platform, {
        ...{ cipher, version: '2', log: platform.log },
      });
    return { run, bucket, file, update };
  }

  it("finds it in the project's own bucket, and tells the session of the new generation", async () => {
    const { run, bucket, file, update } = bench();
    assert.equal(await run(), 1);
    assert.deepEqual(bucket.args, [['acme-virtuoso-artifacts']]);
    assert.equal(file.save.firstCall.args[0], sealed('2', 'cookies'));
    assert.deepEqual(update.firstCall.args[1], { state_generation: '8' });
  });

  it('leaves it when it is sealed by the newest key', async () => {
    const { run, file, update } = bench({ content: sealed('2', 'cookies') });
    assert.equal(await run(), 0);
    assert.deepEqual([file.save.callCount, update.callCount], [0, 0]);
  });

  it('leaves it when the session has written another one', async () => {
    const { run, file } = bench({ newest: '9' });
    assert.equal(await run(), 0);
    assert.equal(file.save.callCount, 0);
  });
});
