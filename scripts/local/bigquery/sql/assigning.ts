import type { Field } from '../schema.ts';
import { CLASSES, type Class } from './classes.ts';
import { quote } from './reader.ts';

interface Target {
  readonly title: string;
  /** What DuckDB would cast to it, and BigQuery does not assign to it. */
  readonly refused: readonly Class[];
}

const NUMBERS = ['INT64', 'FLOAT64', 'NUMERIC'] as const;
const TEXTS = ['STRING', 'BYTES', 'BOOL'] as const;
const TIMES = ['DATE', 'TIME', 'DATETIME', 'TIMESTAMP'] as const;

const TARGETS: Readonly<Partial<Record<Field['type'], Target>>> = {
  STRING: { title: 'STRING', refused: [...NUMBERS, ...TIMES, 'BOOL', 'BYTES'] },
  INTEGER: { title: 'INT64', refused: ['FLOAT64', 'NUMERIC', ...TEXTS, ...TIMES] },
  FLOAT: { title: 'FLOAT64', refused: [...TEXTS, ...TIMES] },
  NUMERIC: { title: 'NUMERIC', refused: [...TEXTS, ...TIMES] },
  BOOLEAN: { title: 'BOOL', refused: [...NUMBERS, 'STRING', 'BYTES', ...TIMES] },
  DATE: { title: 'DATE', refused: [...NUMBERS, 'BOOL', 'DATETIME', 'TIMESTAMP'] },
  DATETIME: { title: 'DATETIME', refused: [...NUMBERS, 'BOOL', 'TIMESTAMP'] },
  TIMESTAMP: { title: 'TIMESTAMP', refused: [...NUMBERS, 'BOOL', 'DATE', 'DATETIME'] },
};

/** The macros that `assign` calls. */
export function assignmentMacros(): string[] {
  const ofTypes = Object.entries(TARGETS).map(([type, { title, refused }]) => {
    const refuse = (kind: string) =>
      `error('Value has type ${kind} which cannot be inserted into column ' || c || ', which has type ${title}')`;
    const branches = refused.map((kind) => `WHEN ${CLASSES[kind].test} THEN ${refuse(kind)}`);
    if (type === 'STRING') branches.push(`WHEN typeof(x) = 'JSON' THEN ${refuse('JSON')}`);
    return `CREATE MACRO bq_assign_${type}(x, c) AS CASE ${branches.join(' ')} ELSE x END`;
  });
  const nulls = "error('Array cannot have a null element; error in writing field ' || c)";
  return [
    ...ofTypes,
    `CREATE MACRO bq_assign_list(x, c) AS CASE WHEN len(x) > list_count(x) THEN ${nulls} ELSE coalesce(x, []) END`,
  ];
}

/** A value for a column: DuckDB would round a FLOAT64 into an INT64, and write anything into a STRING. NULL is an empty array. */
export function assign(sql: string, field: Field | undefined): string {
  if (field?.mode === 'REPEATED') return `bq_assign_list(${sql}, ${quote(field.name)})`;
  return field && TARGETS[field.type] ? `bq_assign_${field.type}(${sql}, ${quote(field.name)})` : sql;
}
