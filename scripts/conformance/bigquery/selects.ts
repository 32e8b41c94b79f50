import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Clients } from './clients.ts';

/** What a table of the tests holds. */
const PEOPLE = `SELECT 1 AS id, 'ann' AS name, 'qa' AS team, [3, 1] AS marks UNION ALL SELECT 2, 'bob', 'qa', [2]
  UNION ALL SELECT 3, 'cy', 'dev', [] UNION ALL SELECT 4, 'di', NULL, [5, 5, 5]`;

/** Per clause: queries over `people`, and the rows that they find. */
const CLAUSES: Readonly<Record<string, readonly (readonly [sql: string, found: unknown[][]])[]>> = {
  'SELECT *': [
    ['SELECT * EXCEPT (marks, name) FROM people WHERE id = 1', [[1, 'qa']]],
    ['SELECT * EXCEPT (marks, team) REPLACE (UPPER(name) AS name) FROM people WHERE id = 1', [[1, 'ANN']]],
    ['SELECT p.* EXCEPT (marks) FROM people AS p WHERE p.id = 3', [[3, 'cy', 'dev']]],
  ],
  'SELECT DISTINCT': [['SELECT DISTINCT team FROM people ORDER BY team', [[null], ['dev'], ['qa']]]],
  'SELECT AS STRUCT': [
    ['SELECT ARRAY(SELECT AS STRUCT id, name FROM people WHERE id = 1)', [[[{ id: 1, name: 'ann' }]]]],
  ],
  WHERE: [
    ["SELECT id FROM people WHERE team = 'qa' AND NOT name = 'bob'", [[1]]],
    ["SELECT id FROM people WHERE team != 'qa'", [[3]]],
    ["SELECT id FROM people WHERE name LIKE '%o%' OR team IS NULL ORDER BY id", [[2], [4]]],
    ['SELECT id FROM people WHERE id IN (1, 3) AND id BETWEEN 2 AND 5', [[3]]],
  ],
  'GROUP BY': [
    [
      'SELECT team, COUNT(*) FROM people GROUP BY team ORDER BY 1',
      [
        [null, 1],
        ['dev', 1],
        ['qa', 2],
      ],
    ],
    [
      'SELECT COALESCE(team, "none") AS t, COUNT(*) AS c FROM people GROUP BY t ORDER BY c DESC, t',
      [
        ['qa', 2],
        ['dev', 1],
        ['none', 1],
      ],
    ],
    ['SELECT team, COUNT(*) AS c FROM people GROUP BY 1 HAVING c > 1', [['qa', 2]]],
    [
      'SELECT team, COUNT(*) FROM people WHERE team IS NOT NULL GROUP BY ROLLUP (team) ORDER BY 1',
      [
        [null, 3],
        ['dev', 1],
        ['qa', 2],
      ],
    ],
  ],
  'ORDER BY': [
    ['SELECT team FROM people ORDER BY team DESC, id', [['qa'], ['qa'], ['dev'], [null]]],
    ['SELECT team FROM people ORDER BY team NULLS LAST, id LIMIT 2 OFFSET 2', [['qa'], [null]]],
    ['SELECT -id AS id FROM people ORDER BY id LIMIT 1', [[-4]]],
  ],
  JOIN: [
    [
      'SELECT a.name AS l, b.name AS r FROM people a JOIN people b ON a.id = b.id - 1 WHERE a.id < 3 ORDER BY a.id',
      [
        ['ann', 'bob'],
        ['bob', 'cy'],
      ],
    ],
    ['SELECT COUNT(*) FROM people JOIN people AS other USING (team)', [[5]]],
    [
      'SELECT p.id, o.id AS other FROM people p LEFT JOIN people o ON o.id = p.id + 3 ORDER BY 1 LIMIT 2',
      [
        [1, 4],
        [2, null],
      ],
    ],
    ['SELECT COUNT(*) FROM people, people AS other', [[16]]],
    ['SELECT COUNT(*) FROM people p FULL OUTER JOIN (SELECT 9 AS id) o USING (id)', [[5]]],
  ],
  UNNEST: [
    [
      'SELECT id, m FROM people, UNNEST(marks) AS m WHERE id < 3 ORDER BY id, m',
      [
        [1, 1],
        [1, 3],
        [2, 2],
      ],
    ],
    [
      'SELECT id, m, o FROM people, UNNEST(marks) AS m WITH OFFSET AS o WHERE id = 1 ORDER BY o',
      [
        [1, 3, 0],
        [1, 1, 1],
      ],
    ],
    ['SELECT id, m FROM people LEFT JOIN UNNEST(marks) AS m WHERE id = 3', [[3, null]]],
    [
      "SELECT e.a, e.b FROM UNNEST([STRUCT(1 AS a, 'x' AS b), (2, 'y')]) AS e ORDER BY e.a",
      [
        [1, 'x'],
        [2, 'y'],
      ],
    ],
    ['SELECT (SELECT SUM(m) FROM UNNEST(marks) AS m) AS s FROM people ORDER BY id', [[4], [2], [null], [15]]],
    ['SELECT id FROM people WHERE 5 IN UNNEST(marks)', [[4]]],
  ],
  WITH: [
    [
      'WITH qa AS (SELECT * FROM people WHERE team = "qa"), top AS (SELECT MAX(id) AS m FROM qa) SELECT m FROM top',
      [[2]],
    ],
    ['WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n WHERE x < 4) SELECT SUM(x) FROM n', [[10]]],
  ],
  'set operations': [
    ['SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 1 ORDER BY a', [[1], [1], [2]]],
    ['SELECT 1 AS a UNION DISTINCT SELECT 1', [[1]]],
    ['SELECT id FROM people INTERSECT DISTINCT SELECT 2', [[2]]],
    ['(SELECT id FROM people) EXCEPT DISTINCT (SELECT 2) ORDER BY id', [[1], [3], [4]]],
  ],
  subqueries: [
    ['SELECT (SELECT MAX(id) FROM people) - 1', [[3]]],
    ['SELECT id FROM people p WHERE EXISTS (SELECT 1 FROM people o WHERE o.id = p.id + 3)', [[1]]],
    [
      'SELECT name FROM people WHERE id IN (SELECT MAX(id) FROM people GROUP BY team) ORDER BY id',
      [['bob'], ['cy'], ['di']],
    ],
    ['SELECT ARRAY(SELECT name FROM people WHERE team = "qa" ORDER BY name DESC)', [[['bob', 'ann']]]],
  ],
  QUALIFY: [
    [
      'SELECT id FROM people WHERE team IS NOT NULL QUALIFY ROW_NUMBER() OVER (PARTITION BY team ORDER BY id) = 1 ORDER BY id',
      [[1], [3]],
    ],
    ['SELECT id, RANK() OVER (ORDER BY id DESC) AS r FROM people WHERE TRUE QUALIFY r = 1', [[4, 1]]],
  ],
  'window functions': [
    [
      'SELECT id, SUM(id) OVER (PARTITION BY team) AS s FROM people ORDER BY id',
      [
        [1, 3],
        [2, 3],
        [3, 3],
        [4, 4],
      ],
    ],
    [
      'SELECT SUM(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM people ORDER BY id',
      [[1], [3], [5], [7]],
    ],
    [
      'SELECT LAG(name) OVER (ORDER BY id) AS l, LEAD(name, 2, "none") OVER (ORDER BY id) AS n FROM people ORDER BY id',
      [
        [null, 'cy'],
        ['ann', 'di'],
        ['bob', 'none'],
        ['cy', 'none'],
      ],
    ],
    [
      'SELECT FIRST_VALUE(team IGNORE NULLS) OVER w AS f, DENSE_RANK() OVER w AS d FROM people WINDOW w AS (ORDER BY id DESC) ORDER BY id',
      [
        ['dev', 4],
        ['dev', 3],
        ['dev', 2],
        [null, 1],
      ],
    ],
    [
      'SELECT PERCENTILE_CONT(id, 0.5) OVER () AS p, NTILE(2) OVER (ORDER BY id) AS n FROM people ORDER BY id',
      [
        [2.5, 1],
        [2.5, 1],
        [2.5, 2],
        [2.5, 2],
      ],
    ],
  ],
  aggregates: [
    ['SELECT COUNT(team), COUNT(DISTINCT team), COUNTIF(id > 1), SUM(id), AVG(id) FROM people', [[3, 2, 3, 10, 2.5]]],
    ['SELECT MIN(name), MAX(name), LOGICAL_OR(id > 3), LOGICAL_AND(id > 3) FROM people', [['ann', 'di', true, false]]],
    [
      "SELECT STRING_AGG(name, '-' ORDER BY id DESC LIMIT 2), ARRAY_AGG(team IGNORE NULLS ORDER BY id) FROM people",
      [['di-cy', ['qa', 'qa', 'dev']]],
    ],
    ['SELECT SUM(id), COUNT(*), MAX(name), ARRAY_AGG(id) FROM people WHERE FALSE', [[null, 0, null, []]]],
    [
      'SELECT MAX_BY(name, id), MIN_BY(name, id), ANY_VALUE(team) FROM people WHERE team = "qa"',
      [['bob', 'ann', 'qa']],
    ],
    ['SELECT APPROX_COUNT_DISTINCT(team), APPROX_QUANTILES(id, 2)[OFFSET(2)] FROM people', [[2, 4]]],
    ['SELECT APPROX_TOP_COUNT(team, 1) FROM people', [[[{ value: 'qa', count: 2 }]]]],
    ['SELECT ARRAY_CONCAT_AGG(marks ORDER BY id) FROM people', [[[3, 1, 2, 5, 5, 5]]]],
  ],
  'SAFE.': [
    ["SELECT SAFE.PARSE_DATE('%F', 'x'), SAFE.PARSE_DATE('%F', '2024-01-02')", [[null, '2024-01-02']]],
    [
      "SELECT SAFE.PARSE_JSON('{'), SAFE.DATE(2024, 13, 1), SAFE.FROM_BASE64(name) FROM people",
      Array(4).fill([null, null, null]),
    ],
    ["SELECT SAFE_CAST('x' AS INT64), SAFE_DIVIDE(1, 0), [1][SAFE_OFFSET(4)]", [[null, null, null]]],
  ],
};

export function selects({ rows, ran }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  let made: Promise<unknown> | undefined;
  const find = async (sql: string) => {
    made ??= ran(`CREATE TABLE people AS ${PEOPLE}`);
    await made;
    return await rows(sql);
  };
  for (const [clause, examples] of Object.entries(CLAUSES))
    for (const [sql, found] of examples)
      method(`jobs.query (${clause})`, {
        [`answers ${sql}`]: async () => assert.deepEqual(await find(sql), found),
      });
  return all;
}
