import assert from 'node:assert/strict';
import { AppError } from '../platform/errors.ts';
import { testPlatform } from '../platform/testing.ts';
import { createIdempotency } from './idempotency.ts';

/** One document of Firestore, as far as idempotency uses it. */
function memory() {
  const documents = new Map<string, Record<string, unknown>>();
  const refOf = (id: string) => ({
    id,
    firestore: {
      runTransaction: (work: (transaction: unknown) => Promise<unknown>) =>
        work({
          get: async () => ({ exists: documents.has(id), get: (field: string) => stored(documents.get(id)?.[field]) }),
          set: (_: unknown, data: Record<string, unknown>) => void documents.set(id, data),
        }),
    },
    async create(data: Record<string, unknown>) {
      if (documents.has(id)) throw Object.assign(new Error('exists'), { code: 6 });
      documents.set(id, data);
    },
    update: async (patch: object) => void documents.set(id, { ...documents.get(id), ...patch }),
    delete: async () => void documents.delete(id),
  });
  const firestore = { collection: () => ({ doc: refOf }) };
  const key = Buffer.alloc(32, 7).toString('base64');
  const secretManager = {
    accessSecretVersion: async () => [{ name: 'secrets/k/versions/1', payload: { data: Buffer.from(key) } }],
  };
  const platform = testPlatform({
    clients: { firestore: async () => firestore, secretManager: async () => secretManager },
  });
  return { documents, platform, idempotency: createIdempotency(platform) };
}

const stored = (value: unknown) => (value instanceof Date ? { toMillis: () => value.getTime() } : value);
const request = (content: unknown = { a: 1 }, userId = 'usr_1') => ({ userId, key: 'build-17', content });
const reply = { status: 201, headers: { location: '/v1/webhooks/whk_1' }, body: { secret: 'whsec_shown-once' } };
const code = (wanted: string) => (error: unknown) => error instanceof AppError && error.code === wanted;

describe('work with an idempotency key', () => {
  it('is done once; its answer is kept for a day, encrypted', async () => {
    const { idempotency, documents, platform } = memory();
    assert.deepEqual(await idempotency.once(request(), async () => reply), { reply, again: false });
    const again = await idempotency.once(request(), () => assert.fail('done twice'));
    assert.deepEqual(again, { reply, again: true });
    assert.ok(!JSON.stringify([...documents.values()]).includes('whsec_'));
    const [entry] = documents.values();
    assert.equal(entry?.user_id, 'usr_1');
    assert.deepEqual(entry?.expires_at, new Date(platform.clock.now() + 24 * 3600_000));
  });

  it('is done anew after that day, though the document is still there', async () => {
    const { idempotency, platform } = memory();
    await idempotency.once(request(), async () => reply);
    platform.clock.time += 24 * 3600_000;
    assert.equal((await idempotency.once(request({ other: true }), async () => reply)).again, false);
  });

  it("is refused for other content, but another user's key is another key", async () => {
    const { idempotency } = memory();
    await idempotency.once(request(), async () => reply);
    await assert.rejects(
      idempotency.once(request({ a: 2 }), () => assert.fail()),
      code('unprocessable'),
    );
    assert.equal((await idempotency.once(request({ a: 2 }, 'usr_2'), async () => reply)).again, false);
  });

  it('is refused while the first is under way, and taken over when that has died', async () => {
    const { idempotency, platform } = memory();
    const first = Promise.withResolvers<typeof reply>();
    const started = Promise.withResolvers<void>();
    const running = idempotency.once(request(), () => {
      started.resolve();
      return first.promise;
    });
    await started.promise;
    await assert.rejects(
      idempotency.once(request(), () => assert.fail()),
      code('conflict'),
    );
    platform.clock.time += 5 * 60_000;
    assert.equal((await idempotency.once(request(), async () => reply)).again, false);
    first.resolve(reply);
    await running;
  });

  it('may be tried again when it failed', async () => {
    const { idempotency, documents } = memory();
    await assert.rejects(
      idempotency.once(request(), async () => {
        throw new AppError('unavailable', 'Come back.');
      }),
      code('unavailable'),
    );
    assert.equal(documents.size, 0);
    assert.equal((await idempotency.once(request(), async () => reply)).again, false);
  });

  it('keeps no answer that no document can hold', async () => {
    const { idempotency, documents } = memory();
    await idempotency.once(request(), async () => ({ ...reply, body: 'x'.repeat(700_000) }));
    assert.equal(documents.size, 0);
  });
});
