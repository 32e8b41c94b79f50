#!/bin/sh
# Has Terraform evaluate every expression of its files for each environment, and with everything that can be set set. It
# needs no provider, no network and no project: `node scripts/deploy/evaluate/run.ts` has written files without any.
set -eu
cd .build/evaluate
terraform init -input=false > /dev/null
for values in staging.tfvars production.tfvars "production.tfvars -var-file everything.tfvars"; do
  echo "$values"
  # shellcheck disable=SC2086
  terraform plan -input=false -lock=false -no-color -var-file release.tfvars.json -var-file $values > plan.txt 2>&1 || {
    grep -A 12 '^Error' plan.txt >&2
    exit 1
  }
  grep '^Plan:' plan.txt
done
