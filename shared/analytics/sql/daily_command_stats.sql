-- How often each command was executed, how well and how fast, by day and user.
-- schedule: every day 00:30
-- destination: daily_command_stats
-- write: MERGE, replaces the two days before the run
-- period: day
MERGE analytics.daily_command_stats AS t
USING (
  SELECT
    DATE(executed_at) AS day,
    user_id,
    command,
    ANY_VALUE(command_group) AS command_group,
    COUNTIF(status != 'skipped') AS executions,
    COUNTIF(status = 'passed') AS passed,
    COUNTIF(status = 'failed') AS failed,
    COUNTIF(status = 'error') AS errors,
    COUNTIF(status = 'skipped') AS skipped,
    COUNTIF(healed) AS healed,
    COUNT(DISTINCT session_id) AS sessions,
    SAFE_DIVIDE(COUNTIF(status = 'passed'), COUNTIF(status != 'skipped')) AS success_rate,
    APPROX_QUANTILES(IF(status = 'skipped', NULL, duration_ms), 100)[SAFE_OFFSET(50)] AS p50_ms,
    APPROX_QUANTILES(IF(status = 'skipped', NULL, duration_ms), 100)[SAFE_OFFSET(95)] AS p95_ms,
    APPROX_QUANTILES(IF(status = 'skipped', NULL, duration_ms), 100)[SAFE_OFFSET(99)] AS p99_ms
  FROM (
    SELECT *
    FROM analytics.command_executions
    WHERE executed_at >= TIMESTAMP(DATE_SUB(@run_date, INTERVAL 2 DAY)) AND executed_at < TIMESTAMP(@run_date)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY executed_at) = 1
  )
  GROUP BY day, user_id, command
) AS s
ON FALSE
WHEN NOT MATCHED BY SOURCE AND t.day >= DATE_SUB(@run_date, INTERVAL 2 DAY) AND t.day < @run_date THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (day, user_id, command, command_group, executions, passed, failed, errors, skipped, healed, sessions, success_rate, p50_ms, p95_ms, p99_ms)
  VALUES (s.day, s.user_id, s.command, s.command_group, s.executions, s.passed, s.failed, s.errors, s.skipped, s.healed, s.sessions, s.success_rate, s.p50_ms, s.p95_ms, s.p99_ms)
