-- What each user's sessions and requests used of Google Cloud in a week, by service, at list prices.
-- schedule: every monday 01:30
-- destination: weekly_cost
-- write: MERGE, replaces the week before the run's
-- period: week
MERGE analytics.weekly_cost AS t
USING (
  WITH ended AS (
    SELECT user_id, SUM(gb_seconds) AS gb_seconds, SUM(billable_operations) AS operations
    FROM (
      SELECT *
      FROM analytics.test_runs
      WHERE ended_at >= TIMESTAMP(DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY)) AND ended_at < TIMESTAMP(DATE_TRUNC(@run_date, ISOWEEK))
      QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY ended_at) = 1
    )
    GROUP BY user_id
  ),
  asked AS (
    SELECT user_id, SUM(1 / COALESCE(sampling, 1)) AS requests
    FROM (
      SELECT *
      FROM analytics.performance_metrics
      WHERE observed_at >= TIMESTAMP(DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY)) AND observed_at < TIMESTAMP(DATE_TRUNC(@run_date, ISOWEEK))
      QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY observed_at) = 1
    )
    GROUP BY user_id
  ),
  used AS (
    SELECT user_id, 'Cloud Run memory' AS service, 'GiB-seconds' AS unit, gb_seconds AS amount, {{usd a GiB-second}} AS price FROM ended
    UNION ALL
    SELECT user_id, 'Cloud Run processor', 'vCPU-seconds', gb_seconds * {{vCPUs a GiB}}, {{usd a vCPU-second}} FROM ended
    UNION ALL
    SELECT user_id, 'Firestore', 'writes', CAST(operations AS FLOAT64), {{usd a write}} FROM ended
    UNION ALL
    SELECT user_id, 'Cloud Run requests', 'requests', CAST(requests AS FLOAT64), {{usd a request}} FROM asked
  )
  SELECT DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY) AS week, user_id, service, unit, amount, amount * price AS usd
  FROM used
) AS s
ON FALSE
WHEN NOT MATCHED BY SOURCE AND t.week = DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY) THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (week, user_id, service, unit, amount, usd)
  VALUES (s.week, s.user_id, s.service, s.unit, s.amount, s.usd)
