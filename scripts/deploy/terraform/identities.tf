# The platform's description has one account, virtuoso-api-sa, for everything. Here every function has its own, with the
# roles that its declared uses need, on the very topic, queue, bucket, table or secret. roles/firestore.user is called
# roles/datastore.user. Nobody needs roles/logging.logWriter or roles/monitoring.metricWriter: functions log to standard
# output, and metrics are made of the logs.

resource "google_service_account" "function" {
  for_each = local.functions

  account_id   = "fn-${each.key}"
  display_name = "Function ${each.key}"
  description  = each.value.summary
}

locals {
  grants = {
    for key, grant in local.manifest.grants : key => merge(grant, {
      member = "serviceAccount:${google_service_account.function[grant.function].email}"
    })
  }

  # What functions act as: the invoker, or themselves.
  accounts = merge(
    { (local.manifest.invoker) = google_service_account.invoker.name },
    { for account in google_service_account.function : account.account_id => account.name },
  )

  # Queues are in every region.
  queue_grants = merge([
    for region in var.regions : {
      for key, grant in local.grants : "${region} ${key}" => merge(grant, { region = region }) if grant.on == "queue"
    }
  ]...)
}

resource "google_project_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "project" }

  project = var.project
  role    = each.value.role
  member  = each.value.member
}

resource "google_pubsub_topic_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "topic" }

  topic  = google_pubsub_topic.declared[each.value.name].id
  role   = each.value.role
  member = each.value.member
}

resource "google_pubsub_subscription_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "pull-subscription" }

  subscription = google_pubsub_subscription.pull[each.value.name].name
  role         = each.value.role
  member       = each.value.member
}

resource "google_cloud_tasks_queue_iam_member" "function" {
  for_each = local.queue_grants

  name     = google_cloud_tasks_queue.declared["${each.value.region}/${each.value.name}"].name
  location = each.value.region
  role     = each.value.role
  member   = each.value.member
}

resource "google_storage_bucket_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "bucket" }

  bucket = google_storage_bucket.declared[each.value.name].name
  role   = each.value.role
  member = each.value.member
}

resource "google_bigquery_table_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "table" }

  dataset_id = google_bigquery_dataset.declared.dataset_id
  table_id   = google_bigquery_table.declared[each.value.name].table_id
  role       = each.value.role
  member     = each.value.member
}

resource "google_bigquery_table_iam_member" "function_view" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "view" }

  dataset_id = google_bigquery_dataset.declared.dataset_id
  table_id   = google_bigquery_table.view[each.value.name].table_id
  role       = each.value.role
  member     = each.value.member
}

resource "google_secret_manager_secret_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "secret" }

  secret_id = google_secret_manager_secret.declared[each.value.name].secret_id
  role      = each.value.role
  member    = each.value.member
}

resource "google_service_account_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "service-account" }

  service_account_id = local.accounts[each.value.name]
  role               = each.value.role
  member             = each.value.member
}

# Tasks, schedules, events and messages call functions as this account, and functions refuse every other one.
resource "google_service_account" "invoker" {
  account_id   = local.manifest.invoker
  display_name = "Calls functions"
}

resource "google_project_iam_member" "invoker_receives_events" {
  project = var.project
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.invoker.member
}

resource "google_service_account_iam_member" "pubsub_calls_as_invoker" {
  service_account_id = google_service_account.invoker.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.agents.pubsub
}

resource "google_project_iam_member" "storage_tells_of_objects" {
  project = var.project
  role    = "roles/pubsub.publisher"
  member  = local.agents.storage
}
