# The platform's description has one Cloud Run service, virtuoso-api. Here each declared function is one (a gen2 function
# is a Cloud Run service), so that each scales, fails and is allowed things for itself. The description's numbers are the
# declarations' defaults: 80 requests at a time, 0 to 100 instances, 1 CPU, 512Mi. Its time limit of 300 s is declared a
# function. PORT is set by Cloud Run. The switches USE_FIRESTORE, USE_PUBSUB and the like are gone: there is nothing to
# switch to; RATE_LIMIT_ENABLED is RATE_LIMIT_FACTOR.
# Target CPU utilisation (60 %) is Cloud Run's own and cannot be set; nor can the 300 s until an idle instance goes: it
# is kept for up to 15 minutes, and not billed.

resource "google_cloud_run_v2_service" "function" {
  for_each = local.deployments

  name        = each.value.name
  location    = each.value.region
  description = each.value.summary
  labels      = { function = each.value.name }

  # The public API is reached through the load balancer alone, so that nobody goes around Cloud Armor.
  ingress             = each.value.trigger.kind == "http" ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_INTERNAL_ONLY"
  deletion_protection = false

  # Of the service, not of its revisions: the schedules of warmth.tf change it without a new revision.
  scaling {
    min_instance_count = each.value.min_instances
  }

  template {
    revision                         = "${each.value.name}-${var.release}"
    labels                           = { function = each.value.name }
    service_account                  = google_service_account.function[each.value.name].email
    timeout                          = "${each.value.timeout_seconds}s"
    max_instance_request_concurrency = each.value.concurrency
    # The second generation takes no less than 512Mi.
    execution_environment = each.value.memory == "256Mi" ? "EXECUTION_ENVIRONMENT_GEN1" : "EXECUTION_ENVIRONMENT_GEN2"

    scaling {
      max_instance_count = each.value.max_instances
    }

    containers {
      image = var.images[each.value.name]

      resources {
        limits = {
          cpu    = tostring(each.value.cpu)
          memory = each.value.memory
        }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = merge(var.configuration, local.variables[each.value.region])
        content {
          name  = env.key
          value = env.value
        }
      }
    }

    # Directly, without a VPC connector: no machines that run when nothing else does. What sends requests of users'
    # choice stays outside of the network, where there is nothing private to reach.
    dynamic "vpc_access" {
      for_each = each.value.outbound ? [] : [google_compute_subnetwork.internal[each.value.region]]
      content {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = google_compute_network.internal.id
          subnetwork = vpc_access.value.id
        }
      }
    }
  }

  dynamic "traffic" {
    for_each = local.traffic[each.key]
    content {
      type     = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
      revision = traffic.key
      percent  = traffic.value
    }
  }

  lifecycle {
    ignore_changes = [scaling]
  }

  depends_on = [google_project_service.api]
}

locals {
  # What all functions are told, by region. The rest of what they read has its default, or is in var.configuration.
  variables = {
    for region in var.regions : region => {
      GCP_PROJECT_ID          = var.project
      GCP_REGION              = region
      ENVIRONMENT             = var.environment
      LOG_LEVEL               = var.log_level
      FUNCTIONS_URL           = local.functions_url[region]
      PUBLIC_URL              = "https://${var.domain}"
      INVOKER_SERVICE_ACCOUNT = google_service_account.invoker.email
      BUCKET_PREFIX           = var.bucket_prefix
      CORS_ORIGINS            = join(",", var.cors_origins)
      RATE_LIMIT_FACTOR       = tostring(var.rate_limit_factor)
      # The load balancer adds its own address to X-Forwarded-For.
      TRUSTED_PROXIES = "1"
    }
  }
  variable_names = keys(local.variables[local.primary])

  new_revisions = { for key, function in local.deployments : key => "${function.name}-${var.release}" }

  # By revision, in percent.
  traffic = {
    for key, revision in local.new_revisions : key => (
      var.canary_percent < 100 && lookup(var.stable_revisions, key, revision) != revision
      ? { (revision) = var.canary_percent, (var.stable_revisions[key]) = 100 - var.canary_percent }
      : { (revision) = 100 }
    )
  }
}

resource "google_cloud_run_v2_service_iam_member" "public" {
  for_each = local.http

  name     = google_cloud_run_v2_service.function[each.key].name
  location = each.value.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = local.not_public

  name     = google_cloud_run_v2_service.function[each.key].name
  location = each.value.region
  role     = "roles/run.invoker"
  member   = google_service_account.invoker.member
}

# Instead of gcr.io (Container Registry), which is gone. In several regions: when one is down, instances start elsewhere.
resource "google_artifact_registry_repository" "images" {
  repository_id = "virtuoso"
  location      = var.images_area
  format        = "DOCKER"
  description   = "The functions' images."

  cleanup_policies {
    id     = "latest-ten"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "older"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.api]
}
