# What reacts to documents and objects is told by Eventarc; what reacts to topics has a push subscription of its own
# (topics.tf), which Eventarc would not give a filter and dead letters.

locals {
  document_triggers = { for name, function in local.functions : name => function.trigger if function.trigger.kind == "document" }
  object_triggers   = { for name, function in local.functions : name => function.trigger if function.trigger.kind == "object" }
  schedules         = { for name, function in local.functions : name => function if function.trigger.kind == "schedule" }

  storage_event_types = {
    finalized       = "google.cloud.storage.object.v1.finalized"
    deleted         = "google.cloud.storage.object.v1.deleted"
    archived        = "google.cloud.storage.object.v1.archived"
    metadataUpdated = "google.cloud.storage.object.v1.metadataUpdated"
  }
}

resource "google_eventarc_trigger" "document" {
  for_each = local.document_triggers

  name                    = each.key
  location                = google_firestore_database.this.location_id
  service_account         = google_service_account.invoker.email
  event_data_content_type = "application/protobuf"

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.firestore.document.v1.${each.value.change}"
  }

  matching_criteria {
    attribute = "database"
    value     = google_firestore_database.this.name
  }

  matching_criteria {
    attribute = "document"
    operator  = "match-path-pattern"
    value     = "${each.value.collection}/{id}"
  }

  destination {
    cloud_run_service {
      service = google_cloud_run_v2_service.function["${local.primary}/${each.key}"].name
      region  = local.primary
      path    = "/"
    }
  }

  depends_on = [google_project_iam_member.invoker_receives_events]
}

resource "google_eventarc_trigger" "object" {
  for_each = local.object_triggers

  name            = each.key
  location        = lower(google_storage_bucket.declared[each.value.bucket].location)
  service_account = google_service_account.invoker.email

  matching_criteria {
    attribute = "type"
    value     = local.storage_event_types[each.value.event]
  }

  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.declared[each.value.bucket].name
  }

  destination {
    cloud_run_service {
      service = google_cloud_run_v2_service.function["${local.primary}/${each.key}"].name
      region  = local.primary
      path    = "/"
    }
  }

  depends_on = [
    google_project_iam_member.invoker_receives_events,
    google_project_iam_member.storage_tells_of_objects,
  ]
}

resource "google_cloud_scheduler_job" "schedule" {
  for_each = local.schedules

  name             = each.key
  region           = local.primary
  description      = each.value.summary
  schedule         = each.value.trigger.cron
  time_zone        = each.value.trigger.time_zone
  attempt_deadline = "${min(1800, max(15, each.value.timeout_seconds))}s"

  dynamic "retry_config" {
    for_each = each.value.trigger.retry == null ? [] : [each.value.trigger.retry]
    content {
      retry_count          = retry_config.value.count
      min_backoff_duration = "${retry_config.value.minBackoffSeconds}s"
      max_backoff_duration = "${retry_config.value.maxBackoffSeconds}s"
      max_doublings        = retry_config.value.maxDoublings
    }
  }

  http_target {
    uri         = local.function_url["${local.primary}/${each.key}"]
    http_method = "POST"
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode("{}")

    oidc_token {
      service_account_email = google_service_account.invoker.email
      audience              = local.function_url["${local.primary}/${each.key}"]
    }
  }

  depends_on = [google_cloud_run_v2_service.function]
}
