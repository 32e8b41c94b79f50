import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BulkWriterError, DocumentData, DocumentReference } from '@google-cloud/firestore';
import { status } from '@grpc/grpc-js';
import { resources } from '../../shared/resources/index.ts';
import type { PortableCloud } from './cloud.ts';
import type { ExportedDocument, ExportedObject } from './export.ts';
import { fromJson } from './json-values.ts';
import { readKeys, reseal } from './keys.ts';
import { bytesAt, checkParts, ExportError, hashOf, type Manifest, type Part, readManifest, readPart } from './parts.ts';

export interface ImportOptions {
  /** Looks at everything and writes nothing. */
  readonly dryRun?: boolean;
  /**
   * What becomes of what the project holds: with `refuse`, the default, nothing is imported where there is something;
   * `keep` adds what is not there; `replace` makes it again what it was when it was exported.
   */
  readonly existing?: 'refuse' | 'keep' | 'replace';
  readonly onPart?: (part: Imported) => void;
}

/** What came of a part. */
export interface Imported {
  readonly kind: Part['kind'];
  readonly name: string;
  readonly written: number;
  /** Was there already and stays as it is. */
  readonly kept: number;
}

const ROWS_A_CALL = 500;
const PRECONDITION_FAILED = 412;

/**
 * Imports an export into a project that holds nothing, or adds to one. An import that was cut short is done again with
 * `keep`. Objects go first: documents name the generations that they have now.
 * @throws ExportError for an export that is not whole, or a project that holds something
 */
export async function importAll(
  cloud: PortableCloud,
  folder: string,
  options: ImportOptions = {},
): Promise<Imported[]> {
  const manifest = await readManifest(folder);
  await checkParts(folder, manifest);
  if ((options.existing ?? 'refuse') === 'refuse') await refuseUsed(cloud, manifest);
  const seals = manifest.keys === undefined ? undefined : reseal(manifest.keys, await readKeys(cloud));
  const generations = new Map<string, string>();
  const work: Work = { cloud, folder, options, seals, generations };
  const order = ['objects', 'documents', 'rows'] as const;
  const done: Imported[] = [];
  for (const kind of order)
    for (const part of manifest.parts.filter((one) => one.kind === kind)) {
      const imported = { kind, name: part.name, ...(await importers[kind](work, part)) };
      done.push(imported);
      options.onPart?.(imported);
    }
  return done;
}

interface Work {
  readonly cloud: PortableCloud;
  readonly folder: string;
  readonly options: ImportOptions;
  readonly seals: ReturnType<typeof reseal> | undefined;
  /** Of objects, now, by bucket, name and the generation that they had. */
  readonly generations: Map<string, string>;
}

type Counts = Pick<Imported, 'written' | 'kept'>;
const importers: Readonly<Record<Part['kind'], (work: Work, part: Part) => Promise<Counts>>> = {
  objects: importObjects,
  documents: importDocuments,
  rows: importRows,
};

/** @throws ExportError for a project with users: two projects are not mixed by mistake */
async function refuseUsed({ firestore, project }: PortableCloud, { parts }: Manifest): Promise<void> {
  for (const { name } of parts.filter(({ kind, count }) => kind === 'documents' && count > 0)) {
    const { empty } = await firestore.collectionGroup(name).limit(1).get();
    if (!empty)
      throw new ExportError(
        `${project} has '${name}' already: import into an empty project, or add to it with --merge, or undo its changes with --overwrite.`,
      );
  }
}

const keyOf = (bucket: string, name: string, generation: string): string => [bucket, generation, name].join('\n');

