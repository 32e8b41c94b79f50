import type { UntypedHandleCall } from '@grpc/grpc-js';
import { unary } from '../plumbing/grpc.ts';
import type { Database } from './documents.ts';
import type { Engine } from './engine.ts';
import { invalid } from './errors.ts';
import type { FieldPath } from './field-paths.ts';
import { below, childKey, firstChild, parentKey, toName, toSegments } from './paths.ts';
import { type Query, readQuery } from './query.ts';
import { type Consistency, encodeMasked, openView, type ReadView, readMask } from './reads.ts';
import { bytesField, stringField } from './wire.ts';

interface ListRequest extends Consistency {
  parent: string;
  collectionId: string;
  pageSize: number;
  pageToken: string;
  orderBy: string;
  mask: { fieldPaths: string[] } | null;
  showMissing: boolean;
}

interface ListCollectionsRequest extends Consistency {
  parent: string;
  pageSize: number;
  pageToken: string;
}

const DEFAULT_PAGE = 300;

/** ListDocuments and ListCollectionIds. */
export function listMethods(engine: Engine): Record<string, UntypedHandleCall> {
  return {
    listDocuments: unary((request: ListRequest) => listDocuments(engine, request)),
    listCollectionIds: unary((request: ListCollectionsRequest) => listCollectionIds(engine, request)),
  };
}

async function listDocuments(engine: Engine, request: ListRequest): Promise<Buffer> {
  if (request.pageSize < 0) throw invalid('page_size must not be negative.');
  const limit = request.pageSize || DEFAULT_PAGE;
  const query = listQuery(request, limit);
  const database = engine.database(query.database);
  const mask = readMask(request.mask);
  const view = openView(engine.documents, engine.transactions, database, request);
  if (view.transaction) await engine.transactions.readQuery(view.transaction, query);
  const { documents, token } =
    request.showMissing || query.scope === 'all'
      ? byName(engine, database, query, view, mask, request)
      : existing(engine, database, query, view, mask);
  engine.context.meter('firestore.read', Math.max(1, documents.length));
  const parts = documents.map((document) => bytesField(1, document));
  if (token !== '') parts.push(stringField(2, token));
  return Buffer.concat(parts);
}

/** The listing as a query, which starts after the page token. */
function listQuery(request: ListRequest, limit: number): Query {
  if (request.showMissing && request.orderBy !== '') throw invalid('show_missing cannot be used with order_by.');
  const all = request.collectionId === '';
  if (all && request.orderBy !== '') throw invalid('order_by cannot be used without a collection_id.');
  const orderBy = request.orderBy
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const [, fieldPath = '', direction] = /^(.*?)(?:\s+(asc|desc))?$/is.exec(text) ?? [];
      return { field: { fieldPath }, direction: direction?.toLowerCase() === 'desc' ? 'DESCENDING' : 'ASCENDING' };
    });
  const query = readQuery(request.parent, {
    select: null,
    from: [{ collectionId: request.collectionId, allDescendants: all }],
    where: null,
    orderBy,
    startAt: null,
    endAt: null,
    offset: 0,
    limit: { value: limit },
  });
  const place = readToken(request.pageToken);
  if (place.length === 0 || request.showMissing || all) return query;
  return { ...query, start: { bytes: place, before: false } };
}

interface Page {
  readonly documents: Buffer[];
  readonly token: string;
}

function existing(
  engine: Engine,
  database: Database,
  query: Query,
  view: ReadView,
  mask: readonly FieldPath[] | undefined,
): Page {
  const { hits } = engine.runner.run(database, query, view.at);
  const last = hits.at(-1);
  const isFull = last && hits.length === query.limit;
  return {
    documents: hits.map((hit) => encodeMasked(database, hit.document, mask)),
    token: isFull ? last.order.toString('base64url') : '',
  };
}

/** Documents by name, of one collection or of all; with those that only have documents below them, a name and nothing else. */
function byName(
  engine: Engine,
  database: Database,
  query: Query,
  view: ReadView,
  mask: readonly FieldPath[] | undefined,
  { pageToken, showMissing }: ListRequest,
): Page {
  const documents: Buffer[] = [];
  let after = readToken(pageToken).toString();
  for (const key of documentKeys(engine, database, query, after, view.at)) {
    if (documents.length === query.limit) return { documents, token: Buffer.from(after).toString('base64url') };
    after = key;
    const version = engine.documents.get(database, key, view.at);
    if (version) documents.push(encodeMasked(database, version, mask));
    else if (showMissing) documents.push(stringField(1, toName(database.name, key)));
  }
  return { documents, token: '' };
}

/** The keys, after one, of documents in the query's collection, or in all collections of its parent. */
function* documentKeys(
  engine: Engine,
  database: Database,
  query: Query,
  after: string,
  at: number | undefined,
): Generator<string> {
  if (query.scope !== 'all') {
    yield* children(engine, database, childKey(query.parent, query.collection), after, at);
    return;
  }
  const reached = after === '' ? '' : firstChild(query.parent, after);
  if (reached !== '') yield* children(engine, database, reached, after, at);
  for (const collection of children(engine, database, query.parent, reached, at)) {
    yield* children(engine, database, collection, '', at);
  }
}

/** The place a page token stands for. Throws INVALID_ARGUMENT when it is not one of ours. */
function readToken(token: string): Buffer {
  const place = Buffer.from(token, 'base64url');
  if (place.toString('base64url') !== token) throw invalid(`The page_token "${token}" is not one of this method.`);
  return place;
}

/** Keys one segment below `parent` at which, or below which, there are documents; each once, in order. */
function* children(
  engine: Engine,
  database: Database,
  parent: string,
  after: string,
  at: number | undefined,
): Generator<string> {
  const { from, to } = below(parent);
  let next = after === '' ? from : below(after).to;
  for (;;) {
    const key = engine.documents.firstKey(database, next, to, at);
    if (key === undefined) return;
    const child = firstChild(parent, key);
    yield child;
    next = below(child).to;
  }
}

function listCollectionIds(engine: Engine, request: ListCollectionsRequest) {
  const { database: name, key: parent } = parentKey(request.parent);
  const database = engine.database(name);
  const view = openView(engine.documents, engine.transactions, database, request);
  const limit = request.pageSize || DEFAULT_PAGE;
  const collectionIds: string[] = [];
  let after = readToken(request.pageToken).toString();
  engine.context.meter('firestore.read');
  for (const key of children(engine, database, parent, after, view.at)) {
    if (collectionIds.length === limit) {
      return { collectionIds, nextPageToken: Buffer.from(after).toString('base64url') };
    }
    collectionIds.push(toSegments(key).at(-1) ?? '');
    after = key;
  }
  return { collectionIds, nextPageToken: '' };
}
