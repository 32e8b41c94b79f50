import { rewriteZip } from '../../shared/engine/zip.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const PARALLEL = 16;

/** Everything that the suite has stored, as named pieces of bytes; what is in archives too. */
export async function written({ google }: Pick<SuiteCloud, 'google'>): Promise<Map<string, Buffer>> {
  const pieces = new Map<string, Buffer>();
  const { firestore, storage, bigquery } = google;
  const keep = (name: string, bytes: Buffer) => {
    pieces.set(name, bytes);
    if (name.endsWith('.zip'))
      rewriteZip(bytes, (content, entry) => void pieces.set(`${name}: ${entry}`, Buffer.from(content)));
  };
  async function documentsOf(collection: FirebaseFirestore.CollectionReference): Promise<void> {
    const [{ docs }, refs] = await Promise.all([collection.get(), collection.listDocuments()]);
    for (const document of docs) keep(document.ref.path, Buffer.from(JSON.stringify(document.data())));
    // Inner documents stay when the one above them is deleted.
    const inner = await inParallel(PARALLEL, refs, (ref) => ref.listCollections());
    for (const one of inner.flat()) await documentsOf(one);
  }
  for (const collection of await firestore.listCollections()) await documentsOf(collection);
  for (const bucket of (await storage.getBuckets())[0])
    await inParallel(PARALLEL, (await bucket.getFiles({ versions: true }))[0], async (file) => {
      const name = `gs://${bucket.name}/${file.name}`;
      pieces.set(`${name} (metadata of ${file.metadata.generation})`, Buffer.from(JSON.stringify(file.metadata)));
      keep(name, (await file.download())[0]);
    });
  for (const table of (await bigquery.dataset('analytics').getTables())[0]) {
    const [rows] = await bigquery.query({ query: `SELECT * FROM analytics.${table.id}` });
    keep(`table ${table.id}`, Buffer.from(JSON.stringify(rows)));
  }
  return pieces;
}
