import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FieldPath, type Query, type QueryDocumentSnapshot, Timestamp } from '@google-cloud/firestore';
import type { File } from '@google-cloud/storage';
import { cacheCollection } from '../../shared/resources/collections.ts';
import { resources } from '../../shared/resources/index.ts';
import { plain } from '../local/bigquery/plain.ts';
import type { PortableCloud } from './cloud.ts';
import { toJson } from './json-values.ts';
import { readKeys } from './keys.ts';
import { bytesAt, ExportError, type Manifest, type Part, writeManifest, writePart } from './parts.ts';

export interface ExportOptions {
  /** With the key that sealed fields are encrypted with. */
  readonly keys?: boolean;
  /** The documents as they were then; Firestore knows that of an hour, or of seven days with point-in-time recovery. */
  readonly at?: Date;
  readonly onPart?: (part: Part) => void;
}

/** A document of an export. */
export interface ExportedDocument {
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An object of an export; its bytes lie beside it, by their hash. */
export interface ExportedObject {
  readonly name: string;
  readonly generation: string;
  readonly sha256: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const DOCUMENTS_A_PAGE = 300;

/**
 * Exports the suite's documents, objects and rows into a folder that is empty. All documents are of one time, objects and
 * rows as they are; what the cache holds is left out. The manifest is written last.
 * @throws ExportError when the folder holds something
 */
export async function exportAll(cloud: PortableCloud, folder: string, options: ExportOptions = {}): Promise<Manifest> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new ExportError(`${folder} is not empty: name another folder.`);
  const time = options.at ? Timestamp.fromDate(options.at) : Timestamp.now();
  const parts: Part[] = [];
  const add = async (kind: Part['kind'], name: string, items: AsyncIterable<unknown>) => {
    const part = await writePart(folder, { file: `${kind}/${name}.jsonl`, kind, name }, items);
    parts.push(part);
    options.onPart?.(part);
  };
  for (const { name } of resources.collections)
    if (name !== cacheCollection.name) await add('documents', name, documents(cloud, name, time));
  for (const { name } of resources.buckets) await add('objects', name, objects(cloud, name, folder));
  for (const { name } of resources.tables) await add('rows', name, rows(cloud, name));
  const manifest: Manifest = {
    ...{ format: 'virtuoso-export', version: 1, time: time.toDate().toISOString(), parts },
    ...(options.keys ? { keys: await readKeys(cloud) } : {}),
  };
  await writeManifest(folder, manifest);
  return manifest;
}

/** A collection's documents, wherever it lies, as they were at a time. */
async function* documents({ firestore }: PortableCloud, name: string, readTime: Timestamp) {
  const all = firestore.collectionGroup(name).orderBy(FieldPath.documentId()).limit(DOCUMENTS_A_PAGE);
  let last: QueryDocumentSnapshot | undefined;
  do {
    const page: Query = last ? all.startAfter(last) : all;
    const { docs } = await firestore.runTransaction((transaction) => transaction.get(page), {
      readOnly: true,
      readTime,
    });
    for (const one of docs) yield { path: one.ref.path, fields: toJson(one.data()) } as ExportedDocument;
    last = docs.length < DOCUMENTS_A_PAGE ? undefined : docs.at(-1);
  } while (last);
}

/** A bucket's objects; their bytes are written as they are come by. */
async function* objects({ storage, bucketPrefix }: PortableCloud, name: string, folder: string) {
  for await (const file of storage.bucket(`${bucketPrefix}${name}`).getFilesStream() as AsyncIterable<File>) {
    const [bytes] = await file.download();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await mkdir(dirname(bytesAt(folder, sha256)), { recursive: true });
    await writeFile(bytesAt(folder, sha256), bytes);
    const { generation, contentType, cacheControl, metadata } = file.metadata;
    yield {
      ...{ name: file.name, generation: String(generation), sha256 },
      ...(contentType ? { contentType } : {}),
      ...(cacheControl ? { cacheControl } : {}),
      ...(metadata ? { metadata: metadata as Record<string, string> } : {}),
    } satisfies ExportedObject;
  }
}

async function* rows({ bigquery }: PortableCloud, name: string) {
  const table = bigquery.dataset(resources.dataset).table(name);
  for await (const row of table.createReadStream()) yield plain(row);
}
