import { invalid } from './errors.ts';
import { type FieldPath, formatFieldPath, getField, isName, parseFieldPath } from './field-paths.ts';
import { NAN_TAG, NULL_TAG, nameOrderKey, orderKey } from './order-key.ts';
import { parseName, toKey } from './paths.ts';
import { type Fields, NAN, NULL, type Value } from './values.ts';

export interface Cursor {
  values: Value[];
  before: boolean;
}

/** `google.firestore.v1.StructuredQuery.Filter` as decoded. */
export type FilterMessage =
  | { filterType: 'compositeFilter'; compositeFilter: { op: string; filters: FilterMessage[] } }
  | { filterType: 'fieldFilter'; fieldFilter: { field: { fieldPath: string } | null; op: string; value: Value | null } }
  | { filterType: 'unaryFilter'; unaryFilter: { field?: { fieldPath: string } | null; op: string } };

export type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=' | 'contains' | 'in' | 'contains-any' | 'not-in';

/** A comparison of a field with operands, which are order bytes: without any, it finds nothing. */
export interface Comparison {
  readonly kind: 'compare';
  readonly field: FieldPath;
  readonly op: Operator;
  readonly operands: readonly Buffer[];
}

export type Predicate =
  | Comparison
  | { readonly kind: 'and'; readonly filters: readonly Predicate[] }
  | { readonly kind: 'or'; readonly filters: readonly Predicate[] };

const OPERATORS: Record<string, Operator> = {
  LESS_THAN: '<',
  LESS_THAN_OR_EQUAL: '<=',
  GREATER_THAN: '>',
  GREATER_THAN_OR_EQUAL: '>=',
  EQUAL: '==',
  NOT_EQUAL: '!=',
  ARRAY_CONTAINS: 'contains',
  IN: 'in',
  ARRAY_CONTAINS_ANY: 'contains-any',
  NOT_IN: 'not-in',
};

const UNARY: Record<string, { op: Operator; value: Value }> = {
  IS_NAN: { op: '==', value: NAN },
  IS_NULL: { op: '==', value: NULL },
  IS_NOT_NAN: { op: '!=', value: NAN },
  IS_NOT_NULL: { op: '!=', value: NULL },
};

const INEQUALITIES: ReadonlySet<Operator> = new Set(['<', '<=', '>', '>=', '!=', 'not-in']);
const MEMBERSHIPS: ReadonlySet<Operator> = new Set(['in', 'contains', 'contains-any']);
const LIST_LIMITS: Partial<Record<Operator, number>> = { in: 30, 'contains-any': 30, 'not-in': 10 };

/** Checks a filter. Throws INVALID_ARGUMENT. */
export function readFilter(message: FilterMessage, database: string): Predicate {
  switch (message.filterType) {
    case 'compositeFilter': {
      const { op, filters } = message.compositeFilter;
      if (op !== 'AND' && op !== 'OR') throw invalid('A composite filter must have an operator: AND or OR.');
      if (filters.length === 0) throw invalid('A composite filter must have at least one sub-filter.');
      const read = filters.map((filter) => readFilter(filter, database));
      return op === 'AND' ? { kind: 'and', filters: read } : { kind: 'or', filters: read };
    }
    case 'fieldFilter': {
      const op = OPERATORS[message.fieldFilter.op];
      if (!op) throw invalid('A field filter must have an operator.');
      return comparison(message.fieldFilter.field, op, message.fieldFilter.value, database);
    }
    case 'unaryFilter': {
      const unary = UNARY[message.unaryFilter.op];
      if (!unary) throw invalid('A unary filter must have an operator.');
      return comparison(message.unaryFilter.field, unary.op, unary.value, database);
    }
    default:
      throw invalid('A filter must be composite, a field filter or unary.');
  }
}

function comparison(
  reference: { fieldPath: string } | null | undefined,
  op: Operator,
  value: Value | null,
  database: string,
): Comparison {
  const field = parseFieldPath(reference?.fieldPath ?? '');
  if (!value) throw invalid(`The filter on "${reference?.fieldPath}" has no value.`);
  const limit = LIST_LIMITS[op];
  if (limit === undefined) return { kind: 'compare', field, op, operands: operandsOf(field, op, [value], database) };
  const name = op === 'in' ? 'IN' : op === 'not-in' ? 'NOT_IN' : 'ARRAY_CONTAINS_ANY';
  if (value.valueType !== 'arrayValue' || value.arrayValue.values.length === 0) {
    throw invalid(`'${name}' requires a non-empty ArrayValue.`);
  }
  if (value.arrayValue.values.length > limit) throw invalid(`'${name}' supports up to ${limit} comparison values.`);
  return { kind: 'compare', field, op, operands: operandsOf(field, op, value.arrayValue.values, database) };
}

/** Order bytes of the operands, without those that the service finds by `==` alone: null and NaN. */
function operandsOf(field: FieldPath, op: Operator, values: readonly Value[], database: string): Buffer[] {
  const keys = values.map((value) => valueKey(field, value, database));
  if (isName(field) || !MEMBERSHIPS.has(op)) return keys;
  return keys.filter((key) => key[0] !== NULL_TAG && key[0] !== NAN_TAG);
}

