import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type Cipher, keyVersionOf } from '../platform/cipher.ts';
import { testPlatform } from '../platform/testing.ts';
import { resealDocument, type SealedCollection, sealedCollections } from './documents.ts';

/** Sealed texts of the right form, which say what is in them. */
const seal = (version: string, text: string) =>
  `v${version}.${'i'.repeat(16)}.${'t'.repeat(22)}.${Buffer.from(text).toString('base64url')}`;
const open = (text: string) => Buffer.from(text.split('.')[3] ?? '', 'base64url').toString();

describe('sealing a document anew', () => {
  const webhooks = sealedCollections.find(({ name }) => name === 'webhooks') as SealedCollection;
  class Timestamp {}
  const expires_at = new Timestamp();
  const stored = (version: string, more: object = {}) => ({
    ...{ url: seal('1', 'no field of ours'), headers: { 'x-key': seal(version, 'header') } },
    secrets: [
      { sealed: seal(version, 'new'), public_key: 'whpk_1' },
      { sealed: seal('2', 'newer'), expires_at },
    ],
    ...more,
  });

  function bench(...reads: (object | undefined)[]) {
    const cipher: Cipher = {
      encrypt: async (plain) => seal('2', String(plain)),
      decrypt: async (text) => Buffer.from(open(text)),
    };
    const platform = testPlatform();
    const update = sinon.stub().resolves();
    let next = 0;
    const snapshot = (): object => {
      const data = reads[next++];
      return { data: () => data, updateTime: data && `time ${next}`, ref };
    };
    const ref = { path: 'webhooks/whk_1', update, get: async () => snapshot() };
    const run = () => resealDocument(snapshot() as never, webhooks, { cipher, version: '2', log: platform.log });
    return { update, platform, cipher, run };
  }

  it('changes what is sealed under another version, and nothing else', async () => {
    const { update, run } = bench(stored('1'));
    assert.equal(await run(), true);
    const [[patch, precondition]] = update.args as [[Record<string, unknown>, object]];
    assert.deepEqual(patch, { headers: stored('2').headers, secrets: stored('2').secrets });
    assert.equal((patch.secrets as { expires_at?: object }[])[1]?.expires_at, expires_at);
    assert.deepEqual(precondition, { lastUpdateTime: 'time 1' });
  });

  it('writes nothing when all of it is the newest already', async () => {
    const { update, run } = bench(stored('2'));
    assert.equal(await run(), false);
    assert.equal(update.callCount, 0);
  });

  it('looks again when somebody has written it between, and keeps what they wrote', async () => {
    const { update, run } = bench(stored('1'), { ...stored('1'), headers: { 'x-other': seal('1', 'theirs') } });
    update.onFirstCall().rejects(Object.assign(new Error('changed'), { code: 9 }));
    assert.equal(await run(), true);
    const [patch, precondition] = update.secondCall.args;
    assert.deepEqual(patch.headers, { 'x-other': seal('2', 'theirs') });
    assert.deepEqual(precondition, { lastUpdateTime: 'time 2' });
  });

  it('lets go of what is deleted meanwhile, and of what changes all the time', async () => {
    const gone = bench(stored('1'), undefined);
    gone.update.rejects(Object.assign(new Error('gone'), { code: 5 }));
    assert.equal(await gone.run(), false);
    assert.equal(gone.update.callCount, 1);
    const busy = bench(...Array.from({ length: 6 }, () => stored('1')));
    busy.update.rejects(Object.assign(new Error('changed'), { code: 9 }));
    assert.equal(await busy.run(), false);
    assert.equal(busy.platform.lines[0]?.severity, 'WARNING');
  });

  it('tells of a value that cannot be opened, and leaves the document', async () => {
    const { update, platform, cipher, run } = bench(stored('1'));
    sinon.stub(cipher, 'decrypt').rejects(new Error('the key is gone'));
    assert.equal(await run(), false);
    assert.equal(update.callCount, 0);
    assert.deepEqual([platform.lines[0]?.severity, platform.lines[0]?.document], ['ERROR', 'webhooks/whk_1']);
  });
});

describe('the version of a key', () => {
  it('is read of what a cipher has made, and of nothing else', () => {
    assert.equal(keyVersionOf(seal('12', 'x')), '12');
    assert.equal(keyVersionOf(seal('1', '')), '1');
    for (const text of ['', 'v1', 'v1.a.b.c', `x${seal('1', 'x')}`, `${seal('1', 'x')}.more`, 'whpk_1'])
      assert.equal(keyVersionOf(text), undefined, text);
  });
});
