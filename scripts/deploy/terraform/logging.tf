# Logs are kept for 30 days where they are looked at, and in BigQuery for as long as the dataset is told.

resource "google_logging_project_bucket_config" "default" {
  project        = var.project
  location       = "global"
  bucket_id      = "_Default"
  retention_days = 30

  depends_on = [google_project_service.api]
}

resource "google_bigquery_dataset" "logs" {
  dataset_id                      = "logs"
  location                        = var.warehouse_location
  description                     = "Log lines of the functions, for questions that go back further than 30 days."
  default_partition_expiration_ms = 365 * 86400000
  delete_contents_on_destroy      = !var.protect

  depends_on = [google_project_service.api]
}

resource "google_logging_project_sink" "warehouse" {
  name                   = "virtuoso-logs"
  description            = "Lines of the functions and of who changed what in the project."
  destination            = "bigquery.googleapis.com/${google_bigquery_dataset.logs.id}"
  filter                 = "resource.type=\"cloud_run_revision\" OR logName:\"cloudaudit.googleapis.com\""
  unique_writer_identity = true

  bigquery_options {
    use_partitioned_tables = true
  }
}

resource "google_bigquery_dataset_iam_member" "sink_writes" {
  dataset_id = google_bigquery_dataset.logs.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_logging_project_sink.warehouse.writer_identity
}

# Who changed documents and objects, and who read secrets; what administrators do is logged by Google anyway. Reading
# documents and objects is not logged: that would be more lines than everything else.
resource "google_project_iam_audit_config" "data" {
  for_each = toset(["secretmanager.googleapis.com", "firestore.googleapis.com", "storage.googleapis.com"])

  project = var.project
  service = each.key

  audit_log_config {
    log_type = "DATA_WRITE"
  }

  audit_log_config {
    log_type = "ADMIN_READ"
  }

  dynamic "audit_log_config" {
    for_each = each.key == "secretmanager.googleapis.com" ? ["DATA_READ"] : []
    content {
      log_type = audit_log_config.value
    }
  }
}
