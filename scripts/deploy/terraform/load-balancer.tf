locals {
  # The HTTP functions by name; each is in every region, and the nearest one that is healthy answers.
  api = { for name, function in local.functions : name => function if function.trigger.kind == "http" }

  cdn_of_reports = nonsensitive(var.cdn_signing_key) == "" ? {} : { reports = "virtuoso-reports" }
}

resource "google_compute_global_address" "api" {
  name = "virtuoso-api"

  depends_on = [google_project_service.api]
}

resource "google_compute_managed_ssl_certificate" "api" {
  # A certificate cannot be changed: another domain has another one.
  name = "virtuoso-${substr(sha1(var.domain), 0, 8)}"

  managed {
    domains = [var.domain]
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_project_service.api]
}

resource "google_compute_region_network_endpoint_group" "function" {
  for_each = local.http

  name                  = each.value.name
  region                = each.value.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = google_cloud_run_v2_service.function[each.key].name
  }
}

resource "google_compute_backend_service" "function" {
  for_each = local.api

  name                  = each.key
  protocol              = "HTTPS"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  security_policy       = google_compute_security_policy.api.id

  dynamic "backend" {
    for_each = var.regions
    content {
      group = google_compute_region_network_endpoint_group.function["${backend.value}/${each.key}"].id
    }
  }

  # Automatic failover: a region that answers nothing but errors gets no requests for a while.
  outlier_detection {
    consecutive_errors          = 5
    max_ejection_percent        = 50
    success_rate_request_volume = 100
    enforcing_success_rate      = 100
    interval {
      seconds = 10
    }
    base_ejection_time {
      seconds = 30
    }
  }

  # What is for everybody may be kept, for as long as its Cache-Control says: the description of the API and its page.
  enable_cdn = each.value.public

  dynamic "cdn_policy" {
    for_each = each.value.public ? [true] : []
    content {
      cache_mode                   = "USE_ORIGIN_HEADERS"
      signed_url_cache_max_age_sec = 0
      cache_key_policy {
        include_host         = true
        include_protocol     = true
        include_query_string = true
      }
    }
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

# Reports, for those who have a signed address; everybody else reads them through the API. The bucket stays private: the
# CDN alone may read it.
resource "google_compute_backend_bucket" "reports" {
  for_each = local.cdn_of_reports

  name        = each.key
  bucket_name = google_storage_bucket.declared[each.value].name
  enable_cdn  = true

  cdn_policy {
    cache_mode                   = "CACHE_ALL_STATIC"
    default_ttl                  = 3600
    max_ttl                      = 86400
    signed_url_cache_max_age_sec = 3600
  }
}

resource "google_compute_backend_bucket_signed_url_key" "reports" {
  for_each = local.cdn_of_reports

  name           = "first"
  backend_bucket = google_compute_backend_bucket.reports[each.key].name
  key_value      = var.cdn_signing_key
}

resource "google_storage_bucket_iam_member" "cdn_reads_reports" {
  for_each = local.cdn_of_reports

  bucket = google_storage_bucket.declared[each.value].name
  role   = "roles/storage.objectViewer"
  member = local.agents.cdn

  depends_on = [google_compute_backend_bucket_signed_url_key.reports]
}

resource "google_compute_url_map" "api" {
  name = "virtuoso-api"
  # Every function answers 404 to what it has no route for.
  default_service = google_compute_backend_service.function["health"].id

  host_rule {
    hosts        = [var.domain]
    path_matcher = "routes"
  }

  path_matcher {
    name            = "routes"
    default_service = google_compute_backend_service.function["health"].id

    dynamic "path_rule" {
      for_each = local.manifest.url_map
      content {
        paths   = path_rule.value
        service = google_compute_backend_service.function[path_rule.key].id
      }
    }

    dynamic "path_rule" {
      for_each = google_compute_backend_bucket.reports
      content {
        paths   = ["/reports/*"]
        service = path_rule.value.id
        route_action {
          url_rewrite {
            path_prefix_rewrite = "/"
          }
        }
      }
    }
  }
}

resource "google_compute_ssl_policy" "modern" {
  name            = "virtuoso"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.api]
}

resource "google_compute_target_https_proxy" "api" {
  name             = "virtuoso-api"
  url_map          = google_compute_url_map.api.id
  ssl_certificates = [google_compute_managed_ssl_certificate.api.id]
  ssl_policy       = google_compute_ssl_policy.modern.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "virtuoso-https"
  target                = google_compute_target_https_proxy.api.id
  ip_address            = google_compute_global_address.api.id
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

resource "google_compute_url_map" "to_https" {
  name = "virtuoso-to-https"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "PERMANENT_REDIRECT"
    strip_query            = false
  }

  depends_on = [google_project_service.api]
}

resource "google_compute_target_http_proxy" "to_https" {
  name    = "virtuoso-to-https"
  url_map = google_compute_url_map.to_https.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "virtuoso-http"
  target                = google_compute_target_http_proxy.to_https.id
  ip_address            = google_compute_global_address.api.id
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
