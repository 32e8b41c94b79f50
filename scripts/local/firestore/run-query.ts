import { type Database, type Documents, DocumentVersion } from './documents.ts';
import { disjuncts, fieldKey, satisfies } from './filter.ts';
import { reversed } from './order-key.ts';
import { below, collectionOf, parentOf } from './paths.ts';
import type { Bound, Query } from './query.ts';
import { type Hit, isInside, planRange, readRange, type Scan } from './scan.ts';
import type { Shapes } from './shapes.ts';

/**
 * Where a document stands in a query's order, or undefined when the query does not find it. Offset and limit are
 * not looked at.
 */
export function placeIn(query: Query, document: DocumentVersion): Buffer | undefined {
  if (query.scope !== 'all' && collectionOf(document.key) !== query.collection) return undefined;
  if (query.scope === 'collection' ? parentOf(document.key) !== query.parent : !isInside(query, document.key)) {
    return undefined;
  }
  if (query.where && !satisfies(document, query.where)) return undefined;
  const parts: Buffer[] = [];
  for (const order of query.orders) {
    const key = fieldKey(document, order.field);
    if (!key) return undefined;
    parts.push(order.descending ? reversed(key) : key);
  }
  const place = Buffer.concat(parts);
  if (query.start && isBefore(place, query.start)) return undefined;
  return query.end && !isBefore(place, query.end) ? undefined : place;
}

/** Whether a place is on the near side of a bound. */
function isBefore(place: Buffer, bound: Bound): boolean {
  const order = Buffer.compare(place.subarray(0, bound.bytes.length), bound.bytes);
  return bound.before ? order < 0 : order <= 0;
}

/** What a query answered. */
export interface QueryResult {
  readonly hits: Hit[];
  /** How many documents it passed over for its offset. */
  readonly skipped: number;
  /** How many index entries, each with its document, it looked at. */
  readonly scanned: number;
}

/** Runs queries on the current documents, or as they were at a time. */
export class QueryRunner {
  readonly #documents: Documents;
  readonly #shapes: Shapes;

  constructor(documents: Documents, shapes: Shapes) {
    this.#documents = documents;
    this.#shapes = shapes;
  }

  /** All hits, in order, with offset and limit applied. */
  run(database: Database, query: Query, at?: number): QueryResult {
    const hits: Hit[] = [];
    const scan: Scan = { entries: 0 };
    let skipped = 0;
    if (query.limit === 0) return { hits, skipped, scanned: 0 };
    for (const hit of this.#stream(database, query, at, scan)) {
      if (skipped < query.offset) {
        skipped += 1;
        continue;
      }
      hits.push(hit);
      if (hits.length === query.limit) break;
    }
    return { hits, skipped, scanned: scan.entries };
  }

  /** How many documents a query finds, up to `most`: from the index alone where that is possible. */
  count(database: Database, query: Query, most: number | undefined, at?: number): number {
    const limit = Math.min(query.limit ?? Number.MAX_SAFE_INTEGER, most ?? Number.MAX_SAFE_INTEGER);
    const alternatives = disjuncts(query.where);
    const [only] = alternatives;
    if (query.scope !== 'all' && only && alternatives.length === 1 && this.#isCurrent(at)) {
      const range = planRange(database, this.#shapes, query, only);
      if (range.exact) {
        const row = this.#documents.store.get<{ n: number }>(
          `SELECT count(*) AS n FROM (SELECT 1 FROM firestore_index
           WHERE shape = ? AND parent = ? AND key >= ? AND key < ? LIMIT ? OFFSET ?)`,
          range.shape,
          range.parent,
          range.from,
          range.to,
          limit,
          query.offset,
        );
        return row?.n ?? 0;
      }
    }
    return this.run(database, { ...query, limit }, at).hits.length;
  }

  #isCurrent(at: number | undefined): boolean {
    return at === undefined || this.#documents.isCurrent(at);
  }

  *#stream(database: Database, query: Query, at: number | undefined, scan: Scan): Generator<Hit> {
    const past = at === undefined || this.#isCurrent(at) ? undefined : at;
    if (query.scope === 'all') {
      yield* this.#everything(database, query, past, scan);
      return;
    }
    const wanted = query.limit === undefined ? undefined : query.limit + query.offset;
    const streams = disjuncts(query.where).map((alternative) =>
      readRange(this.#documents.store, query, planRange(database, this.#shapes, query, alternative), { wanted, scan }),
    );
    if (past === undefined) {
      yield* merge(streams);
      return;
    }
    const old = this.#documents.replacedSince(database, query.collection, past);
    scan.entries += old.length;
    for (const hit of merge([...streams, inOrder(query, old)])) if (hit.document.updated <= past) yield hit;
  }

  /** Documents of all collections below the parent: no index covers them, their names are read in order. */
  #everything(database: Database, query: Query, past: number | undefined, scan: Scan): Iterable<Hit> {
    const { from, to } = below(query.parent);
    const rows = this.#documents.store.all<{ key: string; created: number; updated: number; data: Uint8Array }>(
      'SELECT key, created, updated, data FROM firestore_documents WHERE database = ? AND key >= ? AND key < ?',
      database.id,
      from,
      to,
    );
    const current = rows.map((row) => new DocumentVersion(row));
    scan.entries += rows.length;
    if (past === undefined) return inOrder(query, current);
    const then = current.filter((document) => document.updated <= past);
    return inOrder(query, [...then, ...this.#documents.replacedSince(database, undefined, past)]);
  }
}

/** The documents that a query finds among some, in its order. */
function* inOrder(query: Query, documents: readonly DocumentVersion[]): Generator<Hit> {
  const hits: Hit[] = [];
  for (const document of documents) {
    const order = placeIn(query, document);
    if (order) hits.push({ order, document });
  }
  yield* hits.sort((a, b) => Buffer.compare(a.order, b.order));
}

/** Merges ordered streams; a document that several of them find comes once. */
function* merge(streams: readonly Generator<Hit>[]): Generator<Hit> {
  const [only] = streams;
  if (only && streams.length === 1) {
    yield* only;
    return;
  }
  const heads = streams.map((stream) => ({ stream, head: stream.next() }));
  let last: Hit | undefined;
  for (;;) {
    let least: (typeof heads)[number] | undefined;
    let hit: Hit | undefined;
    for (const candidate of heads) {
      if (candidate.head.done) continue;
      if (hit && Buffer.compare(candidate.head.value.order, hit.order) >= 0) continue;
      least = candidate;
      hit = candidate.head.value;
    }
    if (!least || !hit) return;
    least.head = least.stream.next();
    if (last?.order.equals(hit.order) && last.document.updated === hit.document.updated) continue;
    last = hit;
    yield hit;
  }
}
