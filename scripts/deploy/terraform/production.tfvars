environment     = "production"
domain          = "api.virtuoso.dev"
regions         = ["us-central1"]
requests_per_ip = 600
protect         = true
