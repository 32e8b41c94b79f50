import { rewriteZip } from '../../shared/engine/zip.ts';
import type { SuiteCloud } from './suite-cloud.ts';

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
    // Inner documents stay when the one above them is deleted.
    for (const ref of await collection.listDocuments()) {
      const document = await ref.get();
      if (document.exists) keep(ref.path, Buffer.from(JSON.stringify(document.data())));
      for (const inner of await ref.listCollections()) await documentsOf(inner);
    }
  }
  for (const collection of await firestore.listCollections()) await documentsOf(collection);
  for (const bucket of (await storage.getBuckets())[0])
    for (const file of (await bucket.getFiles({ versions: true }))[0]) {
      const name = `gs://${bucket.name}/${file.name}`;
      pieces.set(`${name} (metadata of ${file.metadata.generation})`, Buffer.from(JSON.stringify(file.metadata)));
      keep(name, (await file.download())[0]);
    }
  for (const table of (await bigquery.dataset('analytics').getTables())[0]) {
    const [rows] = await bigquery.query({ query: `SELECT * FROM analytics.${table.id}` });
    keep(`table ${table.id}`, Buffer.from(JSON.stringify(rows)));
  }
  return pieces;
}
