# Snapshots of the warehouse's tables every six hours, kept for a week; beside them, BigQuery's own time travel of seven
# days. A table is brought back with:
#   CREATE OR REPLACE TABLE analytics.test_runs CLONE analytics_backups.test_runs_20260301T0600

resource "google_bigquery_dataset" "backups" {
  dataset_id                 = "${local.manifest.dataset}_backups"
  location                   = var.warehouse_location
  description                = "Snapshots of the warehouse's tables: TABLE_TIME."
  delete_contents_on_destroy = !var.protect

  depends_on = [google_project_service.api]
}

resource "google_bigquery_dataset_iam_member" "snapshots_are_written" {
  dataset_id = google_bigquery_dataset.backups.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.warehouse.member
}

resource "google_bigquery_data_transfer_config" "snapshots" {
  display_name         = "snapshots"
  data_source_id       = "scheduled_query"
  location             = var.warehouse_location
  schedule             = "every 6 hours"
  service_account_name = google_service_account.warehouse.email

  params = {
    query = join("\n", [
      for table in sort(keys(local.manifest.tables)) : templatefile("${path.module}/snapshot.sql", {
        table = table
        from  = local.manifest.dataset
        into  = google_bigquery_dataset.backups.dataset_id
      })
    ])
  }

  depends_on = [
    google_bigquery_table.declared,
    google_project_iam_member.warehouse_runs_queries,
    google_bigquery_dataset_iam_member.snapshots_are_written,
  ]
}
