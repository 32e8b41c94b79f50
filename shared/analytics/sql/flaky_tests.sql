-- Tests that, with one and the same content, passed and did not in the seven days before the run.
-- schedule: every day 00:45
-- destination: flaky_tests
-- write: MERGE, replaces the day before the run
-- period: day
MERGE analytics.flaky_tests AS t
USING (
  SELECT
    DATE_SUB(@run_date, INTERVAL 1 DAY) AS day,
    user_id,
    test_id,
    MAX_BY(test_name, ended_at) AS test_name,
    content_hash,
    COUNT(*) AS sessions,
    COUNTIF(status = 'passed') AS passed,
    COUNTIF(status != 'passed') AS not_passed,
    LEAST(COUNTIF(status = 'passed'), COUNTIF(status != 'passed')) / COUNT(*) AS flaky_rate,
    MIN(ended_at) AS first_at,
    MAX(ended_at) AS last_at
  FROM (
    SELECT *
    FROM analytics.test_runs
    WHERE ended_at >= TIMESTAMP(DATE_SUB(@run_date, INTERVAL 7 DAY)) AND ended_at < TIMESTAMP(@run_date)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY ended_at) = 1
  )
  WHERE status IN ('passed', 'failed', 'error')
  GROUP BY user_id, test_id, content_hash
  HAVING COUNTIF(status = 'passed') > 0 AND COUNTIF(status != 'passed') > 0
) AS s
ON FALSE
WHEN NOT MATCHED BY SOURCE AND t.day = DATE_SUB(@run_date, INTERVAL 1 DAY) THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (day, user_id, test_id, test_name, content_hash, sessions, passed, not_passed, flaky_rate, first_at, last_at)
  VALUES (s.day, s.user_id, s.test_id, s.test_name, s.content_hash, s.sessions, s.passed, s.not_passed, s.flaky_rate, s.first_at, s.last_at)
