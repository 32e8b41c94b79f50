-- How the API's requests were answered, by week, function and route: the weekly performance report.
-- schedule: every monday 01:00
-- destination: weekly_performance
-- write: MERGE, replaces the week before the run's
-- period: week
MERGE analytics.weekly_performance AS t
USING (
  SELECT
    DATE_TRUNC(DATE(observed_at), ISOWEEK) AS week,
    function,
    route,
    method,
    COUNT(*) AS requests,
    COUNT(DISTINCT user_id) AS users,
    COUNTIF(status BETWEEN 400 AND 499) AS client_errors,
    COUNTIF(status >= 500) AS server_errors,
    COUNTIF(status >= 500) / COUNT(*) AS error_rate,
    COUNTIF(cold_start) AS cold_starts,
    APPROX_QUANTILES(latency_ms, 100)[SAFE_OFFSET(50)] AS p50_ms,
    APPROX_QUANTILES(latency_ms, 100)[SAFE_OFFSET(95)] AS p95_ms,
    APPROX_QUANTILES(latency_ms, 100)[SAFE_OFFSET(99)] AS p99_ms,
    MAX(memory_mb) AS most_memory_mb
  FROM (
    SELECT *
    FROM analytics.performance_metrics
    WHERE observed_at >= TIMESTAMP(DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY)) AND observed_at < TIMESTAMP(DATE_TRUNC(@run_date, ISOWEEK))
    QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY observed_at) = 1
  )
  GROUP BY week, function, route, method
) AS s
ON FALSE
WHEN NOT MATCHED BY SOURCE AND t.week = DATE_SUB(DATE_TRUNC(@run_date, ISOWEEK), INTERVAL 7 DAY) THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (week, function, route, method, requests, users, client_errors, server_errors, error_rate, cold_starts, p50_ms, p95_ms, p99_ms, most_memory_mb)
  VALUES (s.week, s.function, s.route, s.method, s.requests, s.users, s.client_errors, s.server_errors, s.error_rate, s.cold_starts, s.p50_ms, s.p95_ms, s.p99_ms, s.most_memory_mb)
