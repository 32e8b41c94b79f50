# What is promised: 99.9 % of requests are answered without a 5xx, and 95 % within a second, over 28 days.

resource "google_monitoring_service" "api" {
  service_id   = "virtuoso-${var.environment}"
  display_name = "virtuoso ${var.environment}"

  basic_service {
    service_type   = "CLOUD_RUN"
    service_labels = { service_name = "runs", location = local.primary }
  }

  depends_on = [google_cloud_run_v2_service.function]
}

resource "google_monitoring_slo" "availability" {
  service             = google_monitoring_service.api.service_id
  slo_id              = "availability"
  display_name        = "99.9 % without a server error"
  goal                = 0.999
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      total_service_filter = "metric.type=\"loadbalancing.googleapis.com/https/request_count\" resource.type=\"https_lb_rule\""
      bad_service_filter   = "metric.type=\"loadbalancing.googleapis.com/https/request_count\" resource.type=\"https_lb_rule\" metric.labels.response_code_class=500"
    }
  }
}

resource "google_monitoring_slo" "latency" {
  service             = google_monitoring_service.api.service_id
  slo_id              = "latency"
  display_name        = "95 % within a second"
  goal                = 0.95
  rolling_period_days = 28

  request_based_sli {
    distribution_cut {
      distribution_filter = "metric.type=\"loadbalancing.googleapis.com/https/total_latencies\" resource.type=\"https_lb_rule\""

      range {
        min = 0
        max = 1000
      }
    }
  }
}

locals {
  # How fast the budget of errors burns: 14 times as fast as it may, and it is gone in two days; 6 times, in five.
  burning = merge([
    for name, slo in { availability = google_monitoring_slo.availability, latency = google_monitoring_slo.latency } : {
      "fast-${name}"                = { slo = slo.name, display = slo.display_name, lookback = "3600s", rate = 14, page = true }
      "slow-${name}"                = { slo = slo.name, display = slo.display_name, lookback = "21600s", rate = 6, page = false }
    }
  ]...)
}

resource "google_monitoring_alert_policy" "burn_rate" {
  for_each = local.burning

  display_name          = "The budget of errors burns ${each.value.rate} times too fast: ${each.value.display}"
  combiner              = "OR"
  severity              = each.value.page ? "CRITICAL" : "WARNING"
  notification_channels = each.value.page ? local.paged : local.told
  user_labels           = { environment = var.environment }

  conditions {
    display_name = "Burn rate"

    condition_threshold {
      filter          = "select_slo_burn_rate(\"${each.value.slo}\", \"${each.value.lookback}\")"
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.rate
      duration        = "0s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = file("${path.module}/runbooks/burn-rate.md")
  }
}

# From outside, from every continent, once a minute: the whole way through the load balancer.
resource "google_monitoring_uptime_check_config" "health" {
  display_name = "virtuoso ${var.environment}: /health"
  timeout      = "10s"
  period       = "60s"

  http_check {
    path         = "/health"
    port         = 443
    use_ssl      = true
    validate_ssl = true

    accepted_response_status_codes {
      status_class = "STATUS_CLASS_2XX"
    }
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project, host = var.domain }
  }

  depends_on = [google_project_service.api]
}
