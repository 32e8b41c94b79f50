import assert from 'node:assert/strict';
import { NOON, testPlatform } from '../platform/testing.ts';
import { verdictChanges } from './verdict-changes.ts';

describe('changes of verdicts', () => {
  function bench() {
    const documents = new Map<string, Record<string, unknown>>();
    const firestore = {
      runTransaction: (work: (transaction: object) => unknown) =>
        work({
          get: async (ref: { id: string }) => ({ data: () => documents.get(ref.id) }),
          set: (ref: { id: string }, data: Record<string, unknown>) => documents.set(ref.id, data),
        }),
      collection: () => ({ doc: (id: string) => ({ id, firestore }) }),
    };
    const changes = verdictChanges.make(testPlatform({ clients: { firestore: async () => firestore } }));
    let next = 0;
    const judge = (status: string, subject = ['usr_1', 'tst_1'], eventId = `evt_${next++}`) =>
      changes.isChange({ subject, status, eventId });
    return { judge, documents };
  }

  it('are those from one time to the next', async () => {
    const { judge } = bench();
    const verdicts = ['failed', 'failed', 'passed', 'passed', 'error', 'failed'];
    const told: boolean[] = [];
    for (const verdict of verdicts) told.push(await judge(verdict));
    assert.deepEqual(told, [true, false, true, false, true, true]);
  });

  it('take it that all was well before the first time', async () => {
    assert.equal(await bench().judge('passed'), false);
    assert.equal(await bench().judge('failed'), true);
  });

  it('are told the same when an event comes again, and then change nothing', async () => {
    const { judge } = bench();
    assert.equal(await judge('failed', ['a'], 'evt_a'), true);
    assert.equal(await judge('passed', ['a'], 'evt_b'), true);
    assert.equal(await judge('failed', ['a'], 'evt_a'), true);
    assert.equal(await judge('passed', ['a'], 'evt_c'), false);
  });

  it('are of one thing each', async () => {
    const { judge } = bench();
    await judge('failed', ['a', 'b']);
    assert.equal(await judge('failed', ['a,b']), true);
    assert.equal(await judge('failed', ['a', 'b']), false);
  });

  it('keep a few events, for a while', async () => {
    const { judge, documents } = bench();
    for (let i = 0; i < 50; i++) await judge('failed');
    const [{ told, expires_at } = {}] = [...documents.values()];
    assert.equal((told as unknown[]).length, 20);
    assert.deepEqual(expires_at, new Date(NOON + 90 * 24 * 3_600_000));
  });
});
