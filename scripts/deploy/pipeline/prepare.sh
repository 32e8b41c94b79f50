#!/bin/sh
# Makes what must be there before everything else: the bucket of Terraform's state, and the repository of images.
set -eu
# Both must outlive a region: they are in the area that it is in.
case "$REGION" in
  europe-* | me-* | africa-*) area=europe bucket_area=eu ;;
  asia-* | australia-*) area=asia bucket_area=asia ;;
  *) area=us bucket_area=us ;;
esac
mkdir -p .build/deploy
printf %s "$area" > .build/deploy/area.txt

state="gs://$PROJECT-terraform"
if ! gcloud storage buckets describe "$state" --project "$PROJECT" > /dev/null 2>&1; then
  gcloud storage buckets create "$state" --project "$PROJECT" --location "$bucket_area" --uniform-bucket-level-access
  gcloud storage buckets update "$state" --versioning
fi
if ! gcloud artifacts repositories describe virtuoso --project "$PROJECT" --location "$area" > /dev/null 2>&1; then
  gcloud artifacts repositories create virtuoso --project "$PROJECT" --location "$area" --repository-format docker
fi
gcloud auth configure-docker "$area-docker.pkg.dev" --quiet

# Which revisions take the requests now: those that a canary shares with, and that a roll-back goes back to.
gcloud run services list --project "$PROJECT" --format json > .build/deploy/services.json
