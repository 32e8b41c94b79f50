# Who builds and deploys. Its roles are what the files of this folder need to be applied.

locals {
  builder_roles = [
    "roles/artifactregistry.writer",
    "roles/logging.logWriter",
    "roles/editor",
    "roles/resourcemanager.projectIamAdmin",
    "roles/run.admin",
    "roles/pubsub.admin",
    "roles/cloudtasks.admin",
    "roles/storage.admin",
    "roles/bigquery.admin",
    "roles/secretmanager.admin",
    "roles/iam.serviceAccountAdmin",
    # Sinks, and tags of columns: roles/editor makes neither.
    "roles/logging.configWriter",
    "roles/datacatalog.categoryAdmin",
  ]

  triggers = var.repository == null ? {} : {
    push         = "cloudbuild.yaml"
    pull-request = "scripts/deploy/cloudbuild.pull-request.yaml"
  }
}

resource "google_service_account" "builder" {
  account_id   = "virtuoso-builder"
  display_name = "Builds and deploys"
}

resource "google_project_iam_member" "builder" {
  for_each = toset(local.builder_roles)

  project = var.project
  role    = each.key
  member  = google_service_account.builder.member
}

resource "google_cloudbuild_trigger" "repository" {
  for_each = local.triggers

  name            = "virtuoso-${each.key}"
  location        = local.primary
  filename        = each.value
  service_account = google_service_account.builder.id

  github {
    owner = var.repository.owner
    name  = var.repository.name

    dynamic "push" {
      for_each = each.key == "push" ? ["^main$"] : []
      content {
        branch = push.value
      }
    }

    dynamic "pull_request" {
      for_each = each.key == "pull-request" ? ["^main$"] : []
      content {
        branch          = pull_request.value
        comment_control = "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"
      }
    }
  }

  substitutions = each.key == "push" ? {
    _ENVIRONMENT = var.environment
    _REGION      = local.primary
    _URL         = "https://${var.domain}"
  } : {}

  depends_on = [google_project_service.api]
}
