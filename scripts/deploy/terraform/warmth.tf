# Prewarming for predictable traffic is no matter of Terraform: run-schedules sends warm-ups (tasks of the queue warm-up) to
# the instances that due runs are about to need; WARM_UP_SECONDS says how long before.
#
# Minimum instances in business hours: two schedules a function change the service's minimum, which makes no revision.

locals {
  warm = merge([
    for key, function in local.deployments : {
      "begin/${key}" = { key = key, cron = var.business_hours.begin, instances = max(var.business_hours.instances, function.min_instances) }
      "end/${key}"   = { key = key, cron = var.business_hours.end, instances = function.min_instances }
    } if contains(var.business_hours.functions, function.name)
  ]...)
}

resource "google_service_account" "warmth" {
  account_id   = "virtuoso-warmth"
  display_name = "Sets minimum instances"
}

resource "google_cloud_run_v2_service_iam_member" "warmth" {
  for_each = { for key, function in local.deployments : key => function if contains(var.business_hours.functions, function.name) }

  name     = google_cloud_run_v2_service.function[each.key].name
  location = each.value.region
  role     = "roles/run.developer"
  member   = google_service_account.warmth.member
}

# Whoever changes a service must be allowed to act as its account.
resource "google_service_account_iam_member" "warmth" {
  for_each = toset(var.business_hours.functions)

  service_account_id = google_service_account.function[each.key].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.warmth.member
}

resource "google_cloud_scheduler_job" "business_hours" {
  for_each = local.warm

  name        = replace("warmth-${each.key}", "/", "-")
  region      = local.primary
  description = "Minimum instances of ${each.value.key}: ${each.value.instances}"
  schedule    = each.value.cron
  time_zone   = var.business_hours.time_zone

  retry_config {
    retry_count = 3
  }

  http_target {
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_service.function[each.value.key].id}?updateMask=scaling.minInstanceCount"
    http_method = "PATCH"
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode(jsonencode({ scaling = { minInstanceCount = each.value.instances } }))

    oauth_token {
      service_account_email = google_service_account.warmth.email
      scope                 = "https://www.googleapis.com/auth/cloud-platform"
    }
  }
}

# Every five minutes each HTTP function is asked for nothing, through the load balancer: an instance that is there stays.
# OPTIONS needs no key, reads nothing, and is answered 204.
resource "google_cloud_scheduler_job" "keep_warm" {
  for_each = { for name, function in local.functions : name => function if function.trigger.kind == "http" }

  name        = "keep-warm-${each.key}"
  region      = local.primary
  description = "Keeps an instance of ${each.key}"
  schedule    = "*/5 * * * *"

  http_target {
    uri         = "https://${var.domain}${split(" ", each.value.trigger.routes[0])[1]}"
    http_method = "OPTIONS"
  }

  depends_on = [google_project_service.api]
}
