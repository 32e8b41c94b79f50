import type { Examples } from './function-examples.ts';
import type { Action } from './statements.ts';

/** What the table `shop.orders` of the statements holds. */
export const ORDERS = `CREATE TABLE shop.orders (
  id INT64 NOT NULL, customer STRING, tags ARRAY<STRING>, address STRUCT<city STRING, zip STRING>, amount FLOAT64, day DATE, made_at TIMESTAMP
) PARTITION BY day CLUSTER BY customer`;

/** The table `n` of the aggregate and window functions. */
export const NUMBERS = 'SELECT x, MOD(x, 2) AS p, CHR(96 + x) AS s FROM UNNEST([1, 2, 3, 4, 5]) AS x';

/** A statement of each kind, by the kind that its job says. */
export const STATEMENT_EXAMPLES: Readonly<Record<Action['kind'], string>> = {
  SELECT: 'SELECT id, customer FROM shop.orders',
  INSERT: "INSERT INTO shop.orders (id, customer) VALUES (1, 'ann'), (2, 'bob')",
  UPDATE: "UPDATE shop.orders o SET customer = r.name FROM (SELECT 1 AS id, 'anna' AS name) r WHERE o.id = r.id",
  DELETE: 'DELETE FROM shop.orders WHERE id = 2',
  MERGE:
    "MERGE shop.orders t USING (SELECT 3 AS id, 'cy' AS name) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET customer = s.name WHEN NOT MATCHED BY TARGET THEN INSERT (id, customer) VALUES (s.id, s.name) WHEN NOT MATCHED BY SOURCE AND t.id > 9 THEN DELETE",
  TRUNCATE_TABLE: 'TRUNCATE TABLE shop.orders',
  CREATE_TABLE: "CREATE TABLE IF NOT EXISTS shop.items (id INT64 NOT NULL OPTIONS(description = 'key'), price NUMERIC)",
  CREATE_TABLE_AS_SELECT: 'CREATE OR REPLACE TABLE shop.days PARTITION BY day AS SELECT day, id FROM shop.orders',
  CREATE_TABLE_CLONE: 'CREATE TABLE shop.twin CLONE shop.orders',
  CREATE_SNAPSHOT_TABLE: 'CREATE SNAPSHOT TABLE shop.kept CLONE shop.orders',
  CREATE_VIEW: "CREATE OR REPLACE VIEW shop.anns AS SELECT id FROM shop.orders WHERE customer = 'ann'",
  CREATE_SCHEMA: "CREATE SCHEMA IF NOT EXISTS depot OPTIONS(description = 'another dataset')",
  ALTER_TABLE: "ALTER TABLE shop.orders ADD COLUMN IF NOT EXISTS note STRING, SET OPTIONS(description = 'all orders')",
  DROP_TABLE: 'DROP TABLE IF EXISTS shop.gone',
  DROP_VIEW: 'DROP VIEW IF EXISTS shop.gone',
  DROP_SNAPSHOT_TABLE: 'DROP SNAPSHOT TABLE IF EXISTS shop.gone',
  DROP_SCHEMA: 'DROP SCHEMA IF EXISTS gone CASCADE',
  EXPORT_DATA:
    "EXPORT DATA OPTIONS(uri = 'gs://depot/orders-*.csv', format = 'CSV', overwrite = TRUE) AS SELECT id, customer FROM shop.orders",
};

/** Options of EXPORT DATA, and their values. */
export const EXPORT_EXAMPLES: Examples = {
  uri: "'gs://depot/a-*.csv'",
  format: "'PARQUET'",
  overwrite: 'TRUE',
  header: 'FALSE',
  field_delimiter: "';'",
  compression: "'GZIP'",
};

/** Statements with each clause of a definition or a change. */
export const DEFINITION_EXAMPLES: Examples = {
  LIKE: 'CREATE TABLE shop.empty LIKE shop.orders',
  COPY: 'CREATE TABLE shop.copy COPY shop.orders',
  'PARTITION BY a column': 'CREATE TABLE shop.by_day (day DATE) PARTITION BY day',
  'PARTITION BY DATE': 'CREATE TABLE shop.by_date (ts TIMESTAMP) PARTITION BY DATE(ts)',
  'PARTITION BY …_TRUNC': 'CREATE TABLE shop.by_hour (ts TIMESTAMP) PARTITION BY TIMESTAMP_TRUNC(ts, HOUR)',
  'PARTITION BY RANGE_BUCKET':
    'CREATE TABLE shop.by_range (n INT64) PARTITION BY RANGE_BUCKET(n, GENERATE_ARRAY(0, 100, 10))',
  'CLUSTER BY': 'CREATE TABLE shop.clustered (a STRING, b INT64) CLUSTER BY a, b',
  'ADD COLUMN': 'ALTER TABLE shop.orders ADD COLUMN extra ARRAY<STRING>',
  'SET OPTIONS': 'ALTER TABLE shop.orders SET OPTIONS(description = NULL)',
  'ALTER COLUMN … DROP NOT NULL': 'ALTER TABLE shop.orders ALTER COLUMN id DROP NOT NULL',
  'ALTER COLUMN … SET OPTIONS': "ALTER TABLE shop.orders ALTER COLUMN id SET OPTIONS(description = 'the number')",
  'RENAME TO': 'ALTER TABLE shop.by_day RENAME TO per_day',
  'INSERT … SELECT': 'INSERT INTO shop.orders (id) SELECT 7',
  'INSERT … DEFAULT': 'INSERT INTO shop.orders (id, customer) VALUES (8, DEFAULT)',
};

