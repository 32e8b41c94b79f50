import { atATime, type Case, type Cases } from './case.ts';

const FIELDS = { name: 'a document like those of a run', status: 'running', position: 1, tags: ['a', 'b', 'c'] };
const BATCH = 500;

export const firestoreCases: Cases = async ({ google: { firestore }, raw }) => {
  raw.exec('CREATE TABLE documents (path TEXT PRIMARY KEY, position INTEGER, fields BLOB) WITHOUT ROWID');
  raw.exec('CREATE INDEX documents_by_position ON documents (position)');
  const insert = raw.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?)');
  const select = raw.prepare('SELECT * FROM documents WHERE path = ?');
  const range = raw.prepare('SELECT * FROM documents WHERE position >= ? ORDER BY position LIMIT 50');
  const keep = (path: string, n: number) =>
    insert.run(path, n, Buffer.from(JSON.stringify({ ...FIELDS, position: n })));
  const inTransaction = (work: () => void) => {
    raw.exec('BEGIN IMMEDIATE');
    work();
    raw.exec('COMMIT');
  };
  const set = (collection: string) => (n: number) =>
    firestore.doc(`${collection}/d${n}`).set({ ...FIELDS, position: n });
  const counter = firestore.doc('counters/one');
  // Neither side is measured while its code is still being compiled.
  await atATime(64, 2000, set('warm'));
  times(2000, (n) => keep(`warm/d${n}`, n));
  await counter.set({ ...FIELDS, position: 0 });

  const cases: Case[] = [
    {
      ...{ name: 'Firestore: writes, one after the other', unit: 'writes', count: 300 },
      local: () => atATime(1, 300, set('sequential')),
      onRaw: () => times(300, (n) => keep(`sequential/d${n}`, n)),
    },
    {
      ...{ name: 'Firestore: writes, 64 at a time', unit: 'writes', count: 2000 },
      local: () => atATime(64, 2000, set('concurrent')),
      onRaw: () => times(2000, (n) => keep(`concurrent/d${n}`, n)),
    },
    {
      ...{ name: 'Firestore: batches of 500', unit: 'writes', count: 10 * BATCH },
      local: () =>
        atATime(1, 10, (b) => {
          const batch = firestore.batch();
          for (let n = 0; n < BATCH; n++) batch.set(firestore.doc(`batches/b${b}-${n}`), { ...FIELDS, position: n });
          return batch.commit();
        }),
      onRaw: () => times(10, (b) => inTransaction(() => times(BATCH, (n) => keep(`batches/b${b}-${n}`, n)))),
    },
    {
      ...{ name: 'Firestore: transactions (read, write)', unit: 'transactions', count: 200 },
      local: () =>
        atATime(1, 200, () =>
          firestore.runTransaction(async (transaction) => {
            const position = Number((await transaction.get(counter)).get('position'));
            transaction.update(counter, { position: position + 1 });
          }),
        ),
      onRaw: () =>
        times(200, (n) =>
          inTransaction(() => {
            select.get('counters/one');
            keep('counters/one', n);
          }),
        ),
    },
    {
      ...{ name: 'Firestore: queries for 50 of 2000 documents', unit: 'documents', count: 100 * 50 },
      local: () =>
        atATime(1, 100, (n) =>
          firestore.collection('concurrent').where('position', '>=', n).orderBy('position').limit(50).get(),
        ),
      onRaw: () =>
        times(100, (n) => range.all(n).map((row) => JSON.parse(Buffer.from(row.fields as Uint8Array).toString()))),
    },
  ];
  return cases;
};

function times(count: number, work: (n: number) => unknown): void {
  for (let n = 0; n < count; n++) work(n);
}
