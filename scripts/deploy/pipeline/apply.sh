#!/bin/sh
# Applies the Terraform files with CANARY_PERCENT of the requests on the new revisions: 100 promotes them, 0 rolls back.
# PROJECT, REGION, ENVIRONMENT and RELEASE say what of; PLAN=1 only shows what would be done; REGIONS is a list as JSON.
set -eu
here=$(pwd)
area=$(cat .build/deploy/area.txt)
cd scripts/deploy/terraform
terraform init -input=false -reconfigure -backend-config "bucket=$PROJECT-terraform" -backend-config "prefix=$ENVIRONMENT"

# The repository is made before the images that everything else needs.
if ! terraform state list 2> /dev/null | grep -q google_artifact_registry_repository; then
  terraform import -input=false -var-file "$ENVIRONMENT.tfvars" -var-file "$here/.build/deploy/images.tfvars.json" \
    -var "project=$PROJECT" -var "release=$RELEASE" -var "images_area=$area" \
    google_artifact_registry_repository.images "projects/$PROJECT/locations/$area/repositories/virtuoso"
fi

# Several regions from the command line, else those of the environment's file.
set --
if [ -n "${REGIONS:-}" ]; then set -- -var "regions=$REGIONS"; fi

if [ -n "${PLAN:-}" ]; then verb=plan; else verb="apply -auto-approve"; fi
# shellcheck disable=SC2086
terraform $verb -input=false \
  -var-file "$ENVIRONMENT.tfvars" \
  -var-file "$here/.build/deploy/images.tfvars.json" \
  -var-file "$here/.build/deploy/stable.tfvars.json" \
  -var "project=$PROJECT" -var "images_area=$area" \
  -var "release=$RELEASE" -var "canary_percent=$CANARY_PERCENT" "$@"

if [ -z "${PLAN:-}" ]; then terraform output -raw event_subscriptions > "$here/.build/deploy/event-subscriptions.txt"; fi