/** Queries with each clause. */
export const CLAUSE_EXAMPLES: Examples = {
  WITH: 'WITH big AS (SELECT id FROM shop.orders WHERE amount > 9) SELECT COUNT(*) FROM big',
  'WITH RECURSIVE': 'WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT x FROM n',
  'SELECT DISTINCT': 'SELECT DISTINCT customer FROM shop.orders',
  'SELECT AS STRUCT': 'SELECT ARRAY(SELECT AS STRUCT id, customer FROM shop.orders)',
  'SELECT AS VALUE': 'SELECT ARRAY(SELECT AS VALUE id FROM shop.orders)',
  '* EXCEPT': 'SELECT * EXCEPT (tags, address) FROM shop.orders',
  '* REPLACE': 'SELECT * REPLACE (UPPER(customer) AS customer) FROM shop.orders',
  'table.*': 'SELECT o.* FROM shop.orders AS o',
  'FROM UNNEST': 'SELECT e FROM UNNEST([1, 2]) AS e',
  'WITH OFFSET': 'SELECT o.id, tag, at_ FROM shop.orders o, UNNEST(o.tags) AS tag WITH OFFSET AS at_',
  'FROM table.array': 'SELECT o.id, tag FROM shop.orders o, o.tags AS tag',
  'FROM a subquery': 'SELECT s.id FROM (SELECT id FROM shop.orders) AS s',
  WHERE: 'SELECT id FROM shop.orders WHERE customer IS NOT NULL',
  'GROUP BY': 'SELECT customer, COUNT(*) AS c FROM shop.orders GROUP BY customer',
  'GROUP BY ROLLUP': 'SELECT customer, SUM(amount) AS s FROM shop.orders GROUP BY ROLLUP (customer)',
  HAVING: 'SELECT customer FROM shop.orders GROUP BY customer HAVING COUNT(*) > 1',
  QUALIFY: 'SELECT id FROM shop.orders WHERE TRUE QUALIFY ROW_NUMBER() OVER (ORDER BY id) = 1',
  WINDOW: 'SELECT SUM(id) OVER w AS s FROM shop.orders WINDOW w AS (PARTITION BY customer)',
  'PARTITION BY': 'SELECT COUNT(*) OVER (PARTITION BY customer) AS c FROM shop.orders',
  'ROWS | RANGE':
    'SELECT SUM(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING) AS s FROM shop.orders',
  'ORDER BY': 'SELECT id FROM shop.orders ORDER BY customer DESC NULLS LAST, 1',
  LIMIT: 'SELECT id FROM shop.orders LIMIT 10 OFFSET 5',
  'parts of an aggregate':
    'SELECT ARRAY_AGG(DISTINCT customer IGNORE NULLS ORDER BY customer LIMIT 3) AS l FROM shop.orders',
};

/** A query with each join. */
export const JOIN_EXAMPLES: Examples = {
  ',': 'SELECT o.id FROM shop.orders o, UNNEST(o.tags) AS tag',
  JOIN: 'SELECT o.id FROM shop.orders o JOIN shop.orders p ON o.id = p.id',
  'INNER JOIN': 'SELECT COUNT(*) FROM shop.orders INNER JOIN shop.orders p USING (id)',
  'CROSS JOIN': 'SELECT COUNT(*) FROM shop.orders CROSS JOIN shop.orders p',
  'LEFT JOIN': 'SELECT o.id, tag FROM shop.orders o LEFT JOIN UNNEST(o.tags) AS tag',
  'LEFT OUTER JOIN': 'SELECT o.id FROM shop.orders o LEFT OUTER JOIN shop.orders p ON o.id = p.id',
  'RIGHT JOIN': 'SELECT p.id FROM shop.orders o RIGHT JOIN shop.orders p ON o.id = p.id',
  'RIGHT OUTER JOIN': 'SELECT p.id FROM shop.orders o RIGHT OUTER JOIN shop.orders p ON o.id = p.id',
  'FULL JOIN': 'SELECT p.id FROM shop.orders o FULL JOIN shop.orders p ON o.id = p.id',
  'FULL OUTER JOIN': 'SELECT p.id FROM shop.orders o FULL OUTER JOIN shop.orders p ON o.id = p.id',
};

