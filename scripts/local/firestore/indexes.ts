import { failedPrecondition } from './errors.ts';
import { formatFieldPath, isName } from './field-paths.ts';
import { type Comparison, disjuncts } from './filter.ts';
import type { Query } from './query.ts';

/** A composite index as it is declared and deployed. */
export interface CompositeIndex {
  readonly collection: string;
  /** `collection` when left out: one collection at a time; `collection-group`: all collections of that id. */
  readonly scope?: 'collection' | 'collection-group';
  /** Fields by path; `__name__` may be left out at the end. A vector comes last. */
  readonly fields: IndexFields;
}

export type IndexField =
  | { readonly field: string; readonly order: 'asc' | 'desc' | 'array-contains' }
  | { readonly field: string; readonly dimension: number };
export type IndexFields = readonly IndexField[];

/** A field that is searched for the nearest vectors. */
export interface VectorField {
  readonly field: string;
  readonly dimension: number;
}

/** What one alternative of a query asks of an index: fixed fields in any order, then a tail in its order. */
interface Need {
  readonly fixed: ReadonlyMap<string, 'scalar' | 'array-contains'>;
  readonly tail: IndexFields;
}

/** What a query asks of indexes besides its filters and orders. */
export interface IndexDemands {
  /** Paths that are summed or averaged. */
  readonly aggregated?: readonly string[];
  readonly vector?: VectorField | undefined;
}

/**
 * The indexes a query is answered from, each once; those that fields have by themselves among them. Single fields of a
 * collection are indexed by themselves, and filters by equality are merged; everything else, every field of a
 * collection group and every vector needs a declaration. `declared` undefined: as if whatever it needs were declared.
 * Throws FAILED_PRECONDITION with the declaration to add.
 */
export function chooseIndexes(
  query: Query,
  declared: readonly CompositeIndex[] | undefined,
  { aggregated = [], vector }: IndexDemands = {},
): IndexFields[] {
  if (query.scope === 'all') return [[]];
  const scope = query.scope === 'group' ? 'collection-group' : 'collection';
  const usable = declared
    ?.filter((index) => index.collection === query.collection && (index.scope ?? 'collection') === scope)
    .map((index) => withoutImpliedName(index.fields));
  const chosen = disjuncts(query.where).flatMap((alternative) => {
    const need = needOf(query, alternative, aggregated, vector);
    const indexes = automatic(need, scope) ?? (usable ? covering(need, usable) : [fieldsOf(need)]);
    if (indexes) return indexes;
    const reason = vector ? 'Missing vector index configuration.' : 'The query requires an index.';
    throw failedPrecondition(`${reason} Declare it: ${declaration(query.collection, scope, need)}`);
  });
  return [...new Map(chosen.map((fields) => [JSON.stringify(fields), fields])).values()];
}

function needOf(
  query: Query,
  alternative: readonly Comparison[],
  aggregated: readonly string[],
  vector: VectorField | undefined,
): Need {
  const fixed = new Map<string, 'scalar' | 'array-contains'>();
  for (const { field, op } of alternative) {
    if (isName(field)) continue;
    if (op === 'contains') fixed.set(formatFieldPath(field), 'array-contains');
    else if (op === '==') fixed.set(formatFieldPath(field), 'scalar');
  }
  const tail: { field: string; order: 'asc' | 'desc' }[] = [];
  for (const { field, descending } of query.orders) {
    const path = formatFieldPath(field);
    if (fixed.get(path) !== 'scalar') tail.push({ field: path, order: descending ? 'desc' : 'asc' });
  }
  for (const field of aggregated) {
    if (fixed.get(field) !== 'scalar' && !tail.some((part) => part.field === field)) {
      const nameAt = tail.findIndex((part) => part.field === '__name__');
      tail.splice(nameAt < 0 ? tail.length : nameAt, 0, { field, order: tail[nameAt]?.order ?? 'asc' });
    }
  }
  return { fixed, tail: withoutImpliedName(vector ? [...tail, vector] : tail) };
}

/**
 * An index ends with `__name__` in the direction of its last field: only another direction has to be declared. Before a
 * vector, whose distance supersedes the order, none has.
 */
function withoutImpliedName(tail: IndexFields): IndexFields {
  if (tail.some((part) => 'dimension' in part)) return tail.filter((part) => part.field !== '__name__');
  const at = tail.findIndex((part) => part.field === '__name__');
  const name = tail[at];
  if (!name) return tail;
  const before = tail.slice(0, at);
  const last = before.at(-1) ?? name;
  return orderOf(name) === orderOf(last) ? before : tail.slice(0, at + 1);
}

function orderOf(part: IndexField): string | undefined {
  return 'order' in part ? part.order : undefined;
}

/** Indexes that every field has and that are enough; undefined when there are none. */
function automatic({ fixed, tail }: Need, scope: 'collection' | 'collection-group'): IndexFields[] | undefined {
  if (fixed.size === 0 && tail.every((part) => part.field === '__name__')) return [tail];
  const [first] = tail;
  if (scope === 'collection-group' || (first && 'dimension' in first)) return undefined;
  if (fixed.size === 0 && tail.length === 1) return [tail];
  return first ? undefined : fieldsOf({ fixed, tail }).map((part) => [part]);
}

/** Declared indexes with the tail, in its directions, that cover the fixed fields: one, or several merged. */
function covering(need: Need, declared: readonly IndexFields[]): IndexFields[] | undefined {
  const { fixed, tail } = need;
  const headOf = (fields: IndexFields) => fields.slice(0, fields.length - tail.length);
  const fitting = declared.filter((fields) => {
    const end = fields.slice(fields.length - tail.length);
    if (fields.length < tail.length || !tail.every((part, i) => isSame(part, end[i]))) return false;
    return headOf(fields).every((part) => fixed.get(part.field) === kindOf(part));
  });
  const alone = fitting.find((fields) => headOf(fields).length === fixed.size);
  if (alone) return [alone];
  const covered = new Set(fitting.flatMap(headOf).map((part) => part.field));
  const isMergeable = !tail.some((part) => 'dimension' in part);
  return isMergeable && fitting.length > 0 && covered.size === fixed.size ? fitting : undefined;
}

function kindOf(part: IndexField): 'scalar' | 'array-contains' {
  return orderOf(part) === 'array-contains' ? 'array-contains' : 'scalar';
}

function isSame(a: IndexField, b: IndexField | undefined): boolean {
  if (a.field !== b?.field) return false;
  return 'dimension' in a ? 'dimension' in b && a.dimension === b.dimension : orderOf(b) === a.order;
}

function fieldsOf({ fixed, tail }: Need): IndexField[] {
  const head = [...fixed].map(([field, kind]) => ({ field, order: kind === 'scalar' ? ('asc' as const) : kind }));
  return [...head, ...tail];
}

function declaration(collection: string, scope: string, need: Need): string {
  const fields = fieldsOf(need).map((part) => {
    const how = 'dimension' in part ? `dimension: ${part.dimension}` : `order: '${part.order}'`;
    return `{field: '${part.field}', ${how}}`;
  });
  const scoped = scope === 'collection' ? '' : `scope: '${scope}', `;
  return `{collection: '${collection}', ${scoped}fields: [${fields.join(', ')}]}`;
}
