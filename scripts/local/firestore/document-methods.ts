import type { UntypedHandleCall } from '@grpc/grpc-js';
import { unary } from '../plumbing/grpc.ts';
import type { Database } from './documents.ts';
import type { Engine } from './engine.ts';
import { notFound } from './errors.ts';
import { serverStream } from './handlers.ts';
import { documentKey, parseName, toName } from './paths.ts';
import { type Consistency, encodeMasked, openView, type ReadView, readMask } from './reads.ts';
import { bytesField, stringField, timestampField } from './wire.ts';

type Mask = { fieldPaths: string[] } | null;

interface BatchGetRequest extends Consistency {
  database: string;
  documents: string[];
  mask: Mask;
}

interface GetRequest extends Consistency {
  name: string;
  mask: Mask;
}

/** GetDocument and BatchGetDocuments. */
export function documentMethods(engine: Engine): Record<string, UntypedHandleCall> {
  return {
    getDocument: unary((request: GetRequest) => getDocument(engine, request)),
    batchGetDocuments: serverStream((request: BatchGetRequest) => batchGet(engine, request)),
  };
}

/** Registers keys with the view's transaction, and returns the time to read at and the time to report. */
export async function readKeys(
  engine: Engine,
  view: ReadView,
  keys: readonly string[],
): Promise<{ at: number | undefined; readTime: number }> {
  if (view.transaction) await engine.transactions.readKeys(view.transaction, keys);
  return { at: view.at, readTime: view.at ?? engine.documents.readTime() };
}

async function getDocument(engine: Engine, request: GetRequest): Promise<Buffer> {
  const database = engine.database(parseName(request.name).database);
  const key = documentKey(request.name, database.name);
  const mask = readMask(request.mask);
  const view = openView(engine.documents, engine.transactions, database, request);
  const { at } = await readKeys(engine, view, [key]);
  const version = engine.documents.get(database, key, at);
  engine.context.meter('firestore.read');
  if (!version) throw notFound(`Document "${request.name}" not found.`);
  return encodeMasked(database, version, mask);
}

async function batchGet(engine: Engine, request: BatchGetRequest): Promise<Iterable<Buffer>> {
  const database: Database = engine.database(request.database);
  const keys = request.documents.map((name) => documentKey(name, database.name));
  const mask = readMask(request.mask);
  const view = openView(engine.documents, engine.transactions, database, request);
  const { at, readTime } = await readKeys(engine, view, keys);
  if (keys.length > 0) engine.context.meter('firestore.read', keys.length);
  const responses = [...new Set(keys)].map((key) => {
    const version = engine.documents.get(database, key, at);
    const result = version
      ? bytesField(1, encodeMasked(database, version, mask))
      : stringField(2, toName(database.name, key));
    return Buffer.concat([result, timestampField(4, readTime)]);
  });
  if (!view.began) return responses;
  return [Buffer.concat([bytesField(3, view.began), timestampField(4, readTime)]), ...responses];
}
