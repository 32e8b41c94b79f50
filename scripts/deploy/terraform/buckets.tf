# Cross-region replication: a bucket in two regions, written to both.
resource "google_storage_bucket" "declared" {
  for_each = local.manifest.buckets

  name                        = "${var.bucket_prefix}${each.key}"
  location                    = length(var.bucket_regions) == 2 ? var.bucket_area : upper(var.bucket_regions[0])
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.protect
  labels                      = { bucket = each.key }

  dynamic "custom_placement_config" {
    for_each = length(var.bucket_regions) == 2 ? [var.bucket_regions] : []
    content {
      data_locations = [for region in custom_placement_config.value : upper(region)]
    }
  }

  versioning {
    enabled = each.value.versioning
  }

  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.lifecycle
    content {
      action {
        type          = lifecycle_rule.value.action.type
        storage_class = lookup(lifecycle_rule.value.action, "storageClass", null)
      }
      condition {
        age                = lookup(lifecycle_rule.value.condition, "age", null)
        num_newer_versions = lookup(lifecycle_rule.value.condition, "numNewerVersions", null)
        matches_prefix     = lookup(lifecycle_rule.value.condition, "matchesPrefix", null)
      }
    }
  }

  dynamic "cors" {
    for_each = length(var.cors_origins) > 0 ? [var.cors_origins] : []
    content {
      origin          = cors.value
      method          = ["GET", "HEAD", "PUT", "POST"]
      response_header = ["Content-Type", "ETag", "x-goog-generation", "x-goog-resumable"]
      max_age_seconds = 3600
    }
  }

  depends_on = [google_project_service.api]
}

locals {
  uploads = merge([
    for member, users in var.uploaders : { for user in users : "${member} ${user}" => { member = member, user = user } }
  ]...)
}

# Who puts test files there from outside of the suite, each into the folders of its users alone.
resource "google_storage_bucket_iam_member" "uploaders" {
  for_each = local.uploads

  bucket = google_storage_bucket.declared["virtuoso-tests"].name
  # Writing a file again replaces it, which creating objects alone does not allow.
  role   = "roles/storage.objectUser"
  member = each.value.member

  condition {
    title       = "tests of ${each.value.user}"
    description = "Objects below tests/${each.value.user}/"
    expression  = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.declared["virtuoso-tests"].name}/objects/tests/${each.value.user}/\")"
  }
}
