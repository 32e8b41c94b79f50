#!/bin/sh
# Makes what must be there before everything else: the bucket of Terraform's state, the repository of images, the accounts of
# Google's services. PLAN=1 leaves out what a plan can do without.
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

# The accounts that Google's own services act by: they come to be when they are first needed, which is later than they are
# given roles.
if [ -z "${PLAN:-}" ]; then
  for service in secretmanager pubsub eventarc; do
    gcloud services enable "$service.googleapis.com" --project "$PROJECT"
    gcloud beta services identity create --service "$service.googleapis.com" --project "$PROJECT" > /dev/null
  done
fi

# Which revisions take the requests now: those that a canary shares with, and that a roll-back goes back to.
gcloud run services list --project "$PROJECT" --format json > .build/deploy/services.json
