# The three dashboards of the platform's description. Each is a grid of charts: a title and a query.

locals {
  dashboards = {
    performance = {
      display = "API Performance Dashboard"
      charts = [
        ["Requests a second, by function", "sum by (service_name) (rate(run_googleapis_com:request_count[5m]))"],
        ["Latency p50", "histogram_quantile(0.5, sum by (le) (rate(loadbalancing_googleapis_com:https_total_latencies_bucket[5m])))"],
        ["Latency p95", "histogram_quantile(0.95, sum by (le) (rate(loadbalancing_googleapis_com:https_total_latencies_bucket[5m])))"],
        ["Latency p99", "histogram_quantile(0.99, sum by (le) (rate(loadbalancing_googleapis_com:https_total_latencies_bucket[5m])))"],
        ["Latency p95, by function", "histogram_quantile(0.95, sum by (le, service_name) (rate(run_googleapis_com:request_latencies_bucket[5m])))"],
        ["Instances, by function", "sum by (service_name) (run_googleapis_com:container_instance_count)"],
        ["Processor, p95 by function", "histogram_quantile(0.95, sum by (le, service_name) (rate(run_googleapis_com:container_cpu_utilizations_bucket[5m])))"],
        ["Memory, p95 by function", "histogram_quantile(0.95, sum by (le, service_name) (rate(run_googleapis_com:container_memory_utilizations_bucket[5m])))"],
        ["Cold starts: p95 of start-up", "histogram_quantile(0.95, sum by (le, service_name) (rate(run_googleapis_com:container_startup_latencies_bucket[15m])))"],
        ["Requests at a time (active connections)", "histogram_quantile(0.95, sum by (le, service_name) (rate(run_googleapis_com:container_max_request_concurrencies_bucket[5m])))"],
      ]
    }
    errors = {
      display = "Error Analysis Dashboard"
      charts = [
        ["Error rate, per cent", local.error_rate],
        ["Error rate by endpoint, per cent", "100 * sum by (of) (rate(logging_googleapis_com:user_virtuoso_server_errors[5m])) / sum by (of) (rate(logging_googleapis_com:user_virtuoso_requests[5m]))"],
        ["Server errors, by function", "sum by (service_name) (rate(run_googleapis_com:request_count{response_code_class=\"5xx\"}[5m]))"],
        ["Errors logged, by function", "sum by (of) (rate(logging_googleapis_com:user_virtuoso_errors[5m]))"],
        ["Dead letters, by where they come from", "sum by (of) (increase(logging_googleapis_com:user_virtuoso_dead_letters[1h]))"],
        ["Oldest message, by subscription", "max by (subscription_id) (pubsub_googleapis_com:subscription_oldest_unacked_message_age)"],
        ["Messages that wait, by subscription", "max by (subscription_id) (pubsub_googleapis_com:subscription_num_undelivered_messages)"],
        ["Tasks that wait, by queue", "max by (queue_id) (cloudtasks_googleapis_com:queue_depth)"],
        ["How long tasks waited for their attempt, p95 by queue", "histogram_quantile(0.95, sum by (le, queue_id) (rate(cloudtasks_googleapis_com:queue_task_attempt_delays_bucket[5m])))"],
        ["Task attempts, by answer", "sum by (response_code) (rate(cloudtasks_googleapis_com:queue_task_attempt_count[5m]))"],
        ["Webhooks: answers by class", "sum by (of) (rate(logging_googleapis_com:user_virtuoso_webhook_attempts[5m]))"],
        ["Webhooks without an answer", "sum(rate(logging_googleapis_com:user_virtuoso_webhook_failures[5m]))"],
        ["Browsers that did not start, sessions that were abandoned", "sum(increase(logging_googleapis_com:user_virtuoso_browser_failures[1h])) + sum(increase(logging_googleapis_com:user_virtuoso_abandoned_sessions[1h]))"],
        ["Requests that were not let in", "sum by (of) (rate(logging_googleapis_com:user_virtuoso_requests_denied[5m]))"],
      ]
    }
    usage = {
      display = "Usage Analytics Dashboard"
      charts = [
        ["Sessions an hour", "sum(increase(logging_googleapis_com:user_virtuoso_sessions_begun[1h]))"],
        ["Browsers now (active sessions)", "sum(run_googleapis_com:container_instance_count{service_name=\"run-session\"})"],
        ["Browsers started an hour (cold starts of sessions)", "sum(increase(logging_googleapis_com:user_virtuoso_browser_starts[1h]))"],
        ["Documents read", "sum(rate(firestore_googleapis_com:document_read_ops_count[5m]))"],
        ["Documents written", "sum(rate(firestore_googleapis_com:document_write_ops_count[5m]))"],
        ["Objects, by method", "sum by (method) (rate(storage_googleapis_com:api_request_count[5m]))"],
        ["Bytes kept, by bucket", "sum by (bucket_name) (storage_googleapis_com:storage_total_bytes)"],
        ["Age of events when they are stored, p95", "histogram_quantile(0.95, sum by (le, of) (rate(logging_googleapis_com:user_virtuoso_ingest_lag_bucket[15m])))"],
        ["Processor time billed, by function", "sum by (service_name) (rate(run_googleapis_com:container_billable_instance_time[5m]))"],
      ]
    }
  }
}

resource "google_monitoring_dashboard" "dashboard" {
  for_each = local.dashboards

  dashboard_json = jsonencode({
    displayName = "${each.value.display} (${var.environment})"
    mosaicLayout = {
      columns = 48
      tiles = [
        for at, chart in each.value.charts : {
          xPos   = (at % 2) * 24
          yPos   = floor(at / 2) * 16
          width  = 24
          height = 16
          widget = {
            title = chart[0]
            xyChart = {
              dataSets = [{ plotType = "LINE", timeSeriesQuery = { prometheusQuery = chart[1] } }]
            }
          }
        }
      ]
    }
  })

  depends_on = [google_logging_metric.counted, google_logging_metric.measured]
}
