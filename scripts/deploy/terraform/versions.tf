terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }

  # The bucket and its prefix are given at `terraform init` by `virtuoso deploy`: PROJECT-terraform, with versions.
  backend "gcs" {}
}

provider "google" {
  project = var.project
  region  = local.primary

  # On everything that can have labels: what it costs is told by them.
  default_labels = local.labels
}
