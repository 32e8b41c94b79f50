environment     = "staging"
domain          = "api.staging.virtuoso.dev"
regions         = ["us-central1"]
bucket_prefix   = "staging-"
log_level       = "DEBUG"
requests_per_ip = 300
protect         = false

# Nobody waits for staging: it is never warm.
business_hours = {
  functions = []
  instances = 0
  begin     = "0 8 * * 1-5"
  end       = "0 18 * * 1-5"
  time_zone = "America/Chicago"
}

budgets = {
  warning  = 50
  critical = 100
}
