import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { version } from '../../shared/platform/version.ts';
import { aRequest } from '../testing.ts';
import { alive, ready } from './handler.ts';
import { probes } from './probes.ts';

describe('health', () => {
  it('is alive without asking anything', async () => {
    const { status, body } = await alive.handle(aRequest(), withBase({ probes: { check: assert.fail } }));
    assert.equal(status, 200);
    assert.deepEqual(body, { status: 'ok', version, environment: 'local' });
  });

  it('is ready when every dependency answers', async () => {
    const dependencies = { firestore: { ok: true, latencyMs: 1 }, storage: { ok: true, latencyMs: 2 } };
    const { status, body } = await ready.handle(aRequest(), withBase({ probes: { check: async () => dependencies } }));
    assert.equal(status, 200);
    assert.deepEqual(body, { status: 'ok', version, dependencies });
  });

  it('is degraded when one does not', async () => {
    const dependencies = {
      firestore: { ok: false, latencyMs: 1, error: 'Error' },
      storage: { ok: true, latencyMs: 2 },
    };
    const { status, body } = await ready.handle(aRequest(), withBase({ probes: { check: async () => dependencies } }));
    assert.equal(status, 503);
    assert.equal((body as { status: string }).status, 'degraded');
  });
});

describe('the probes', () => {
  function bench() {
    const asked = {
      firestore: sinon.stub().resolves({}),
      storage: sinon.stub().resolves([[]]),
      tasks: sinon.stub().resolves([{}]),
      pubsub: sinon.stub().resolves([true]),
      secretManager: sinon.stub().resolves([{}]),
    };
    const platform = testPlatform({
      clients: {
        firestore: async () => ({ collection: () => ({ doc: () => ({ get: asked.firestore }) }) }),
        storage: async () => ({ bucket: () => ({ getFiles: asked.storage }) }),
        tasks: async () => ({ queuePath: () => 'queue', getQueue: asked.tasks }),
        pubsub: async () => ({ topic: () => ({ exists: asked.pubsub }) }),
        secretManager: async () => ({ getSecret: asked.secretManager }),
      },
    });
    platform.clock.sleep = () => new Promise(() => {});
    return { asked, platform, check: () => probes.make(platform).check() };
  }

  it('ask each dependency', async () => {
    const found = await bench().check();
    assert.deepEqual(Object.keys(found).sort(), ['firestore', 'pubsub', 'secretManager', 'storage', 'tasks']);
    assert.ok(Object.values(found).every(({ ok }) => ok));
  });

  it('tell which one fails, by the name of its error alone', async () => {
    const { asked, check } = bench();
    asked.tasks.rejects(new TypeError('secret detail'));
    assert.deepEqual((await check()).tasks, { ok: false, latencyMs: 0, error: 'TypeError' });
  });

  it('notice a bucket or topic that is not there', async () => {
    const { asked, check } = bench();
    asked.storage.rejects(Object.assign(new Error('no bucket'), { code: 404 }));
    asked.pubsub.resolves([false]);
    const { storage, pubsub, firestore } = await check();
    assert.deepEqual([storage?.ok, pubsub?.ok, firestore?.ok], [false, false, true]);
  });

  it('wait five seconds for an answer', async () => {
    const { asked, platform, check } = bench();
    asked.pubsub.returns(new Promise(() => {}));
    platform.clock.sleep = async (ms) => {
      await new Promise((resolve) => setImmediate(resolve));
      platform.clock.time = NOON + ms;
    };
    assert.deepEqual((await check()).pubsub, { ok: false, latencyMs: 5000, error: 'Error' });
  });
});
