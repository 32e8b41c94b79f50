import type { Store } from '../plumbing/store.ts';
import { type Database, DocumentVersion } from './documents.ts';
import { formatFieldPath, isName } from './field-paths.ts';
import { type Comparison, satisfies } from './filter.ts';
import { afterPrefix } from './order-key.ts';
import { below } from './paths.ts';
import type { Query } from './query.ts';
import type { ShapePart, Shapes } from './shapes.ts';

/** A document that a query finds, and where it stands in the query's order. */
export interface Hit {
  readonly order: Buffer;
  readonly document: DocumentVersion;
}

/** A range of one index whose entries are a superset of an alternative of a query, in the query's order. */
export interface Range {
  readonly shape: number;
  readonly parent: string;
  /** How many bytes of an entry come before the query's order. */
  readonly prefix: number;
  readonly from: Buffer;
  readonly to: Buffer;
  /** Every entry is a hit: no filter is left to check. */
  readonly exact: boolean;
}

/** What is counted while ranges are read. */
export interface Scan {
  /** Index entries looked at, hits or not. */
  entries: number;
}

const LAST = Buffer.of(0xff);
const FIRST_PAGE = 128;
const NEXT_PAGE = 1024;

/** The index range to read for one alternative (a conjunction) of a query. */
export function planRange(database: Database, shapes: Shapes, query: Query, alternative: readonly Comparison[]): Range {
  const rest: Comparison[] = [];
  const equal = new Map<string, Comparison>();
  let contains: Comparison | undefined;
  for (const comparison of alternative) {
    const field = formatFieldPath(comparison.field);
    if (comparison.op === '==' && !isName(comparison.field) && !equal.has(field)) equal.set(field, comparison);
    else if (comparison.op === 'contains' && !contains) contains = comparison;
    else rest.push(comparison);
  }
  const fixed = [...equal.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, comparison]) => comparison);
  const parts: ShapePart[] = fixed.map(({ field }) => ({ field, kind: 'asc' }));
  if (contains) parts.push({ field: contains.field, kind: 'contains' });
  for (const order of query.orders) parts.push({ field: order.field, kind: order.descending ? 'desc' : 'asc' });
  const scope = query.scope === 'collection' ? 'collection' : 'group';
  const shape = shapes.require(database, query.collection, scope, parts);
  const prefix = Buffer.concat(
    [...fixed, ...(contains ? [contains] : [])].map((c) => c.operands[0] ?? Buffer.alloc(0)),
  );
  const { from, to, left } = bounds(query, rest);
  const wholeGroup = query.scope === 'collection' || query.parent === '';
  return {
    shape: shape.id,
    parent: scope === 'collection' ? query.parent : '',
    prefix: prefix.length,
    from: Buffer.concat([prefix, from]),
    to: to ? Buffer.concat([prefix, to]) : prefix.length > 0 ? (afterPrefix(prefix) ?? LAST) : LAST,
    exact: left === 0 && wholeGroup,
  };
}

/** The cursors, and the range filters on the first order, as bounds on the order bytes. `left`: filters not covered. */
function bounds(query: Query, rest: readonly Comparison[]): { from: Buffer; to: Buffer | undefined; left: number } {
  let from = Buffer.alloc(0);
  let to: Buffer | undefined;
  let left = 0;
  const raise = (bytes: Buffer) => {
    if (Buffer.compare(bytes, from) > 0) from = Buffer.from(bytes);
  };
  const lower = (bytes: Buffer | undefined) => {
    if (bytes && (!to || Buffer.compare(bytes, to) < 0)) to = bytes;
  };
  const edge = (bytes: Buffer, before: boolean) => (before ? bytes : (afterPrefix(bytes) ?? LAST));
  if (query.start) raise(edge(query.start.bytes, query.start.before));
  if (query.end) lower(edge(query.end.bytes, query.end.before));
  const [first] = query.orders;
  for (const comparison of rest) {
    const range = first && formatFieldPath(first.field) === formatFieldPath(comparison.field) && rangeOf(comparison);
    if (!range) {
      left += 1;
      continue;
    }
    const { above, under } = first.descending ? flip(range) : range;
    if (above) raise(above);
    if (under) lower(under);
  }
  return { from, to, left };
}

interface ValueRange {
  readonly above: Buffer | undefined;
  readonly under: Buffer | undefined;
}

/** The half-open range of order bytes that a comparison admits; undefined when it is no range. */
function rangeOf(comparison: Comparison): ValueRange | undefined {
  const [operand] = comparison.operands;
  if (!operand) return undefined;
  const name = isName(comparison.field);
  const type = operand.subarray(0, 1);
  const typeStart = name ? undefined : type;
  const typeEnd = name ? undefined : afterPrefix(type);
  switch (comparison.op) {
    case '==':
      return name ? { above: operand, under: afterPrefix(operand) } : undefined;
    case '<':
      return { above: typeStart, under: operand };
    case '<=':
      return { above: typeStart, under: afterPrefix(operand) };
    case '>':
      return { above: afterPrefix(operand), under: typeEnd };
    case '>=':
      return { above: operand, under: typeEnd };
    default:
      return undefined;
  }
}

/** [above, under) of values is (~under, ~above] of the reversed bytes, and no value lies between x and afterPrefix(x). */
function flip(range: ValueRange): ValueRange {
  return {
    above: range.under && flipped(range.under),
    under: range.above && flipped(range.above),
  };
}

/**
 * The reversed edge. Values below `edge` (none of which is a prefix of it) sort after every byte string that
 * starts with the reversed edge; those at or above it sort before `afterPrefix` of it.
 */
function flipped(edge: Buffer): Buffer {
  const result = Buffer.alloc(edge.length);
  for (let i = 0; i < edge.length; i += 1) result[i] = ~(edge[i] ?? 0);
  return afterPrefix(result) ?? LAST;
}

/** Hits of a range, in order, read in pages. `wanted` is how many are probably needed. */
export function* readRange(
  store: Store,
  query: Query,
  range: Range,
  { wanted, scan }: { wanted: number | undefined; scan: Scan },
): Generator<Hit> {
  const sql = `SELECT i.key AS entry, d.key, d.created, d.updated, d.data
    FROM firestore_index i CROSS JOIN firestore_documents d ON d.id = i.document
    WHERE i.shape = ? AND i.parent = ? AND i.key >= ? AND i.key < ? ORDER BY i.key LIMIT ?`;
  let from: Uint8Array = range.from;
  let page = Math.max(1, Math.min(wanted ?? FIRST_PAGE, NEXT_PAGE));
  for (;;) {
    const rows = store.all<{ entry: Uint8Array; key: string; created: number; updated: number; data: Uint8Array }>(
      sql,
      range.shape,
      range.parent,
      from,
      range.to,
      page,
    );
    for (const row of rows) {
      const document = new DocumentVersion(row);
      scan.entries += 1;
      if (!range.exact && !(isInside(query, row.key) && (!query.where || satisfies(document, query.where)))) continue;
      yield { order: Buffer.from(row.entry.subarray(range.prefix)), document };
    }
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    from = Buffer.concat([last.entry, Buffer.of(0)]);
    page = NEXT_PAGE;
  }
}

/** Whether a key lies below the query's parent. */
export function isInside(query: Query, key: string): boolean {
  if (query.parent === '') return true;
  return key.startsWith(below(query.parent).from);
}
