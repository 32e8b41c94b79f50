import type { BulkWriter, DocumentReference, Firestore, Precondition, UpdateData } from '@google-cloud/firestore';

/** Those that are filled in this turn. */
const writers = new WeakMap<Firestore, BulkWriter>();

/**
 * Updates a document, if it is what the precondition says. What is updated in one turn of the event loop goes as one
 * request: an instance that has many requests at a time spends less on them. Each update is made, or fails, by itself.
 * @throws Error with Firestore's code: 9, FAILED_PRECONDITION, when it is not
 */
export async function updateTogether(
  firestore: Firestore,
  ref: DocumentReference,
  patch: object,
  precondition: Precondition,
): Promise<void> {
  const writer = writers.get(firestore) ?? openWriter(firestore);
  await writer.update(ref, patch as UpdateData<Record<string, unknown>>, precondition);
}

function openWriter(firestore: Firestore): BulkWriter {
  const writer = firestore.bulkWriter({ throttling: false });
  writers.set(firestore, writer);
  setImmediate(() => {
    writers.delete(firestore);
    // An open one would keep the client from being closed.
    void writer.close();
  });
  return writer;
}
