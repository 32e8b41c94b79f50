import { FIRESTORE } from './codec.ts';
import type { IndexField, IndexFields } from './indexes.ts';
import type { Query } from './query.ts';

/** `google.firestore.v1.ExplainOptions` as decoded. */
export type ExplainOptions = { analyze: boolean } | null;

/** What running a query came to. */
export interface Execution {
  readonly results: number;
  /** Reads that are charged. */
  readonly reads: number;
  /** Index entries looked at. */
  readonly entries: number;
  /** Documents read for them. */
  readonly documents: number;
  /** Documents among them that are charged: those that were answered or passed over. */
  readonly billable: number;
  /** From the start of the run to its last result. */
  readonly durationMs: number;
}

export interface ExplainMetrics {
  readonly planSummary: { readonly indexesUsed: readonly Struct[] };
  readonly executionStats: ReturnType<typeof executionStats> | null;
}

/** `google.protobuf.Value` and `Struct`, as far as they are needed here. */
type StructValue = { stringValue: string } | { structValue: Struct };
type Struct = { fields: Record<string, StructValue> };

/**
 * `google.firestore.v1.ExplainMetrics`: the plan, and the statistics of the execution when the query was run.
 * @see https://cloud.google.com/firestore/native/docs/query-explain
 */
export function explainMetrics(query: Query, indexes: readonly IndexFields[], execution?: Execution): ExplainMetrics {
  return {
    planSummary: { indexesUsed: indexes.map((fields) => indexUsed(query, fields)) },
    executionStats: execution ? executionStats(execution) : null,
  };
}

/** The field `explain_metrics` of a `RunQueryResponse`. */
export function encodeMetrics(metrics: ExplainMetrics): Buffer {
  return FIRESTORE.RunQuery?.responseSerialize({ explainMetrics: metrics }) ?? Buffer.alloc(0);
}

function indexUsed(query: Query, fields: IndexFields): Struct {
  return struct({
    query_scope: query.scope === 'collection' ? 'Collection' : 'Collection Group',
    properties: `(${properties(fields).join(', ')})`,
  });
}

/** As the service shows an index: with its `__name__`, which a vector comes after. */
function properties(fields: IndexFields): string[] {
  const parts = fields.map((part) => `${part.field} ${kindOf(part)}`);
  if (fields.some((part) => part.field === '__name__')) return parts;
  const last = fields.at(-1);
  const vectorAt = fields.findIndex((part) => 'dimension' in part);
  const name = `__name__ ${last && 'order' in last && last.order === 'desc' ? 'DESC' : 'ASC'}`;
  return parts.toSpliced(vectorAt < 0 ? parts.length : vectorAt, 0, name);
}

function kindOf(part: IndexField): string {
  if ('dimension' in part) return `VECTOR<${part.dimension}>`;
  return part.order === 'array-contains' ? 'CONTAINS' : part.order.toUpperCase();
}

function executionStats({ results, reads, entries, documents, billable, durationMs }: Execution) {
  const seconds = Math.floor(durationMs / 1000);
  return {
    resultsReturned: String(results),
    executionDuration: {
      seconds: String(seconds),
      nanos: Math.max(1, Math.round((durationMs - seconds * 1000) * 1e6)),
    },
    readOperations: String(reads),
    debugStats: struct({
      indexes_entries_scanned: String(entries),
      documents_scanned: String(documents),
      billing_details: {
        documents_billable: String(billable),
        index_entries_billable: String(entries),
        min_query_cost: results === 0 ? '1' : '0',
      },
    }),
  };
}

interface Plain {
  readonly [name: string]: string | Plain;
}

function struct(plain: Plain): Struct {
  const fields = Object.entries(plain).map(([name, value]) => [
    name,
    typeof value === 'string' ? { stringValue: value } : { structValue: struct(value) },
  ]);
  return { fields: Object.fromEntries(fields) };
}
