import type { DocumentReference, DocumentSnapshot, Firestore } from '@google-cloud/firestore';

interface Asked {
  readonly ref: DocumentReference;
  readonly resolve: (snapshot: DocumentSnapshot) => void;
  readonly reject: (error: unknown) => void;
}

/** Documents of one request: their answer is read as a stream, and one that is too long keeps all of them waiting. */
const MOST_AT_ONCE = 50;

const asked = new WeakMap<Firestore, Asked[]>();

/**
 * Reads a document. What is asked for in one turn of the event loop goes as one request: an instance that has many
 * requests at a time spends less on them, and one document that they all want is read once.
 */
export function readTogether(firestore: Firestore, ref: DocumentReference): Promise<DocumentSnapshot> {
  const { promise, resolve, reject } = Promise.withResolvers<DocumentSnapshot>();
  const together = asked.get(firestore) ?? [];
  if (together.push({ ref, resolve, reject }) === 1) {
    asked.set(firestore, together);
    setImmediate(() => {
      asked.delete(firestore);
      readAll(firestore, together);
    });
  } else if (together.length === MOST_AT_ONCE) asked.delete(firestore);
  return promise;
}

function readAll(firestore: Firestore, together: readonly Asked[]): void {
  firestore.getAll(...together.map(({ ref }) => ref)).then(
    (snapshots) => {
      for (const [n, { resolve }] of together.entries()) resolve(snapshots[n] as DocumentSnapshot);
    },
    (error: unknown) => {
      for (const { reject } of together) reject(error);
    },
  );
}
