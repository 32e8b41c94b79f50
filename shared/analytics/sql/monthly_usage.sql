-- What each user ran in a month, how well it went and what it cost: the monthly usage summary.
-- schedule: 1 of month 02:00
-- destination: monthly_usage
-- write: MERGE, replaces the month before the run's
-- period: month
MERGE analytics.monthly_usage AS t
USING (
  WITH ended AS (
    SELECT *
    FROM (
      SELECT *
      FROM analytics.test_runs
      WHERE ended_at >= TIMESTAMP(DATE_SUB(DATE_TRUNC(@run_date, MONTH), INTERVAL 1 MONTH)) AND ended_at < TIMESTAMP(DATE_TRUNC(@run_date, MONTH))
      QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY ended_at) = 1
    )
  ),
  contents AS (
    SELECT user_id, test_id, content_hash, LOGICAL_OR(status = 'passed') AND LOGICAL_OR(status IN ('failed', 'error')) AS flaky
    FROM ended
    GROUP BY user_id, test_id, content_hash
  ),
  flaky AS (
    SELECT user_id, COUNT(DISTINCT IF(flaky, test_id, NULL)) / COUNT(DISTINCT test_id) AS rate
    FROM contents
    GROUP BY user_id
  ),
  used AS (
    SELECT
      DATE_SUB(DATE_TRUNC(@run_date, MONTH), INTERVAL 1 MONTH) AS month,
      user_id,
      COUNT(DISTINCT DATE(ended_at)) AS active_days,
      COUNT(DISTINCT run_id) AS runs,
      COUNT(DISTINCT test_id) AS tests,
      COUNT(*) AS sessions,
      SUM(steps) AS steps,
      COUNTIF(status = 'passed') AS passed,
      COUNTIF(status = 'failed') AS failed,
      COUNTIF(status = 'error') AS errors,
      SAFE_DIVIDE(COUNTIF(status = 'passed'), COUNTIF(status IN ('passed', 'failed', 'error'))) AS success_rate,
      SUM(duration_ms) AS duration_ms,
      SUM(gb_seconds) AS gb_seconds,
      SUM(billable_operations) AS billable_operations,
      SUM(gb_seconds) * ({{usd a GiB-second}} + {{vCPUs a GiB}} * {{usd a vCPU-second}}) + SUM(billable_operations) * {{usd a write}} AS usd
    FROM ended
    GROUP BY user_id
  )
  SELECT used.*, flaky.rate AS flaky_rate
  FROM used
  JOIN flaky ON used.user_id = flaky.user_id
) AS s
ON FALSE
WHEN NOT MATCHED BY SOURCE AND t.month = DATE_SUB(DATE_TRUNC(@run_date, MONTH), INTERVAL 1 MONTH) THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (month, user_id, active_days, runs, tests, sessions, steps, passed, failed, errors, success_rate, flaky_rate, duration_ms, gb_seconds, billable_operations, usd)
  VALUES (s.month, s.user_id, s.active_days, s.runs, s.tests, s.sessions, s.steps, s.passed, s.failed, s.errors, s.success_rate, s.flaky_rate, s.duration_ms, s.gb_seconds, s.billable_operations, s.usd)