/** A query with each set operation. */
export const SET_EXAMPLES: Examples = {
  'UNION ALL': 'SELECT 1 AS a UNION ALL SELECT 1',
  'UNION DISTINCT': 'SELECT 1 AS a UNION DISTINCT SELECT 1',
  'INTERSECT DISTINCT': 'SELECT 1 AS a INTERSECT DISTINCT SELECT 1',
  'EXCEPT DISTINCT': 'SELECT 1 AS a EXCEPT DISTINCT SELECT 2',
};

/** Expressions that compare. */
export const COMPARISON_EXAMPLES: Examples = {
  '=': '1 = 1',
  '<': '1 < 2',
  '<=': '1 <= 2',
  '>': '2 > 1',
  '>=': '2 >= 1',
  '!=': '1 != 2',
  '<>': '1 <> 2',
};

/** Expressions with the other operators. */
export const OPERATOR_EXAMPLES: Examples = {
  OR: 'TRUE OR FALSE',
  AND: 'TRUE AND FALSE',
  NOT: 'NOT TRUE',
  '[NOT] LIKE': "'abc' LIKE 'a%'",
  '[NOT] BETWEEN': '2 BETWEEN 1 AND 3',
  '[NOT] IN': '1 IN (1, 2)',
  '[NOT] IN UNNEST': '1 IN UNNEST([1, 2])',
  '[NOT] IN a query': '1 IN (SELECT 1)',
  'IS [NOT] NULL | TRUE | FALSE': '1 IS NOT NULL',
  'IS [NOT] DISTINCT FROM': 'NULL IS DISTINCT FROM 1',
  '+': '1 + 2',
  '-': '1 - 2',
  '*': '2 * 3',
  '/': '1 / 2',
  '||': "'a' || 'b'",
  '+ INTERVAL': "TIMESTAMP '2024-01-01' + INTERVAL 1 DAY",
  '- INTERVAL': "TIMESTAMP '2024-01-01' - INTERVAL 1 HOUR",
  '.field': 'STRUCT(1 AS a).a',
};

/** Expressions with what may stand in the brackets behind an array. */
export const SUBSCRIPT_EXAMPLES: Examples = {
  OFFSET: '[1, 2][OFFSET(0)]',
  ORDINAL: '[1, 2][ORDINAL(1)]',
  SAFE_OFFSET: '[1, 2][SAFE_OFFSET(9)]',
  SAFE_ORDINAL: '[1, 2][SAFE_ORDINAL(9)]',
};

/** Expressions of the forms that have a syntax of their own. */
export const FORM_EXAMPLES: Examples = {
  NULL: 'NULL',
  TRUE: 'TRUE',
  FALSE: 'FALSE',
  CASE: "CASE 2 WHEN 1 THEN 'a' ELSE 'b' END",
  CAST: "CAST('1' AS INT64)",
  SAFE_CAST: "SAFE_CAST('x' AS INT64)",
  IF: "IF(TRUE, 'yes', 'no')",
  EXISTS: 'EXISTS(SELECT 1)',
  EXTRACT: "EXTRACT(HOUR FROM TIMESTAMP '2024-07-01 12:00:00' AT TIME ZONE 'America/New_York')",
  INTERVAL: "TIMESTAMP_ADD(TIMESTAMP '2024-01-01', INTERVAL 90 MINUTE)",
  ARRAY: 'ARRAY(SELECT 1)',
  STRUCT: "STRUCT<a INT64, b STRING>(1, 'x')",
  LEFT: "LEFT('apple', 3)",
  RIGHT: "RIGHT('apple', 3)",
  'CURRENT_DATE, …_DATETIME, …_TIME, …_TIMESTAMP': "CURRENT_DATE('UTC')",
  '(a, b)': "(1, 'x') = (1, 'x')",
  '(query)': '(SELECT 1)',
  '@name, ?': "'it is a literal of the request'",
};

/** Calls behind `SAFE.` that fail, and so are NULL. */
export const SAFE_EXAMPLES: Examples = {
  PARSE_DATE: "SAFE.PARSE_DATE('%F', 'x')",
  PARSE_DATETIME: "SAFE.PARSE_DATETIME('%F %T', 'x')",
  PARSE_TIMESTAMP: "SAFE.PARSE_TIMESTAMP('%F %T', 'x')",
  PARSE_JSON: "SAFE.PARSE_JSON('{')",
  FROM_HEX: "SAFE.FROM_HEX('x')",
  FROM_BASE64: "SAFE.FROM_BASE64('*')",
  CHR: 'SAFE.CHR(-5)',
  DATE: 'SAFE.DATE(2024, 13, 1)',
  DATETIME: 'SAFE.DATETIME(2024, 13, 1, 0, 0, 0)',
  TIME: 'SAFE.TIME(25, 0, 0)',
  TIMESTAMP: "SAFE.TIMESTAMP('x')",
  TIMESTAMP_SECONDS: 'SAFE.TIMESTAMP_SECONDS(9223372036854775807)',
  TIMESTAMP_MILLIS: 'SAFE.TIMESTAMP_MILLIS(9223372036854775807)',
  TIMESTAMP_MICROS: 'SAFE.TIMESTAMP_MICROS(9223372036854775807)',
};
