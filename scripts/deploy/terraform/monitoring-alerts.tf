# What wakes somebody, and what only tells. The first three are of the platform's description; the others are what an
# on-call engineer asks for after the first month. Each has its runbook in the notification itself.

locals {
  # 5xx answers of the API's functions among all of theirs.
  error_rate = <<-EOT
    100 * sum(rate(run_googleapis_com:request_count{response_code_class="5xx"}[5m]))
      / (sum(rate(run_googleapis_com:request_count[5m])) > 0)
  EOT

  alerts = {
    high-error-rate = {
      display = "High Error Rate"
      query   = "${local.error_rate} > 5"
      for     = "300s"
      page    = true
    }
    high-latency = {
      display = "High Latency"
      query   = "histogram_quantile(0.95, sum by (le) (rate(loadbalancing_googleapis_com:https_total_latencies_bucket[5m]))) > 1000"
      for     = "600s"
      page    = false
    }
    # The description's "instance_count == 0 for 2 minutes" is what scale to zero is for. What it means to find is that
    # nobody answers: a check that asks from outside, every minute.
    service-down = {
      display = "Cloud Run Instance Down"
      query   = "min(monitoring_googleapis_com:uptime_check_check_passed{check_id=\"${google_monitoring_uptime_check_config.health.uptime_check_id}\"}) == 0"
      for     = "120s"
      page    = true
    }
    dead-letters = {
      display = "Dead letters"
      query   = "sum by (of) (increase(logging_googleapis_com:user_virtuoso_dead_letters[10m])) > 0"
      for     = "0s"
      page    = false
    }
    many-dead-letters = {
      display = "Many dead letters"
      query   = "sum(increase(logging_googleapis_com:user_virtuoso_dead_letters[10m])) > 20"
      for     = "0s"
      page    = true
    }
    # Nobody pulls them but who looks at them: the oldest one's age says that nobody has, two days before it is lost.
    dead-letters-kept = {
      display = "Dead letters are about to be lost"
      query   = "max(pubsub_googleapis_com:subscription_oldest_unacked_message_age{subscription_id=\"dead-letters-kept\"}) > 5 * 86400"
      for     = "300s"
      page    = true
    }
    sessions-wait = {
      display = "Sessions wait for browsers"
      query   = "max by (queue_id) (cloudtasks_googleapis_com:queue_depth{queue_id=~\"test-suite.*|command-execution.*\"}) > 500"
      for     = "900s"
      page    = false
    }
    subscriptions-behind = {
      display = "Subscriptions are behind"
      query   = "max by (subscription_id) (pubsub_googleapis_com:subscription_oldest_unacked_message_age{subscription_id!=\"dead-letters-kept\"}) > 600"
      for     = "300s"
      page    = true
    }
    warehouse-behind = {
      display = "The warehouse is behind"
      query   = "histogram_quantile(0.95, sum by (le) (rate(logging_googleapis_com:user_virtuoso_ingest_lag_bucket[10m]))) > 900000"
      for     = "600s"
      page    = false
    }
    webhooks-fail = {
      display = "Webhooks fail"
      query   = "sum(rate(logging_googleapis_com:user_virtuoso_webhook_failures[15m])) / (sum(rate(logging_googleapis_com:user_virtuoso_webhook_attempts[15m])) + sum(rate(logging_googleapis_com:user_virtuoso_webhook_failures[15m])) > 0) > 0.5"
      for     = "900s"
      page    = false
    }
    browsers-fail = {
      display = "Browsers do not start"
      query   = "sum(increase(logging_googleapis_com:user_virtuoso_browser_failures[10m])) + sum(increase(logging_googleapis_com:user_virtuoso_abandoned_sessions[10m])) > 5"
      for     = "0s"
      page    = true
    }
    memory = {
      display = "Instances run out of memory"
      query   = "histogram_quantile(0.99, sum by (le, service_name) (rate(run_googleapis_com:container_memory_utilizations_bucket[5m]))) > 0.9"
      for     = "600s"
      page    = false
    }
    at-the-maximum = {
      display = "A function is at its maximum of instances"
      query   = join(" or ", [for name, function in local.functions : "sum(run_googleapis_com:container_instance_count{service_name=\"${name}\"}) >= ${function.max_instances * length(var.regions)}"])
      for     = "600s"
      page    = false
    }
    # Secret Manager's reminders are messages, which nobody reads.
    secret-rotation = {
      display = "A secret is due for rotation"
      query   = "sum(increase(pubsub_googleapis_com:topic_send_request_count{topic_id=\"${google_pubsub_topic.secret_rotations.name}\"}[1h])) > 0"
      for     = "0s"
      page    = false
    }
    backups = {
      display = "A scheduled query, or a snapshot of the warehouse, failed"
      query   = "sum(increase(logging_googleapis_com:user_virtuoso_failed_queries[1h])) > 0"
      for     = "0s"
      page    = false
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = toset(var.alert_emails)

  display_name = "virtuoso ${var.environment}: ${each.key}"
  type         = "email"
  labels       = { email_address = each.key }

  depends_on = [google_project_service.api]
}

resource "google_monitoring_notification_channel" "pagerduty" {
  count = var.pagerduty_key == "" ? 0 : 1

  display_name = "virtuoso ${var.environment}: PagerDuty"
  type         = "pagerduty"

  sensitive_labels {
    service_key = var.pagerduty_key
  }

  depends_on = [google_project_service.api]
}

locals {
  told  = [for channel in google_monitoring_notification_channel.email : channel.id]
  paged = concat(local.told, google_monitoring_notification_channel.pagerduty[*].id)
}

resource "google_monitoring_alert_policy" "alert" {
  for_each = local.alerts

  display_name          = each.value.display
  combiner              = "OR"
  severity              = each.value.page ? "CRITICAL" : "WARNING"
  notification_channels = each.value.page ? local.paged : local.told
  user_labels           = { environment = var.environment }

  conditions {
    display_name = each.value.display

    condition_prometheus_query_language {
      query               = each.value.query
      duration            = each.value.for
      evaluation_interval = "60s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    subject   = "virtuoso ${var.environment}: ${each.value.display}"
    content   = file("${path.module}/runbooks/${each.key}.md")
  }

  alert_strategy {
    auto_close = "86400s"
  }

  depends_on = [google_logging_metric.counted, google_logging_metric.measured, google_logging_metric.failed_queries]
}
