import { randomInt } from 'node:crypto';
import { status, type UntypedHandleCall } from '@grpc/grpc-js';
import { RpcError, unary } from '../plumbing/grpc.ts';
import type { Database } from './documents.ts';
import type { Engine } from './engine.ts';
import { invalid } from './errors.ts';
import { checkRequestSize } from './handlers.ts';
import { documentKey, parseName } from './paths.ts';
import { encodeMasked, readMask } from './reads.ts';
import type { TransactionOptions } from './transactions.ts';
import { type Fields, toProtoTimestamp } from './values.ts';
import { nameOf, type Precondition, type Write } from './writes.ts';

type Mask = { fieldPaths: string[] } | null;

interface CommitRequest {
  database: string;
  writes: Write[];
  transaction: Uint8Array;
}

interface CreateRequest {
  parent: string;
  collectionId: string;
  documentId: string;
  document: { fields: Fields } | null;
  mask: Mask;
}

interface UpdateRequest {
  document: { name: string; fields: Fields } | null;
  updateMask: Mask;
  mask: Mask;
  currentDocument: Precondition | null;
}

/** Commit, BatchWrite, BeginTransaction, Rollback, CreateDocument, UpdateDocument and DeleteDocument. */
export function writeMethods(engine: Engine): Record<string, UntypedHandleCall> {
  return {
    commit: unary((request: CommitRequest) => commit(engine, request)),
    batchWrite: unary((request: { database: string; writes: Write[] }) => batchWrite(engine, request)),
    beginTransaction: unary(({ database, options }: { database: string; options: TransactionOptions | null }) => ({
      transaction: engine.transactions.begin(engine.database(database), options).id,
    })),
    rollback: unary((request: { database: string; transaction: Uint8Array }) => rollback(engine, request)),
    createDocument: unary((request: CreateRequest) => createDocument(engine, request)),
    updateDocument: unary((request: UpdateRequest) => updateDocument(engine, request)),
    deleteDocument: unary(({ name, currentDocument }: { name: string; currentDocument: Precondition | null }) => {
      const database = engine.database(parseName(name).database);
      engine.committer.commit(database, [{ operation: 'delete', delete: name, currentDocument }]);
      return {};
    }),
  };
}

async function commit(engine: Engine, request: CommitRequest) {
  checkRequestSize(request);
  const database = engine.database(request.database);
  const work = () => engine.committer.commit(database, request.writes);
  const answer =
    request.transaction.length > 0
      ? commitTransaction(engine, database, request, work)
      : await engine.context.store.grouped(work);
  return { writeResults: answer.results, commitTime: toProtoTimestamp(answer.time) };
}

function commitTransaction<T>(engine: Engine, database: Database, request: CommitRequest, work: () => T): T {
  const transaction = engine.transactions.use(database, request.transaction);
  if (transaction.readTime !== undefined && request.writes.length > 0) {
    throw invalid('Cannot modify entities in a read-only transaction.');
  }
  const keys = request.writes.map((write) => documentKey(nameOf(write), database.name));
  return engine.transactions.commit(transaction, keys, work);
}

async function batchWrite(engine: Engine, request: { database: string; writes: Write[] }) {
  checkRequestSize(request);
  const database = engine.database(request.database);
  const keys = request.writes.map((write) => documentKey(nameOf(write), database.name));
  if (new Set(keys).size < keys.length) throw invalid('A document cannot be written twice in one BatchWrite.');
  const commits = request.writes.map((write) =>
    engine.context.store.grouped(() => engine.committer.commit(database, [write]).results[0] ?? {}),
  );
  const outcomes = (await Promise.allSettled(commits)).map((outcome) => {
    if (outcome.status === 'fulfilled') return { result: outcome.value, status: { code: status.OK, message: '' } };
    if (!(outcome.reason instanceof RpcError)) throw outcome.reason;
    const { code, message } = outcome.reason;
    return { result: {}, status: { code, message } };
  });
  return {
    writeResults: outcomes.map((outcome) => outcome.result),
    status: outcomes.map((outcome) => outcome.status),
  };
}

function rollback(engine: Engine, request: { database: string; transaction: Uint8Array }) {
  const database = engine.database(request.database);
  try {
    engine.transactions.end(engine.transactions.use(database, request.transaction));
  } catch (error) {
    if (!(error instanceof RpcError && error.code === status.ABORTED)) throw error;
    engine.transactions.forget(request.transaction);
  }
  return {};
}

function createDocument(engine: Engine, request: CreateRequest): Buffer {
  const documentId = request.documentId || newId();
  for (const id of [request.collectionId, documentId]) {
    if (id.includes('/')) throw invalid(`Resource id "${id}" is invalid because it contains "/".`);
  }
  const name = `${request.parent}/${request.collectionId}/${documentId}`;
  return writeOne(engine, request.mask, {
    operation: 'update',
    update: { name, fields: request.document?.fields ?? {} },
    currentDocument: { conditionType: 'exists', exists: false },
  });
}

function updateDocument(engine: Engine, request: UpdateRequest): Buffer {
  if (!request.document) throw invalid('UpdateDocument needs a document.');
  const { document, updateMask, currentDocument } = request;
  return writeOne(engine, request.mask, { operation: 'update', update: document, updateMask, currentDocument });
}

function writeOne(engine: Engine, mask: Mask, write: Write): Buffer {
  const name = nameOf(write);
  const database = engine.database(parseName(name).database);
  const fields = readMask(mask);
  engine.committer.commit(database, [write]);
  const version = engine.documents.get(database, documentKey(name, database.name));
  if (!version) throw new Error(`${name} is gone right after it was written`);
  return encodeMasked(database, version, fields);
}

const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id as the service gives it: 20 letters and digits. */
function newId(): string {
  return Array.from({ length: 20 }, () => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)]).join('');
}
