import { failedPrecondition } from './errors.ts';
import { formatFieldPath, isName } from './field-paths.ts';
import { type Comparison, disjuncts } from './filter.ts';
import type { Query } from './query.ts';

/** A composite index as it is declared and deployed. */
export interface CompositeIndex {
  readonly collection: string;
  /** `collection` when left out: one collection at a time; `collection-group`: all collections of that id. */
  readonly scope?: 'collection' | 'collection-group';
  /** Fields by path; `__name__` may be left out at the end. */
  readonly fields: readonly { readonly field: string; readonly order: 'asc' | 'desc' | 'array-contains' }[];
}

type IndexField = CompositeIndex['fields'][number];

/** What one alternative of a query asks of an index: fixed fields in any order, then a tail in its order. */
interface Need {
  readonly fixed: ReadonlyMap<string, 'scalar' | 'array-contains'>;
  readonly tail: readonly IndexField[];
}

/**
 * Refuses a query that Firestore would refuse for want of an index: single fields of a collection are indexed by
 * themselves, and filters by equality are merged; everything else, and every field of a collection group, needs a
 * declaration. Throws FAILED_PRECONDITION with the declaration to add.
 */
export function requireIndex(query: Query, indexes: readonly CompositeIndex[], aggregated: readonly string[]): void {
  if (query.scope === 'all') return;
  const scope = query.scope === 'group' ? 'collection-group' : 'collection';
  const usable = indexes.filter(
    (index) => index.collection === query.collection && (index.scope ?? 'collection') === scope,
  );
  for (const alternative of disjuncts(query.where)) {
    const need = needOf(query, alternative, aggregated);
    if (isAutomatic(need, scope) || isCovered(need, usable)) continue;
    throw failedPrecondition(`The query requires an index. Declare it: ${declaration(query.collection, scope, need)}`);
  }
}

function needOf(query: Query, alternative: readonly Comparison[], aggregated: readonly string[]): Need {
  const fixed = new Map<string, 'scalar' | 'array-contains'>();
  for (const { field, op } of alternative) {
    if (isName(field)) continue;
    if (op === 'contains') fixed.set(formatFieldPath(field), 'array-contains');
    else if (op === '==') fixed.set(formatFieldPath(field), 'scalar');
  }
  const tail: IndexField[] = [];
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
  return { fixed, tail: withoutImpliedName(tail) };
}

/** An index ends with `__name__` in the direction of its last field: only another direction has to be declared. */
function withoutImpliedName(tail: readonly IndexField[]): IndexField[] {
  const at = tail.findIndex((part) => part.field === '__name__');
  if (at < 0) return [...tail];
  const before = tail.slice(0, at);
  const implied = before.at(-1)?.order ?? tail[at]?.order;
  return tail[at]?.order === implied ? before : [...tail.slice(0, at + 1)];
}

/** Whether the indexes that every field has are enough. */
function isAutomatic(need: Need, scope: 'collection' | 'collection-group'): boolean {
  if (scope === 'collection-group')
    return need.fixed.size === 0 && need.tail.every((part) => part.field === '__name__');
  if (need.tail.length === 0) return true;
  return need.fixed.size === 0 && need.tail.length === 1;
}

/** Whether indexes with the tail, read forwards or backwards, cover the fixed fields between them. */
function isCovered(need: Need, indexes: readonly CompositeIndex[]): boolean {
  return [need.tail, need.tail.map(turned)].some((tail) => {
    const covered = new Set<string>();
    let used = false;
    for (const index of indexes) {
      const fields = withoutImpliedName(index.fields);
      const head = fields.slice(0, fields.length - tail.length);
      const end = fields.slice(fields.length - tail.length);
      if (fields.length < tail.length || !tail.every((part, i) => isSame(part, end[i]))) continue;
      if (!head.every((part) => need.fixed.get(part.field) === kindOf(part))) continue;
      used = true;
      for (const part of head) covered.add(part.field);
    }
    return used && covered.size === need.fixed.size;
  });
}

function kindOf(part: IndexField): 'scalar' | 'array-contains' {
  return part.order === 'array-contains' ? 'array-contains' : 'scalar';
}

function isSame(a: IndexField, b: IndexField | undefined): boolean {
  return a.field === b?.field && a.order === b.order;
}

function turned(part: IndexField): IndexField {
  return part.order === 'array-contains' ? part : { field: part.field, order: part.order === 'asc' ? 'desc' : 'asc' };
}

function declaration(collection: string, scope: string, need: Need): string {
  const fixed = [...need.fixed].map(([field, kind]) => ({ field, order: kind === 'scalar' ? 'asc' : kind }));
  const fields = [...fixed, ...need.tail].map((part) => `{field: '${part.field}', order: '${part.order}'}`);
  const scoped = scope === 'collection' ? '' : `scope: '${scope}', `;
  return `{collection: '${collection}', ${scoped}fields: [${fields.join(', ')}]}`;
}
