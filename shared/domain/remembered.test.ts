import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Fingerprint, RememberedEntity } from '../../schemas/fingerprint.ts';
import { NOON, testPlatform } from '../platform/testing.ts';
import { merge, remembered } from './remembered.ts';

const aPrint = (name: string): Fingerprint => ({
  tag: 'button',
  role: 'button',
  name,
  text: name,
  testId: '',
  attributes: { id: 'buy' },
  item: '',
  place: 'form',
  path: ['form', 'main'],
  near: [],
  box: [0, 0, 10, 10],
  onlyOne: true,
  others: [],
});

describe('what is remembered of elements', () => {
  function bench(current?: Partial<RememberedEntity>) {
    const snapshot = { data: () => current };
    const transaction = { get: async () => snapshot, set: sinon.stub<[string, RememberedEntity]>() };
    const firestore = {
      collection: (name: string) => ({
        doc: (id: string) => `${name}/${id}`,
      }),
      getAll: async () => [snapshot],
      runTransaction: (work: (given: typeof transaction) => unknown) => work(transaction),
    };
    const platform = testPlatform({ clients: { firestore: async () => firestore } });
    return { transaction, service: remembered.make(platform) };
  }

  it('is added to what was, and kept for half a year', async () => {
    const fingerprints = JSON.stringify({ a: aPrint('A'), b: aPrint('B') });
    const { transaction, service } = bench({ fingerprints, created_at: new Date(1) });
    await service.add('usr_1', 'tst_1', { b: aPrint('B2'), c: aPrint('C') });
    const [, stored] = transaction.set.firstCall.args;
    const names = Object.entries(JSON.parse(stored.fingerprints) as Record<string, Fingerprint>).map(
      ([key, { name }]) => [key, name],
    );
    assert.deepEqual(Object.fromEntries(names), { a: 'A', b: 'B2', c: 'C' });
    assert.deepEqual([stored.created_at, stored.updated_at], [new Date(1), new Date(NOON)]);
    assert.equal(stored.expires_at.getTime() - NOON, 180 * 24 * 3600 * 1000);
  });

  it('is nothing when there is none, or when it is of another form', async () => {
    assert.deepEqual(await bench().service.of('usr_1', 'tst_1'), {});
    assert.deepEqual(await bench({ fingerprints: '{"a":{"tag":"b"}}' }).service.of('usr_1', 'tst_1'), {});
    const known = { a: aPrint('A') };
    assert.deepEqual(await bench({ fingerprints: JSON.stringify(known) }).service.of('usr_1', 'tst_1'), known);
  });

  it('is kept apart for users whose tests have the same content', async () => {
    const { transaction, service } = bench();
    await service.add('usr_1', 'tst_1', { a: aPrint('A') });
    await service.add('usr_2', 'tst_1', { a: aPrint('A') });
    const [one, two] = transaction.set.args.map(([, { id }]) => id);
    assert.notEqual(one, two);
  });

  it('lets the oldest go when a document cannot hold it all', () => {
    const size = JSON.stringify({ a: aPrint('A') }).length;
    assert.deepEqual(Object.keys(merge({ a: aPrint('A'), b: aPrint('B') }, { c: aPrint('C') }, 2.5 * size)), [
      'c',
      'a',
    ]);
  });
});
