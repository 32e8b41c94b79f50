locals {
  # Google's preconfigured rules (ModSecurity's core rule set 3.3), by how late they are looked at.
  waf = {
    1000 = "sqli-v33-stable"
    1001 = "xss-v33-stable"
    1002 = "lfi-v33-stable"
    1003 = "rfi-v33-stable"
    1004 = "rce-v33-stable"
    1005 = "protocolattack-v33-stable"
    1006 = "scannerdetection-v33-stable"
    1007 = "sessionfixation-v33-stable"
    1008 = "nodejs-v33-stable"
    1009 = "cve-canary"
  }
}

resource "google_compute_security_policy" "api" {
  name        = "virtuoso-api"
  description = "Rates per address, known attacks, and what does not look like the usual traffic."
  type        = "CLOUD_ARMOR"

  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable          = true
      rule_visibility = "STANDARD"
    }
  }

  advanced_options_config {
    json_parsing = "STANDARD"
    log_level    = "NORMAL"
  }

  # Tests are made of selectors, scripts and strange input: what is sent as a body would be taken for an attack all the
  # time. Bodies are checked against their schemas by the functions; paths, queries and headers are looked at here.
  dynamic "rule" {
    for_each = local.waf
    content {
      priority    = tonumber(rule.key)
      action      = "deny(403)"
      description = rule.value
      match {
        expr {
          expression = "!request.method.matches('POST|PUT|PATCH') && evaluatePreconfiguredWaf('${rule.value}', {'sensitivity': 1})"
        }
      }
    }
  }

  # The limits per user are the functions' own.
  rule {
    priority    = 2000
    action      = "throttle"
    description = "Rate per address"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.requests_per_ip
        interval_sec = 60
      }
    }
  }

  rule {
    priority    = 2147483647
    action      = "allow"
    description = "The API is public"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.api]
}
