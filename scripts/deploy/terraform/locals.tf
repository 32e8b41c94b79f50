locals {
  # Everything that is declared in the code; `node scripts/deploy/manifest.ts` writes it.
  manifest = jsondecode(file("${path.module}/manifest.json"))

  primary = var.regions[0]
  number  = data.google_project.this.number

  labels = {
    app         = "virtuoso"
    environment = var.environment
    managed-by  = "terraform"
  }

  functions = local.manifest.functions

  # HTTP and task functions are in every region; what handles events is in the first one, so that each is handled once.
  deployments = merge([
    for region in var.regions : {
      for name, function in local.functions : "${region}/${name}" => merge(function, {
        name   = name
        region = region
      }) if function.everywhere || region == local.primary
    }
  ]...)

  http       = { for key, function in local.deployments : key => function if function.trigger.kind == "http" }
  not_public = { for key, function in local.deployments : key => function if function.trigger.kind != "http" }

  # Cloud Run's own addresses are known before the services are: functions reach each other by them.
  functions_url = { for region in var.regions : region => "https://{function}-${local.number}.${region}.run.app" }
  function_url = {
    for key, function in local.deployments :
    key => replace(local.functions_url[function.region], "{function}", function.name)
  }

  # Secret Manager, Pub/Sub and Cloud CDN act by accounts of their own.
  agents = {
    pubsub         = "serviceAccount:service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    secret_manager = "serviceAccount:service-${local.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
    cdn            = "serviceAccount:service-${local.number}@cloud-cdn-fill.iam.gserviceaccount.com"
    storage        = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"
    billing        = "serviceAccount:billing-budget-alert@system.gserviceaccount.com"
  }
}

data "google_project" "this" {
  project_id = var.project
}

data "google_storage_project_service_account" "this" {
  project = var.project
}
