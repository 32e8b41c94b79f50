resource "google_bigquery_dataset" "declared" {
  dataset_id                 = local.manifest.dataset
  location                   = var.warehouse_location
  description                = "What happened: steps, runs, activity and requests."
  delete_contents_on_destroy = !var.protect

  depends_on = [google_project_service.api]
}

resource "google_bigquery_table" "declared" {
  for_each = local.manifest.tables

  dataset_id          = google_bigquery_dataset.declared.dataset_id
  table_id            = each.key
  description         = each.value.description
  deletion_protection = var.protect
  clustering          = each.value.cluster

  time_partitioning {
    type          = "DAY"
    field         = each.value.partition
    expiration_ms = each.value.expiry_days == null ? null : each.value.expiry_days * 86400000
  }

  schema = jsonencode([
    for column in each.value.columns : merge(
      {
        name        = column.name
        type        = column.type
        mode        = "NULLABLE"
        description = column.description
      },
      column.sensitive ? { policyTags = { names = [google_data_catalog_policy_tag.sensitive.id] } } : {},
    )
  ])
}

resource "google_bigquery_table" "view" {
  for_each = local.manifest.views

  dataset_id          = google_bigquery_dataset.declared.dataset_id
  table_id            = each.key
  description         = each.value.description
  deletion_protection = false

  view {
    query          = each.value.query
    use_legacy_sql = false
  }

  depends_on = [google_bigquery_table.declared]
}

resource "google_bigquery_data_transfer_config" "scheduled_query" {
  for_each = local.manifest.scheduled_queries

  display_name         = each.key
  data_source_id       = "scheduled_query"
  location             = var.warehouse_location
  schedule             = each.value.schedule
  service_account_name = google_service_account.warehouse.email
  # The statements say themselves where they write to.
  params = { query = each.value.sql }

  depends_on = [
    google_bigquery_table.declared,
    google_bigquery_table.view,
    google_project_iam_member.warehouse_runs_queries,
  ]
}

# Scheduled queries run as this account.
resource "google_service_account" "warehouse" {
  account_id   = "virtuoso-warehouse"
  display_name = "Runs scheduled queries"
}

resource "google_project_iam_member" "warehouse_runs_queries" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.warehouse.member
}

resource "google_bigquery_dataset_iam_member" "warehouse_writes" {
  dataset_id = google_bigquery_dataset.declared.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.warehouse.member
}

# Columns that tell of persons: analysts see their hashes.
resource "google_data_catalog_taxonomy" "this" {
  display_name           = "virtuoso-${var.environment}"
  description            = "Columns of the warehouse that not everybody may see."
  region                 = lower(var.warehouse_location)
  activated_policy_types = ["FINE_GRAINED_ACCESS_CONTROL"]

  depends_on = [google_project_service.api]
}

resource "google_data_catalog_policy_tag" "sensitive" {
  taxonomy     = google_data_catalog_taxonomy.this.id
  display_name = "sensitive"
  description  = "Tells something of a person."
}

resource "google_bigquery_datapolicy_data_policy" "sensitive" {
  data_policy_id   = "sensitive_as_hash"
  location         = lower(var.warehouse_location)
  policy_tag       = google_data_catalog_policy_tag.sensitive.name
  data_policy_type = "DATA_MASKING_POLICY"

  data_masking_policy {
    predefined_expression = "SHA256"
  }
}

resource "google_bigquery_datapolicy_data_policy_iam_member" "analysts" {
  for_each = toset(var.analysts)

  data_policy_id = google_bigquery_datapolicy_data_policy.sensitive.data_policy_id
  location       = google_bigquery_datapolicy_data_policy.sensitive.location
  role           = "roles/bigquerydatapolicy.maskedReader"
  member         = each.key
}

resource "google_bigquery_dataset_iam_member" "analysts" {
  for_each = toset(var.analysts)

  dataset_id = google_bigquery_dataset.declared.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.key
}

resource "google_data_catalog_policy_tag_iam_member" "warehouse_sees_all" {
  policy_tag = google_data_catalog_policy_tag.sensitive.name
  role       = "roles/datacatalog.categoryFineGrainedReader"
  member     = google_service_account.warehouse.member
}
