import { resources } from '../../shared/resources/index.ts';
import type { GoogleClients } from './clients.ts';

/** Everything that is stored, by its path: documents without the time of their last change, objects by their hash. */
export async function snapshotOf({ firestore, storage }: GoogleClients): Promise<Record<string, unknown>> {
  const documents = await Promise.all(
    resources.collections.map(async ({ name }) => (await firestore.collection(name).get()).docs),
  );
  const files = await Promise.all(
    resources.buckets.map(async ({ name }) => (await storage.bucket(name).getFiles())[0]),
  );
  return Object.fromEntries([
    ...documents.flat().map((document) => {
      const { updated_at: _, ...fields } = document.data();
      return [document.ref.path, fields] as const;
    }),
    ...files.flat().map((file) => [`${file.bucket.name}/${file.name}`, file.metadata.md5Hash] as const),
  ]);
}