async function importObjects({ cloud, folder, options, seals, generations }: Work, part: Part): Promise<Counts> {
  const counts = { written: 0, kept: 0 };
  const bucket = cloud.storage.bucket(`${cloud.bucketPrefix}${part.name}`);
  for await (const object of readPart<ExportedObject>(folder, part)) {
    const path = bytesAt(folder, object.sha256);
    if ((await hashOf(path)) !== object.sha256)
      throw new ExportError(`The bytes of ${part.name}/${object.name} are gone or were altered.`);
    if (options.dryRun) {
      counts.written++;
      continue;
    }
    const bytes = await readFile(path);
    const sealed =
      seals && bytes.subarray(0, 1).toString() === 'v' ? await seals.text(bytes.toString('latin1')) : undefined;
    const { contentType, cacheControl, metadata } = object;
    const file = bucket.file(object.name);
    try {
      await file.save(sealed === undefined ? bytes : Buffer.from(sealed, 'latin1'), {
        resumable: false,
        ...(options.existing === 'replace' ? {} : { preconditionOpts: { ifGenerationMatch: 0 } }),
        metadata: {
          ...(contentType ? { contentType } : {}),
          ...(cacheControl ? { cacheControl } : {}),
          ...(metadata ? { metadata } : {}),
        },
      });
      counts.written++;
    } catch (error) {
      if ((error as { code?: number }).code !== PRECONDITION_FAILED) throw error;
      counts.kept++;
    }
    const [{ generation }] = await file.getMetadata();
    generations.set(keyOf(part.name, object.name, object.generation), String(generation));
  }
  return counts;
}

async function importDocuments(work: Work, part: Part): Promise<Counts> {
  const { cloud, folder, options, seals } = work;
  const counts = { written: 0, kept: 0 };
  const writer = cloud.firestore.bulkWriter();
  writer.onWriteError((error: BulkWriterError) => {
    if (Number(error.code) === status.ALREADY_EXISTS) return false;
    return error.failedAttempts < 5;
  });
  const put = (document: DocumentReference, data: DocumentData) =>
    options.existing === 'replace' ? writer.set(document, data) : writer.create(document, data);
  const writes: Promise<void>[] = [];
  let failure: unknown;
  for await (const { path, fields } of readPart<ExportedDocument>(folder, part)) {
    const sealed = seals ? await seals.value(fields) : fields;
    const data = fromJson(withGenerations(sealed, work), cloud.firestore) as Record<string, unknown>;
    if (options.dryRun) {
      counts.written++;
      continue;
    }
    writes.push(
      put(cloud.firestore.doc(path), data).then(
        () => void counts.written++,
        (error: BulkWriterError) => {
          if (Number(error.code) === status.ALREADY_EXISTS) counts.kept++;
          else failure ??= error;
        },
      ),
    );
  }
  await writer.close();
  await Promise.all(writes);
  if (failure) throw failure;
  return counts;
}

/** Where a document names an object's generation, it names the one that the object has now. */
function withGenerations(value: unknown, work: Work): unknown {
  if (Array.isArray(value)) return value.map((inner) => withGenerations(inner, work));
  if (typeof value !== 'object' || value === null) return value;
  const { bucket, name, generation } = value as Record<string, unknown>;
  if (typeof bucket === 'string' && typeof name === 'string' && typeof generation === 'string') {
    const declared = resources.buckets.find((one) => bucket.endsWith(one.name))?.name ?? bucket;
    const now = work.generations.get(keyOf(declared, name, generation));
    if (now !== undefined) return { ...value, bucket: `${work.cloud.bucketPrefix}${declared}`, generation: now };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withGenerations(inner, work)]));
}

/** Rows have ids of what they tell, so that rows that are sent twice are there once. */
async function importRows({ cloud, folder, options }: Work, part: Part): Promise<Counts> {
  const table = cloud.bigquery.dataset(resources.dataset).table(part.name);
  const counts = { written: 0, kept: 0 };
  let batch: { insertId: string; json: unknown }[] = [];
  const send = async () => {
    if (batch.length > 0 && !options.dryRun) await table.insert(batch, { raw: true });
    counts.written += batch.length;
    batch = [];
  };
  for await (const json of readPart<Record<string, unknown>>(folder, part)) {
    const insertId = String(json.event_id ?? createHash('sha256').update(JSON.stringify(json)).digest('hex'));
    batch.push({ insertId, json });
    if (batch.length === ROWS_A_CALL) await send();
  }
  await send();
  return counts;
}
