variable "project" {
  description = "The Google Cloud project: virtuoso-generator in production."
  type        = string
}

variable "regions" {
  description = "Where functions and queues run. Events, schedules and messages are handled in the first one; to fail over, put another one there."
  type        = list(string)
  default     = ["us-central1"]

  validation {
    condition     = length(var.regions) > 0 && length(var.regions) == length(distinct(var.regions))
    error_message = "Name at least one region, and each once."
  }
}

variable "environment" {
  description = "production or staging: a label, and what the functions are told."
  type        = string

  validation {
    condition     = contains(["production", "staging"], var.environment)
    error_message = "There are production and staging."
  }
}

variable "domain" {
  description = "The API's host name. Its A record is to be the output 'address'."
  type        = string
}

variable "bucket_prefix" {
  description = "Stands before the buckets' names, which are one name space for the whole world."
  type        = string
  default     = ""
}

variable "database_location" {
  description = "Where Firestore is: nam5 and eur3 are several regions."
  type        = string
  default     = "nam5"
}

variable "bucket_regions" {
  description = "Where objects are: two regions are one bucket that is in both."
  type        = list(string)
  default     = ["us-central1", "us-east1"]
}

variable "bucket_area" {
  description = "The multi-region that both bucket_regions are in: US, EU or ASIA."
  type        = string
  default     = "US"
}

variable "warehouse_location" {
  description = "Where BigQuery's dataset is."
  type        = string
  default     = "US"
}

variable "images_area" {
  description = "Where the images are: us, europe or asia. Deployments take the one that the first region is in."
  type        = string
  default     = "us"

  validation {
    condition     = contains(["us", "europe", "asia"], var.images_area)
    error_message = "Artifact Registry has the multi-regions us, europe and asia."
  }
}

variable "images" {
  description = "The functions' images by name, each by its digest: AREA-docker.pkg.dev/PROJECT/virtuoso/NAME@sha256:…"
  type        = map(string)

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "Images are deployed by their digests: a tag may mean another image tomorrow."
  }
}

variable "release" {
  description = "Name of what is deployed: ends the names of the revisions, so it must be new for every deployment."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$", var.release))
    error_message = "Lower-case letters, digits and hyphens, 20 at most."
  }
}

variable "stable_revisions" {
  description = "The revisions that took all requests before, by REGION/FUNCTION. What is not named here gets its new revision at once."
  type        = map(string)
  default     = {}
}

variable "canary_percent" {
  description = "Share of requests that the new revisions get; the stable ones get the others."
  type        = number
  default     = 100

  validation {
    condition     = var.canary_percent >= 0 && var.canary_percent <= 100
    error_message = "From 0 to 100."
  }
}

variable "configuration" {
  description = "Variables of the functions that shall not have their defaults, as the table of the README names them: PARALLEL_SESSIONS, ANALYTICS_BYTES_LIMIT, …"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.configuration) : contains(keys(local.manifest.configuration), name)])
    error_message = "No function reads ${join(", ", [for name in keys(var.configuration) : name if !contains(keys(local.manifest.configuration), name)])}. There are ${join(", ", keys(local.manifest.configuration))}."
  }

  validation {
    condition     = length(setintersection(keys(var.configuration), local.variable_names)) == 0
    error_message = "These follow from other variables: ${join(", ", setintersection(keys(var.configuration), local.variable_names))}. Set those: project, regions, domain, environment, bucket_prefix, log_level, cors_origins, rate_limit_factor."
  }
}

variable "log_level" {
  description = "The least severity that is logged."
  type        = string
  default     = "INFO"
}

variable "cors_origins" {
  description = "Origins whose pages may call the API, and put files into the bucket of tests."
  type        = list(string)
  default     = []
}

variable "rate_limit_factor" {
  description = "What the rate limits per user are multiplied by; 0 limits nothing."
  type        = number
  default     = 1
}

variable "requests_per_ip" {
  description = "Requests that one address may send in a minute before the load balancer answers 429."
  type        = number
  default     = 600
}

variable "protect" {
  description = "Whether data cannot be deleted by Terraform."
  type        = bool
  default     = true
}

variable "business_hours" {
  description = "When how many instances are kept of which functions: five-field cron in the time zone."
  type = object({
    functions = list(string)
    instances = number
    begin     = string
    end       = string
    time_zone = string
  })
  default = {
    functions = ["runs", "sessions", "tests", "run-session"]
    instances = 1
    begin     = "0 8 * * 1-5"
    end       = "0 18 * * 1-5"
    time_zone = "America/Chicago"
  }
}

variable "billing_account" {
  description = "The billing account that budgets are of, on which whoever applies this needs roles/billing.costsManager; no budgets are made when empty."
  type        = string
  default     = ""
}

variable "budgets" {
  description = "US dollars a month, by how bad it is when they are spent."
  type        = map(number)
  default = {
    warning  = 500
    critical = 1000
  }
}

variable "analysts" {
  description = "Who reads the warehouse, sensitive columns as hashes: group:…, user:…"
  type        = list(string)
  default     = []
}

variable "publishers" {
  description = "Who may publish to run-requests, whose messages start the runs of triggers: serviceAccount:…, group:…, principalSet:…"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.publishers : can(regex("^(serviceAccount|group|user|principal|principalSet):.+$", member))])
    error_message = "Name each with what it is, as serviceAccount:ci@my-project.iam.gserviceaccount.com; not everybody."
  }
}

variable "uploaders" {
  description = "Who may put objects below tests/USER/, which are imported and start the runs of triggers: the ids of users by who may do it for them."
  type        = map(list(string))
  default     = {}

  validation {
    condition     = alltrue([for member in keys(var.uploaders) : can(regex("^(serviceAccount|group|user|principal|principalSet):.+$", member))])
    error_message = "Name each with what it is, as serviceAccount:ci@my-project.iam.gserviceaccount.com; not everybody."
  }

  validation {
    condition     = alltrue([for id in flatten(values(var.uploaders)) : can(regex("^usr_[0-9A-Za-z]+$", id))])
    error_message = "Users are named by their ids: usr_…"
  }
}

variable "cdn_signing_key" {
  description = "16 random bytes, base64url: signs addresses of reports. Reports are not on the load balancer when empty."
  type        = string
  default     = ""
  sensitive   = true
}

variable "repository" {
  description = "The GitHub repository that is built at every push and pull request; no trigger is made when empty."
  type = object({
    owner = string
    name  = string
  })
  default = null
}

variable "alert_emails" {
  description = "Who is told of every alert."
  type        = list(string)
  default     = []
}

variable "pagerduty_key" {
  description = "Integration key of the PagerDuty service that is paged for what cannot wait; nobody is when empty."
  type        = string
  default     = ""
  sensitive   = true
}
