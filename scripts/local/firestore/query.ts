import { invalid, unimplemented } from './errors.ts';
import { type FieldPath, formatFieldPath, isName, NAME_FIELD, parseFieldPath } from './field-paths.ts';
import {
  type Cursor,
  checkCombination,
  type FilterMessage,
  inequalityFields,
  type Predicate,
  readFilter,
  valueKey,
} from './filter.ts';
import type { NearestMessage } from './nearest.ts';
import { reversed } from './order-key.ts';
import { parentKey, toSegments } from './paths.ts';

/** `google.firestore.v1.StructuredQuery` as decoded. */
export interface QueryMessage {
  select: { fields: { fieldPath: string }[] } | null;
  from: { collectionId: string; allDescendants: boolean }[];
  where: FilterMessage | null;
  orderBy: { field: { fieldPath: string } | null; direction: string }[];
  startAt: Cursor | null;
  endAt: Cursor | null;
  offset: number;
  limit: { value: number } | null;
  findNearest?: NearestMessage | null;
}

const MOST_INEQUALITIES = 10;
const MOST_PARTS = 100;

export interface Order {
  readonly field: FieldPath;
  readonly descending: boolean;
}

/** A place in the order of a query: the order bytes of the leading values, and the side of them it is on. */
export interface Bound {
  readonly bytes: Buffer;
  readonly before: boolean;
}

/** A query that has been checked and completed with its implied orders. */
export interface Query {
  readonly database: string;
  /** Key of the document the collection lies below; '' is the root. */
  readonly parent: string;
  /** One collection, all collections of that id below the parent, or everything below the parent. */
  readonly scope: 'collection' | 'group' | 'all';
  readonly collection: string;
  readonly where: Predicate | undefined;
  /** `__name__` is among them, so that no two documents are equal in order. */
  readonly orders: readonly Order[];
  readonly start: Bound | undefined;
  readonly end: Bound | undefined;
  readonly offset: number;
  readonly limit: number | undefined;
  readonly select: readonly FieldPath[] | undefined;
}

/** Checks a query and completes it. Throws INVALID_ARGUMENT; UNIMPLEMENTED for vector search, which only RunQuery does. */
export function readQuery(parentName: string, message: QueryMessage): Query {
  if (message.findNearest) throw unimplemented('find_nearest (vector search) outside of RunQuery');
  const { database, key: parent } = parentKey(parentName);
  const [from, ...more] = message.from;
  if (!from || more.length > 0) throw invalid('A query must have exactly one collection selector.');
  if (from.collectionId === '' && !from.allDescendants) throw invalid('The collection id must not be empty.');
  if (from.collectionId.includes('/')) throw invalid(`Collection id "${from.collectionId}" must not contain "/".`);
  if (message.offset < 0) throw invalid('Offset must not be negative.');
  if (message.limit && message.limit.value < 0) throw invalid('Limit must not be negative.');
  const where = message.where ? readFilter(message.where, database) : undefined;
  if (where) checkCombination(where);
  const orders = completeOrders(message, where);
  checkParts(orders, where, parent);
  return {
    database,
    parent,
    scope: from.collectionId === '' ? 'all' : from.allDescendants ? 'group' : 'collection',
    collection: from.collectionId,
    where,
    orders,
    start: readBound(message.startAt, orders, database),
    end: readBound(message.endAt, orders, database),
    offset: message.offset,
    limit: message.limit?.value,
    select: message.select ? readSelect(message.select.fields) : undefined,
  };
}

/** Throws INVALID_ARGUMENT for a query of more parts than Firestore takes. */
function checkParts(orders: readonly Order[], where: Predicate | undefined, parent: string): void {
  const inequalities = where ? inequalityFields(where).length : 0;
  if (inequalities > MOST_INEQUALITIES) {
    throw invalid(`A query can have inequalities on up to ${MOST_INEQUALITIES} fields; this one has ${inequalities}.`);
  }
  const parts = orders.length + (where ? comparisons(where) : 0) + toSegments(parent).length / 2;
  if (parts > MOST_PARTS) {
    throw invalid(`A query can have up to ${MOST_PARTS} filters, orders and parents together; this one has ${parts}.`);
  }
}

function comparisons(predicate: Predicate): number {
  if (predicate.kind === 'compare') return 1;
  return predicate.filters.reduce((sum, filter) => sum + comparisons(filter), 0);
}

function readSelect(fields: { fieldPath: string }[]): FieldPath[] {
  return fields.map((field) => parseFieldPath(field.fieldPath));
}

function completeOrders(message: QueryMessage, where: Predicate | undefined): Order[] {
  const orders: Order[] = message.orderBy.map((order) => ({
    field: parseFieldPath(order.field?.fieldPath ?? ''),
    descending: order.direction === 'DESCENDING',
  }));
  const descending = orders.at(-1)?.descending ?? false;
  const seen = new Set(orders.map((order) => formatFieldPath(order.field)));
  if (seen.size < orders.length) throw invalid('A query must not order by the same field twice.');
  for (const field of where ? inequalityFields(where) : []) {
    if (!seen.has(formatFieldPath(field)) && !isName(field)) orders.push({ field, descending });
  }
  if (orders.some((order) => isName(order.field))) return orders;
  return [...orders, { field: [NAME_FIELD], descending }];
}

function readBound(cursor: Cursor | null, orders: readonly Order[], database: string): Bound | undefined {
  if (!cursor || cursor.values.length === 0) return undefined;
  if (cursor.values.length > orders.length) throw invalid('Cursor has too many values.');
  const parts = cursor.values.map((value, i) => {
    const order = orders[i];
    if (!order) throw invalid('Cursor has too many values.');
    const bytes = valueKey(order.field, value, database);
    return order.descending ? reversed(bytes) : bytes;
  });
  return { bytes: Buffer.concat(parts), before: cursor.before };
}
