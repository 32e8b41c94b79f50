-- The hundred slowest steps of each user's tests in a week, with the week before beside them.
-- schedule: every monday 01:15
-- destination: slow_steps
-- write: MERGE, replaces the week before the run's
-- period: week
MERGE analytics.slow_steps AS t
USING (
  WITH steps AS (
    SELECT
      DATE_TRUNC(DATE(executed_at), ISOWEEK) AS week,
      user_id,
      test_id,
      checkpoint,
      position,
      command,
      COUNT(*) AS executions,
      APPROX_QUANTILES(duration_ms, 100)[SAFE_OFFSET(50)] AS p50_ms,
      APPROX_QUANTILES(duration_ms, 100)[SAFE_OFFSET(95)] AS p95_ms
    FROM (
      SELECT *
      FROM analytics.command_executions
      WHERE executed_at >= TIMESTAMP(DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 14 DAY)) AND executed_at < TIMESTAMP(DATE_TRUNC(@run_date, ISOWEEK))
      QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY executed_at) = 1
    )
    WHERE test_id IS NOT NULL AND status IN ('passed', 'failed')
    GROUP BY week, user_id, test_id, checkpoint, position, command
  ),
  compared AS (
    SELECT
      *,
      LAG(p50_ms) OVER (PARTITION BY user_id, test_id, checkpoint, position, command ORDER BY week) AS before_p50_ms
    FROM steps
  )
  SELECT *, SAFE_DIVIDE(p50_ms - before_p50_ms, before_p50_ms) AS slower_by
  FROM compared
  WHERE week = DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY p95_ms DESC, test_id, checkpoint, position, command) <= 100
) AS s
ON FALSE
WHEN NOT MATCHED BY SOURCE AND t.week = DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY) THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (week, user_id, test_id, checkpoint, position, command, executions, p50_ms, p95_ms, before_p50_ms, slower_by)
  VALUES (s.week, s.user_id, s.test_id, s.checkpoint, s.position, s.command, s.executions, s.p50_ms, s.p95_ms, s.before_p50_ms, s.slower_by)
