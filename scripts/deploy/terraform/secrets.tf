# Their first versions are made by `virtuoso deploy`: what Terraform knows would be in its state. All versions are kept.
resource "google_secret_manager_secret" "declared" {
  for_each = local.manifest.secrets

  secret_id = each.key
  labels    = { secret = each.key }

  replication {
    auto {}
  }

  # Every 90 days Secret Manager reminds of the rotation. The key of access tokens is replaced every month by the
  # function rotate-token-key, whether somebody is reminded or not.
  rotation {
    rotation_period    = "7776000s"
    next_rotation_time = timeadd(plantimestamp(), "2160h")
  }

  topics {
    name = google_pubsub_topic.secret_rotations.id
  }

  lifecycle {
    ignore_changes = [rotation[0].next_rotation_time]
  }

  depends_on = [google_pubsub_topic_iam_member.secret_manager_reminds]
}

resource "google_pubsub_topic" "secret_rotations" {
  name = "secret-rotations"

  depends_on = [google_project_service.api]
}

resource "google_pubsub_topic_iam_member" "secret_manager_reminds" {
  topic  = google_pubsub_topic.secret_rotations.id
  role   = "roles/pubsub.publisher"
  member = local.agents.secret_manager
}
