# Every variable that may be left alone, set: so that Terraform evaluates what depends on it. Nobody deploys this.
regions           = ["us-central1", "us-east1", "us-west1"]
bucket_regions    = ["us-central1"]
billing_account   = "000000-000000-000000"
alert_emails      = ["a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com", "f@example.com"]
pagerduty_key     = "key"
cdn_signing_key   = "AAAAAAAAAAAAAAAAAAAAAA=="
repository        = { owner = "virtuoso", name = "virtuoso" }
analysts          = ["group:analysts@example.com"]
publishers        = ["serviceAccount:ci@example.iam.gserviceaccount.com"]
uploaders         = { "group:testers@example.com" = ["usr_1", "usr_2"] }
configuration     = { PARALLEL_SESSIONS = "50", WARM_UP_SECONDS = "0" }
cors_origins      = ["https://app.example.com"]
rate_limit_factor = 2
canary_percent    = 10
stable_revisions  = { "us-central1/runs" = "runs-r0", "us-east1/runs" = "runs-r0" }
