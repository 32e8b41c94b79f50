locals {
  queues = merge([
    for region in var.regions : {
      for name, queue in local.manifest.queues : "${region}/${name}" => merge(queue, { name = name, region = region })
    }
  ]...)
}

resource "google_cloud_tasks_queue" "declared" {
  for_each = local.queues

  name     = each.value.name
  location = each.value.region

  rate_limits {
    max_dispatches_per_second = each.value.max_dispatches_per_second
    max_concurrent_dispatches = each.value.max_concurrent_dispatches
  }

  retry_config {
    max_attempts = each.value.max_attempts
    min_backoff  = "${each.value.min_backoff_seconds}s"
    max_backoff  = "${each.value.max_backoff_seconds}s"
  }

  stackdriver_logging_config {
    sampling_ratio = 0.1
  }

  depends_on = [google_project_service.api]
}
