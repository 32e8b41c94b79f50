-- How often a command follows the two before it, and what they were done to: what the suggestions are learned from.
-- schedule: every day 00:15
-- destination: command_transitions
-- write: MERGE, replaces the two days before the run
-- period: day
MERGE analytics.command_transitions AS t
USING (
  WITH followed AS (
    SELECT
      DATE(executed_at) AS day,
      user_id,
      COALESCE(LAG(command, 2) OVER (PARTITION BY session_id ORDER BY executed_at, checkpoint_id, position, event_id), '') AS before_previous,
      COALESCE(LAG(command) OVER (PARTITION BY session_id ORDER BY executed_at, checkpoint_id, position, event_id), '') AS previous,
      command,
      LAG(checkpoint_id) OVER (PARTITION BY session_id ORDER BY executed_at, checkpoint_id, position, event_id) IS NULL
        OR (run_id IS NOT NULL AND checkpoint_id != LAG(checkpoint_id) OVER (PARTITION BY session_id ORDER BY executed_at, checkpoint_id, position, event_id)) AS begins,
      COALESCE(LAG(target, 2) OVER (PARTITION BY session_id ORDER BY executed_at, checkpoint_id, position, event_id), '') AS before_previous_target,
      COALESCE(LAG(target) OVER (PARTITION BY session_id ORDER BY executed_at, checkpoint_id, position, event_id), '') AS previous_target
    FROM (
      SELECT *
      FROM analytics.command_executions
      WHERE executed_at >= TIMESTAMP(DATE_SUB(@run_date, INTERVAL 3 DAY)) AND executed_at < TIMESTAMP(@run_date)
      QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY executed_at) = 1
    )
    WHERE status != 'skipped'
  )
  SELECT day, user_id, before_previous, previous, command, begins, before_previous_target, previous_target, COUNT(*) AS count
  FROM followed
  WHERE day >= DATE_SUB(@run_date, INTERVAL 2 DAY)
  GROUP BY day, user_id, before_previous, previous, command, begins, before_previous_target, previous_target
) AS s
ON FALSE
WHEN NOT MATCHED BY SOURCE AND t.day >= DATE_SUB(@run_date, INTERVAL 2 DAY) AND t.day < @run_date THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (day, user_id, before_previous, previous, command, count, begins, before_previous_target, previous_target)
  VALUES (s.day, s.user_id, s.before_previous, s.previous, s.command, s.count, s.begins, s.before_previous_target, s.previous_target)