/** Order bytes of an operand: of a document's name for `__name__`, of the value otherwise. Throws INVALID_ARGUMENT. */
export function valueKey(field: FieldPath, value: Value, database: string): Buffer {
  if (!isName(field)) return orderKey(value);
  if (value.valueType !== 'referenceValue') throw invalid('__name__ can only be compared with a reference.');
  const name = parseName(value.referenceValue);
  if (name.database !== database) throw invalid(`"${value.referenceValue}" is in another database than the query.`);
  return nameOrderKey(toKey(name.segments));
}

/** Order bytes of a document's field, undefined when it has none. */
export function fieldKey(document: { key: string; fields: Fields }, field: FieldPath): Buffer | undefined {
  if (isName(field)) return nameOrderKey(document.key);
  const value = getField(document.fields, field);
  return value && orderKey(value);
}

/** Whether a document satisfies a predicate. */
export function satisfies(document: { key: string; fields: Fields }, predicate: Predicate): boolean {
  if (predicate.kind === 'and') return predicate.filters.every((filter) => satisfies(document, filter));
  if (predicate.kind === 'or') return predicate.filters.some((filter) => satisfies(document, filter));
  const { field, op, operands } = predicate;
  if (op === 'contains' || op === 'contains-any') {
    const value = getField(document.fields, field);
    if (value?.valueType !== 'arrayValue') return false;
    return value.arrayValue.values.some((element) => includes(operands, orderKey(element)));
  }
  const key = fieldKey(document, field);
  return key !== undefined && compare(key, op, operands, isName(field));
}

function compare(key: Buffer, op: Operator, operands: readonly Buffer[], name: boolean): boolean {
  const isNull = !name && key[0] === NULL_TAG;
  if (op === '==' || op === 'in') return includes(operands, key);
  if (op === '!=') return !isNull && !includes(operands, key);
  if (op === 'not-in') return !isNull && !operands.some((o) => !name && o[0] === NULL_TAG) && !includes(operands, key);
  const [operand] = operands;
  if (!operand || (!name && operand[0] !== key[0])) return false;
  const order = Buffer.compare(key, operand);
  if (op === '<') return order < 0;
  if (op === '<=') return order <= 0;
  return op === '>' ? order > 0 : order >= 0;
}

function includes(operands: readonly Buffer[], key: Buffer): boolean {
  return operands.some((operand) => operand.equals(key));
}

export function isInequality(comparison: Comparison): boolean {
  return INEQUALITIES.has(comparison.op);
}

/** The fields compared by inequality, each once, in the order of their paths. */
export function inequalityFields(predicate: Predicate): FieldPath[] {
  const fields = new Map<string, FieldPath>();
  const visit = (p: Predicate) => {
    if (p.kind !== 'compare') p.filters.forEach(visit);
    else if (isInequality(p)) fields.set(formatFieldPath(p.field), p.field);
  };
  visit(predicate);
  return [...fields.values()].sort(compareFieldPaths);
}

function compareFieldPaths(a: FieldPath, b: FieldPath): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = Buffer.compare(Buffer.from(a[i] ?? ''), Buffer.from(b[i] ?? ''));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const MOST_DISJUNCTS = 30;

/** The predicate as alternatives, each a list of comparisons that must all hold. Throws INVALID_ARGUMENT above 30. */
export function disjuncts(predicate: Predicate | undefined): Comparison[][] {
  const result = predicate ? expand(predicate) : [[]];
  if (result.length > MOST_DISJUNCTS) {
    throw invalid(`A query can have up to ${MOST_DISJUNCTS} disjunctions after normalization; this one has more.`);
  }
  return result;
}

/** Refuses filters that Firestore cannot combine. Throws INVALID_ARGUMENT. */
export function checkCombination(predicate: Predicate): void {
  const used = new Map<string, number>();
  const visit = (p: Predicate) => {
    const name = p.kind === 'compare' ? p.op : p.kind;
    used.set(name, (used.get(name) ?? 0) + 1);
    if (p.kind !== 'compare') p.filters.forEach(visit);
  };
  visit(predicate);
  if ((used.get('not-in') ?? 0) > 1) throw invalid("A maximum of 1 'NOT_IN' filter is allowed per query.");
  for (const [op, name] of Object.entries({
    '!=': 'NOT_EQUAL',
    in: 'IN',
    'contains-any': 'ARRAY_CONTAINS_ANY',
  })) {
    if (used.has('not-in') && used.has(op)) throw invalid(`'NOT_IN' cannot be used in the same query with '${name}'.`);
  }
  for (const alternative of disjuncts(predicate)) {
    if (alternative.filter((comparison) => comparison.op === 'contains').length > 1) {
      throw invalid("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.");
    }
  }
}

function expand(predicate: Predicate): Comparison[][] {
  if (predicate.kind === 'or') return predicate.filters.flatMap(expand);
  if (predicate.kind === 'and') {
    return predicate.filters.map(expand).reduce<Comparison[][]>(
      (all, next) => {
        if (all.length * next.length > 1000) throw invalid('A query has too many disjunctions.');
        return all.flatMap((a) => next.map((b) => [...a, ...b]));
      },
      [[]],
    );
  }
  if (predicate.operands.length === 0) return [];
  if (predicate.op !== 'in' && predicate.op !== 'contains-any') return [[predicate]];
  const op = predicate.op === 'in' ? '==' : 'contains';
  return predicate.operands.map((operand) => [{ ...predicate, op, operands: [operand] }]);
}
