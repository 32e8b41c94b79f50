import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from './store.ts';

describe('the store', () => {
  let folder: string;
  let store: Store;
  let other: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtuoso-store-'));
    store = new Store(join(folder, 'cloud.db'));
    store.exec(`
      CREATE TABLE things (id INTEGER PRIMARY KEY);
      CREATE TABLE parts (id INTEGER REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED);`);
    other = new Store(join(folder, 'cloud.db'));
  });
  afterEach(() => {
    store.close();
    other.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const insert = (id: number) => store.run('INSERT INTO things VALUES (?)', id);
  const idsIn = (from: Store) => from.all<{ id: number }>('SELECT id FROM things ORDER BY id').map(({ id }) => id);

  it('makes what comes in one turn durable together, each answered with its own result', async () => {
    const seen: number[][] = [];
    const works = [1, 2, 3].map((id) =>
      store.grouped(() => {
        insert(id);
        seen.push(idsIn(other));
        return 10 * id;
      }),
    );
    assert.deepEqual(await Promise.all(works), [10, 20, 30]);
    assert.deepEqual(seen, [[], [], []]);
    assert.deepEqual(idsIn(other), [1, 2, 3]);
  });

  it('takes back only the writes of the one that throws, with what was to happen after them', async () => {
    const told: number[] = [];
    const work = (id: number, fails: boolean) => () => {
      insert(id);
      store.afterCommit(() => told.push(id));
      if (fails) throw new Error(`no ${id}`);
    };
    const [first, second, third] = await Promise.allSettled([
      store.grouped(work(1, false)),
      store.grouped(work(2, true)),
      store.grouped(work(3, false)),
    ]);
    assert.deepEqual([first?.status, third?.status], ['fulfilled', 'fulfilled']);
    assert.equal((second as PromiseRejectedResult).reason.message, 'no 2');
    assert.deepEqual(idsIn(other), [1, 3]);
    assert.deepEqual(told, [1, 3]);
  });

  it('answers nothing of a group as done that could not be made durable', async () => {
    const orphan = store.grouped(() => store.run('INSERT INTO parts VALUES (99)'));
    const [first, second] = await Promise.allSettled([store.grouped(() => insert(1)), orphan]);
    assert.deepEqual([first?.status, second?.status], ['rejected', 'rejected']);
    assert.deepEqual(idsIn(store), []);
    await store.grouped(() => insert(2));
    assert.deepEqual(idsIn(other), [2]);
  });

  it('tells what comes after a group before it is answered', async () => {
    const order: string[] = [];
    await store
      .grouped(() => store.afterCommit(() => void order.push(`told: ${idsIn(other)}`)) ?? insert(1))
      .then(() => order.push('answered'));
    assert.deepEqual(order, ['told: 1', 'answered']);
  });

  it('joins a transaction within another, and takes back all of it', () => {
    const fails = () =>
      store.transaction(() => {
        insert(1);
        store.transaction(() => insert(2));
        throw new Error('no');
      });
    assert.throws(fails, /no/);
    assert.deepEqual(idsIn(store), []);
  });
});
