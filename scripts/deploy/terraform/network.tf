# For what is reached by private addresses only. The functions' interfaces are in it: no VPC connector, whose machines
# would run and cost day and night (the platform's description has one).
resource "google_compute_network" "internal" {
  name                    = "virtuoso"
  auto_create_subnetworks = false

  depends_on = [google_project_service.api]
}

resource "google_compute_subnetwork" "internal" {
  for_each = { for index, region in var.regions : region => index }

  name    = "virtuoso-${each.key}"
  region  = each.key
  network = google_compute_network.internal.id
  # An instance takes an address or two: 4096 addresses for each region.
  ip_cidr_range            = cidrsubnet("10.128.0.0/12", 8, each.value)
  private_ip_google_access = true
}
