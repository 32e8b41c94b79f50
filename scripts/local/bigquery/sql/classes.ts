/** GoogleSQL's types: how an argument `x` is seen to be of one, and DuckDB's type to read it as. */
export const CLASSES = {
  STRING: { test: "typeof(x) = 'VARCHAR'", type: 'VARCHAR' },
  INT64: {
    test: "typeof(x) IN ('BIGINT', 'HUGEINT', 'INTEGER', 'SMALLINT', 'TINYINT', 'UBIGINT', 'UHUGEINT', 'UINTEGER', 'USMALLINT', 'UTINYINT')",
    type: 'HUGEINT',
  },
  FLOAT64: { test: "typeof(x) IN ('DOUBLE', 'FLOAT')", type: 'DOUBLE' },
  NUMERIC: { test: "typeof(x) LIKE 'DECIMAL%'", type: 'DECIMAL(38,9)' },
  BOOL: { test: "typeof(x) = 'BOOLEAN'", type: 'BOOLEAN' },
  BYTES: { test: "typeof(x) = 'BLOB'", type: 'BLOB' },
  DATE: { test: "typeof(x) = 'DATE'", type: 'DATE' },
  TIME: { test: "typeof(x) = 'TIME'", type: 'TIME' },
  DATETIME: { test: "typeof(x) = 'TIMESTAMP'", type: 'TIMESTAMP' },
  TIMESTAMP: { test: "typeof(x) = 'TIMESTAMP WITH TIME ZONE'", type: 'TIMESTAMPTZ' },
} as const;
/** A scalar type by GoogleSQL's name. */
export type Class = keyof typeof CLASSES;

/** Types with the same word here have a type in common that all values of both can have. */
export const FAMILIES: Readonly<Record<Class, string>> = {
  STRING: 'text',
  INT64: 'number',
  FLOAT64: 'number',
  NUMERIC: 'number',
  BOOL: 'bool',
  BYTES: 'bytes',
  DATE: 'civil',
  TIME: 'time',
  DATETIME: 'civil',
  TIMESTAMP: 'instant',
};

/** How an untyped NULL is seen. */
export const IS_NULL = `typeof(x) = '"NULL"'`;

/** A word for the type of `x`; NULL for arrays, STRUCTs and their like. */
export function byClass(word: (key: Class) => string): string {
  const branches = (Object.keys(CLASSES) as Class[]).map((key) => `WHEN ${CLASSES[key].test} THEN '${word(key)}'`);
  return `CASE ${branches.join(' ')} END`;
}
