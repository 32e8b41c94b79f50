import type { Database, DocumentVersion } from './documents.ts';
import { invalid } from './errors.ts';
import { formatFieldPath, getField, parseFieldPath } from './field-paths.ts';
import type { Query } from './query.ts';
import type { QueryRunner } from './run-query.ts';
import { toDouble } from './transforms.ts';
import { double, type Fields, integer, NULL, type Value } from './values.ts';

/** `google.firestore.v1.StructuredAggregationQuery.Aggregation` as decoded. */
export interface AggregationMessage {
  operator?: 'count' | 'sum' | 'avg';
  count?: { upTo: { value: string } | null } | null;
  sum?: { field: { fieldPath: string } | null } | null;
  avg?: { field: { fieldPath: string } | null } | null;
  alias: string;
}

const MOST_AGGREGATIONS = 5;

/** The fields that are summed or averaged, as text. */
export function aggregatedFields(aggregations: readonly AggregationMessage[]): string[] {
  const fields = aggregations.flatMap((one) => (one.operator === 'count' ? [] : [fieldOf(one)]));
  return [...new Set(fields.map((field) => formatFieldPath(parseFieldPath(field))))].sort();
}

function fieldOf(one: AggregationMessage): string {
  const field = one.operator === 'sum' ? one.sum?.field : one.avg?.field;
  if (!field) throw invalid('sum and avg need a field.');
  return field.fieldPath;
}

/**
 * The aggregations by alias, and how many documents were looked at. With a sum or an average, only documents that have
 * all the aggregated fields count. Throws INVALID_ARGUMENT.
 */
export function aggregate(
  runner: QueryRunner,
  database: Database,
  query: Query,
  aggregations: readonly AggregationMessage[],
  at: number | undefined,
): { fields: Fields; entries: number } {
  if (aggregations.length === 0) throw invalid('An aggregation query needs at least one aggregation.');
  if (aggregations.length > MOST_AGGREGATIONS) throw invalid(`A query has at most ${MOST_AGGREGATIONS} aggregations.`);
  const paths = aggregatedFields(aggregations).map(parseFieldPath);
  let documents: DocumentVersion[] = [];
  let entries: number;
  if (paths.length === 0) {
    entries = runner.count(database, query, largestCount(aggregations), at);
  } else {
    const { hits } = runner.run(database, query, at);
    documents = hits
      .map((hit) => hit.document)
      .filter((document) => paths.every((path) => getField(document.fields, path) !== undefined));
    entries = documents.length;
  }
  const fields: Fields = {};
  for (const [i, one] of aggregations.entries()) {
    const alias = one.alias || `field_${i + 1}`;
    if (Object.hasOwn(fields, alias)) throw invalid(`The alias "${alias}" is used twice.`);
    fields[alias] = one.operator === 'count' ? count(one, entries) : total(one, documents);
  }
  return { fields, entries };
}

function upTo(one: AggregationMessage): number | undefined {
  if (!one.count?.upTo) return undefined;
  const most = Number(one.count.upTo.value);
  if (most <= 0) throw invalid('count.up_to must be positive.');
  return most;
}

function largestCount(aggregations: readonly AggregationMessage[]): number | undefined {
  const limits = aggregations.map(upTo);
  return limits.some((limit) => limit === undefined) ? undefined : Math.max(...limits.map((limit) => limit ?? 0));
}

function count(one: AggregationMessage, entries: number): Value {
  return integer(Math.min(entries, upTo(one) ?? entries));
}

/** Sum: an integer while all are integers that fit in 64 bits, else a double. Average: a double, null of nothing. */
function total(one: AggregationMessage, documents: readonly DocumentVersion[]): Value {
  const path = parseFieldPath(fieldOf(one));
  let integers = 0n;
  let doubles = 0;
  let hasDouble = false;
  let numbers = 0;
  for (const document of documents) {
    const value = getField(document.fields, path);
    if (value?.valueType === 'integerValue') integers += BigInt(value.integerValue);
    else if (value?.valueType === 'doubleValue') {
      doubles += toDouble(value);
      hasDouble = true;
    } else continue;
    numbers += 1;
  }
  if (one.operator === 'avg') return numbers === 0 ? NULL : double((Number(integers) + doubles) / numbers);
  if (!hasDouble && BigInt.asIntN(64, integers) === integers) return integer(integers);
  return double(Number(integers) + doubles);
}
