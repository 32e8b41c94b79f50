import { type Database, DocumentVersion } from './documents.ts';
import { encodeFields } from './encode-fields.ts';
import { invalid } from './errors.ts';
import { type FieldPath, formatFieldPath, getField, parseFieldPath, withField } from './field-paths.ts';
import type { VectorField } from './indexes.ts';
import type { Query } from './query.ts';
import type { QueryResult, QueryRunner } from './run-query.ts';
import { double, type Value } from './values.ts';
import { vectorOf } from './vectors.ts';

/** `google.firestore.v1.StructuredQuery.FindNearest` as decoded. */
export interface NearestMessage {
  vectorField: { fieldPath: string } | null;
  queryVector: Value | null;
  distanceMeasure: string;
  limit: { value: number } | null;
  distanceResultField: string;
  distanceThreshold: { value: number } | null;
}

type Distance = (a: readonly number[], b: readonly number[]) => number;

/** A search for the nearest vectors that has been checked. */
export interface Nearest {
  readonly field: FieldPath;
  readonly vector: readonly number[];
  readonly distance: Distance;
  /** The nearest are those of the largest number. */
  readonly largestFirst: boolean;
  readonly limit: number;
  /** The farthest that is still found. */
  readonly threshold: number | undefined;
  /** Where the distance is put in what is answered. */
  readonly resultField: FieldPath | undefined;
}

const MOST_NEIGHBORS = 1000;
/** Vectors that are charged as one read. */
const VECTORS_A_READ = 100;

const MEASURES: Readonly<Record<string, { readonly distance: Distance; readonly largestFirst: boolean }>> = {
  EUCLIDEAN: { distance: (a, b) => Math.sqrt(sum(a, (x, i) => (x - at(b, i)) ** 2)), largestFirst: false },
  COSINE: { distance: (a, b) => 1 - dot(a, b) / (length(a) * length(b)), largestFirst: false },
  DOT_PRODUCT: { distance: dot, largestFirst: true },
};

/** Checks a vector search. Throws INVALID_ARGUMENT. */
export function readNearest(message: NearestMessage): Nearest {
  const measure = MEASURES[message.distanceMeasure];
  if (!measure) throw invalid('find_nearest needs a distance measure: EUCLIDEAN, COSINE or DOT_PRODUCT.');
  const limit = message.limit?.value ?? 0;
  if (limit < 1 || limit > MOST_NEIGHBORS) {
    throw invalid(`find_nearest needs a limit of 1 to ${MOST_NEIGHBORS}; this one is ${limit}.`);
  }
  const vector = vectorOf(message.queryVector ?? undefined);
  if (!vector) throw invalid('find_nearest needs a query vector.');
  return {
    ...measure,
    field: parseFieldPath(message.vectorField?.fieldPath ?? ''),
    vector,
    limit,
    threshold: message.distanceThreshold?.value,
    resultField: message.distanceResultField === '' ? undefined : parseFieldPath(message.distanceResultField),
  };
}

/** What a search asks of an index. */
export function vectorField({ field, vector }: Nearest): VectorField {
  return { field: formatFieldPath(field), dimension: vector.length };
}

/**
 * The documents of a query whose vectors are nearest, the nearest first, and what is charged for looking: the distance
 * of every one is taken. Vectors of other dimensions, other values and, by cosine, vectors without a direction are not
 * found. The order of the query is superseded; its offset and limit apply to what is found.
 */
export function findNearest(
  runner: QueryRunner,
  database: Database,
  query: Query,
  nearest: Nearest,
  at: number | undefined,
): QueryResult & { readonly reads: number } {
  const { hits, scanned } = runner.run(database, { ...query, offset: 0, limit: undefined }, at);
  const sign = nearest.largestFirst ? -1 : 1;
  const measured = hits.flatMap((hit) => {
    const distance = distanceOf(hit.document, nearest);
    return distance === undefined ? [] : [{ ...hit, distance }];
  });
  const found = measured
    .filter(({ distance }) => nearest.threshold === undefined || sign * (distance - nearest.threshold) <= 0)
    .sort((a, b) => sign * (a.distance - b.distance))
    .slice(0, nearest.limit)
    .map(({ order, document, distance }) => ({ order, document: withDistance(document, nearest, distance) }));
  const end = query.limit === undefined ? undefined : query.offset + query.limit;
  return {
    hits: found.slice(query.offset, end),
    skipped: Math.min(query.offset, found.length),
    scanned,
    reads: Math.ceil(measured.length / VECTORS_A_READ),
  };
}

function distanceOf(document: DocumentVersion, { field, vector, distance }: Nearest): number | undefined {
  const value = getField(document.fields, field);
  const other = value?.valueType === 'mapValue' ? vectorOf(value) : undefined;
  if (other?.length !== vector.length) return undefined;
  const result = distance(vector, other);
  return Number.isNaN(result) ? undefined : result;
}

function withDistance(document: DocumentVersion, { resultField }: Nearest, distance: number): DocumentVersion {
  if (!resultField) return document;
  const fields = withField(document.fields, resultField, double(distance));
  return new DocumentVersion({ ...rowOf(document), data: encodeFields(fields) }, fields);
}

function rowOf({ key, created, updated }: DocumentVersion) {
  return { key, created, updated };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return sum(a, (x, i) => x * at(b, i));
}

function length(a: readonly number[]): number {
  return Math.sqrt(dot(a, a));
}

function sum(a: readonly number[], term: (x: number, i: number) => number): number {
  return a.reduce((total, x, i) => total + term(x, i), 0);
}

function at(a: readonly number[], i: number): number {
  return a[i] ?? 0;
}
