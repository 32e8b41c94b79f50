#!/bin/sh
# Makes what must be there before everything else: the bucket of Terraform's state, and the repository of images.
set -eu
state="gs://$PROJECT-terraform"
if ! gcloud storage buckets describe "$state" --project "$PROJECT" > /dev/null 2>&1; then
  gcloud storage buckets create "$state" --project "$PROJECT" --location "$REGION" --uniform-bucket-level-access
  gcloud storage buckets update "$state" --versioning
fi
if ! gcloud artifacts repositories describe virtuoso --project "$PROJECT" --location "$REGION" > /dev/null 2>&1; then
  gcloud artifacts repositories create virtuoso --project "$PROJECT" --location "$REGION" --repository-format docker
fi
gcloud auth configure-docker "$REGION-docker.pkg.dev" --quiet

# Which revisions take the requests now: those that a canary shares with, and that a roll-back goes back to.
mkdir -p .build/deploy
gcloud run services list --project "$PROJECT" --format json > .build/deploy/services.json
