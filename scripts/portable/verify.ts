import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { resources } from '../../shared/resources/index.ts';
import type { PortableCloud } from './cloud.ts';
import type { ExportedDocument, ExportedObject } from './export.ts';
import { toJson } from './json-values.ts';
import { type Part, readManifest, readPart } from './parts.ts';

const DOCUMENTS_A_CALL = 100;
/** Of each part, so many differences are told. */
const MOST_TOLD = 20;
/** What an import changes by itself: seals, of another key; generations of objects. */
const SEALED = /^v\d+\.[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * What a project lacks of an export, or has otherwise than it was exported, in words; empty when all is there. What the
 * project holds beside it is no difference. Objects that are encrypted are only looked for.
 */
export async function differences(cloud: PortableCloud, folder: string): Promise<string[]> {
  const told: string[] = [];
  for (const part of (await readManifest(folder)).parts) {
    const found: string[] = [];
    for await (const difference of checks[part.kind](cloud, folder, part)) {
      if (found.length === MOST_TOLD) break;
      found.push(`${part.kind} ${part.name}: ${difference}`);
    }
    told.push(...found);
  }
  return told;
}

const checks: Readonly<
  Record<Part['kind'], (cloud: PortableCloud, folder: string, part: Part) => AsyncIterable<string>>
> = {
  async *documents({ firestore }, folder, part) {
    for await (const batch of inBatches(readPart<ExportedDocument>(folder, part), DOCUMENTS_A_CALL)) {
      const found = await firestore.getAll(...batch.map(({ path }) => firestore.doc(path)));
      for (const [at, { path, fields }] of batch.entries()) {
        const data = found[at]?.data();
        if (data === undefined) yield `${path} is gone`;
        else if (!isDeepStrictEqual(comparable(toJson(data)), comparable(fields))) yield `${path} is otherwise`;
      }
    }
  },
  async *objects({ storage, bucketPrefix }, folder, part) {
    const bucket = storage.bucket(`${bucketPrefix}${part.name}`);
    for await (const { name, sha256 } of readPart<ExportedObject>(folder, part)) {
      const file = bucket.file(name);
      const [there] = await file.exists();
      if (!there) yield `${name} is gone`;
      else if (!name.endsWith('.enc')) {
        const [bytes] = await file.download();
        if (createHash('sha256').update(bytes).digest('hex') !== sha256) yield `${name} is otherwise`;
      }
    }
  },
  async *rows({ bigquery }, _folder, { name, count }) {
    const [[row]] = await bigquery.query(`SELECT COUNT(*) AS count FROM ${resources.dataset}.${name}`);
    if (Number(row.count) < count) yield `${row.count} of ${count}`;
  },
};

/** A value without what an import may change. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') return SEALED.test(value) ? 'sealed' : value;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const isObject = 'bucket' in value && 'generation' in value;
  const entries = Object.entries(value).filter(([key]) => !(isObject && (key === 'generation' || key === 'bucket')));
  return Object.fromEntries(entries.map(([key, inner]) => [key, comparable(inner)]));
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
