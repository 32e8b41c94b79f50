resource "google_pubsub_topic" "budgets" {
  name = "budget-alerts"

  depends_on = [google_project_service.api]
}

resource "google_pubsub_topic_iam_member" "billing_tells" {
  topic  = google_pubsub_topic.budgets.id
  role   = "roles/pubsub.publisher"
  member = local.agents.billing
}

resource "google_billing_budget" "monthly" {
  for_each = var.billing_account == "" ? {} : var.budgets

  billing_account = var.billing_account
  display_name    = "virtuoso ${var.environment}: ${each.key}"

  budget_filter {
    projects        = ["projects/${local.number}"]
    calendar_period = "MONTH"
  }

  amount {
    specified_amount {
      currency_code = "USD"
      units         = tostring(each.value)
    }
  }

  # When all of it is spent, and when it looks as if it would be.
  threshold_rules {
    threshold_percent = 1
    spend_basis       = "CURRENT_SPEND"
  }

  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    pubsub_topic   = google_pubsub_topic.budgets.id
    schema_version = "1.0"
    # Beside the administrators of the billing account; five are all that a budget takes.
    monitoring_notification_channels = slice(local.told, 0, min(5, length(local.told)))
  }
}
