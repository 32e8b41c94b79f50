locals {
  delivery        = local.manifest.delivery
  topic_functions = { for name, function in local.functions : name => function if function.trigger.kind == "topic" }
}

resource "google_pubsub_topic" "declared" {
  for_each = local.manifest.topics

  name                       = each.key
  message_retention_duration = "604800s"

  depends_on = [google_project_service.api]
}

# What starts runs by a message is outside of the suite: a pipeline, a release. A message does nothing without a trigger's token.
resource "google_pubsub_topic_iam_member" "publishers" {
  for_each = toset(var.publishers)

  topic  = google_pubsub_topic.declared["run-requests"].id
  role   = "roles/pubsub.publisher"
  member = each.key
}

# Pushed to the functions on topics; the path tells the functions framework which topic it is.
resource "google_pubsub_subscription" "push" {
  for_each = local.topic_functions

  name                 = each.key
  topic                = google_pubsub_topic.declared[each.value.trigger.topic].id
  filter               = each.value.trigger.filter
  ack_deadline_seconds = min(600, max(10, each.value.timeout_seconds))

  push_config {
    push_endpoint = "${local.function_url["${local.primary}/${each.key}"]}/projects/${var.project}/topics/${each.value.trigger.topic}"

    oidc_token {
      service_account_email = google_service_account.invoker.email
      audience              = local.function_url["${local.primary}/${each.key}"]
    }
  }

  retry_policy {
    minimum_backoff = "${local.delivery.min_backoff_seconds}s"
    maximum_backoff = "${local.delivery.max_backoff_seconds}s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.declared[local.delivery.dead_letter_topic].id
    max_delivery_attempts = local.delivery.max_attempts
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_cloud_run_v2_service.function]
}

# Pulled in batches: analytics, and the dead letters.
resource "google_pubsub_subscription" "pull" {
  for_each = local.manifest.pull_subscriptions

  name                       = each.key
  topic                      = google_pubsub_topic.declared[each.value.topic].id
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  # Dead letters have no dead letters; whoever only looks at them has them again at once.
  dynamic "retry_policy" {
    for_each = each.value.topic == local.delivery.dead_letter_topic ? [] : [local.delivery]
    content {
      minimum_backoff = "${retry_policy.value.min_backoff_seconds}s"
      maximum_backoff = "${retry_policy.value.max_backoff_seconds}s"
    }
  }

  dynamic "dead_letter_policy" {
    for_each = each.value.topic == local.delivery.dead_letter_topic ? [] : [local.delivery]
    content {
      dead_letter_topic     = google_pubsub_topic.declared[dead_letter_policy.value.dead_letter_topic].id
      max_delivery_attempts = dead_letter_policy.value.max_attempts
    }
  }

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub itself moves dead letters, so it must be allowed to take and to publish them.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  topic  = google_pubsub_topic.declared[local.delivery.dead_letter_topic].id
  role   = "roles/pubsub.publisher"
  member = local.agents.pubsub
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = merge(google_pubsub_subscription.push, google_pubsub_subscription.pull)

  subscription = each.value.name
  role         = "roles/pubsub.subscriber"
  member       = local.agents.pubsub
}
