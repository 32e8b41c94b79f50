# What the suite logs and Cloud Monitoring has no metric of: counts and distributions of log lines.

locals {
  # Lines that are counted: by name, what they are and which they are.
  counted_lines = {
    errors = {
      description = "Errors of functions: bugs, and what could not be done."
      filter      = "severity>=ERROR"
      label       = "EXTRACT(resource.labels.service_name)"
    }
    dead_letters = {
      description = "Messages, tasks and events that nobody could handle."
      filter      = "jsonPayload.message:\"a dead letter\""
      label       = "EXTRACT(jsonPayload.dead_letter.from)"
    }
    browser_failures = {
      description = "Browsers that did not start."
      filter      = "jsonPayload.message:\"The browser could not be started\""
      label       = "EXTRACT(resource.labels.service_name)"
    }
    abandoned_sessions = {
      description = "Sessions whose instances died so often that nobody went on with them."
      filter      = "jsonPayload.message:\"A session was abandoned\""
      label       = "EXTRACT(resource.labels.service_name)"
    }
    browser_starts = {
      description = "Browsers that were started: cold starts of sessions."
      filter      = "jsonPayload.message=\"browser started\""
      label       = "EXTRACT(resource.labels.location)"
    }
    sessions_begun = {
      description = "Sessions that were taken by an instance."
      filter      = "resource.labels.service_name=\"run-session\" jsonPayload.message=\"run-session done\" -jsonPayload.task:\"warm-run-session\""
      label       = "EXTRACT(resource.labels.location)"
    }
    webhook_attempts = {
      description = "Attempts to deliver a webhook that were answered."
      filter      = "resource.labels.service_name=\"deliver-webhook\" jsonPayload.message=~\"^delivery attempt: \""
      label       = "REGEXP_EXTRACT(jsonPayload.message, \"attempt: (\\\\d)\")"
    }
    webhook_failures = {
      description = "Attempts to deliver a webhook that got no answer."
      filter      = "resource.labels.service_name=\"deliver-webhook\" jsonPayload.message=~\"^delivery attempt failed\""
      label       = "EXTRACT(resource.labels.location)"
    }
    requests = {
      description = "Requests to the API, by endpoint."
      filter      = "httpRequest.status>0 jsonPayload.route:\"/\""
      label       = "EXTRACT(jsonPayload.route)"
    }
    server_errors = {
      description = "Requests to the API that were answered with a server error, by endpoint."
      filter      = "httpRequest.status>=500 jsonPayload.route:\"/\""
      label       = "EXTRACT(jsonPayload.route)"
    }
    requests_denied = {
      description = "Requests that were not let in."
      filter      = "httpRequest.status=(401 OR 403 OR 429)"
      label       = "EXTRACT(httpRequest.status)"
    }
  }

  # Numbers in lines: their distributions.
  measured_lines = {
    ingest_lag = {
      description = "How old events were when they were stored in the warehouse, at most, in milliseconds."
      filter      = "resource.labels.service_name=\"ingest-analytics\" jsonPayload.message=\"subscription drained\""
      value       = "EXTRACT(jsonPayload.longest_lag_ms)"
      label       = "EXTRACT(jsonPayload.subscription)"
      unit        = "ms"
    }
    request_latency = {
      description = "How long requests to the API took, in milliseconds."
      filter      = "jsonPayload.duration_ms>=0 httpRequest.status>0"
      value       = "EXTRACT(jsonPayload.duration_ms)"
      label       = "EXTRACT(resource.labels.service_name)"
      unit        = "ms"
    }
  }
}

resource "google_logging_metric" "counted" {
  for_each = local.counted_lines

  name        = "virtuoso/${each.key}"
  description = each.value.description
  filter      = "resource.type=\"cloud_run_revision\" ${each.value.filter}"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    labels {
      key        = "of"
      value_type = "STRING"
    }
  }

  label_extractors = { "of" = each.value.label }

  depends_on = [google_project_service.api]
}

# Scheduled queries are no functions.
resource "google_logging_metric" "failed_queries" {
  name        = "virtuoso/failed_queries"
  description = "Scheduled queries that failed: statistics, and snapshots of the warehouse."
  filter      = "resource.type=\"bigquery_dts_config\" severity>=ERROR"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
  }

  depends_on = [google_project_service.api]
}

resource "google_logging_metric" "measured" {
  for_each = local.measured_lines

  name            = "virtuoso/${each.key}"
  description     = each.value.description
  filter          = "resource.type=\"cloud_run_revision\" ${each.value.filter}"
  value_extractor = each.value.value

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit

    labels {
      key        = "of"
      value_type = "STRING"
    }
  }

  label_extractors = { "of" = each.value.label }

  bucket_options {
    exponential_buckets {
      num_finite_buckets = 64
      growth_factor      = 1.4
      scale              = 1
    }
  }

  depends_on = [google_project_service.api]
}
