output "address" {
  description = "What the domain's A record is to be."
  value       = google_compute_global_address.api.address
}

output "url" {
  description = "Where the API is."
  value       = "https://${var.domain}"
}

output "revisions" {
  description = "The revisions of this deployment, by REGION/FUNCTION."
  value       = local.new_revisions
}

output "buckets" {
  description = "The buckets' names, by how they are declared."
  value       = { for name, bucket in google_storage_bucket.declared : name => bucket.name }
}

output "event_subscriptions" {
  description = "Subscriptions that Eventarc made for its triggers, with spaces between: pipeline/finish.sh gives them retries and dead letters, which Eventarc's API cannot."
  value = join(" ", [
    for trigger in concat(values(google_eventarc_trigger.document), values(google_eventarc_trigger.object)) :
    trigger.transport[0].pubsub[0].subscription
  ])
}

output "service_accounts" {
  description = "The functions' service accounts."
  value       = { for name, account in google_service_account.function : name => account.email }
}
