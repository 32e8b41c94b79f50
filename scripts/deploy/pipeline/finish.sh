#!/bin/sh
# What Terraform cannot say: retries and dead letters of the subscriptions that Eventarc makes for its triggers, and the
# tag `latest` of the images that take all requests now.
set -eu
folder=.build/deploy
registry="$(cat "$folder/area.txt")-docker.pkg.dev/$PROJECT/virtuoso"
tr ' ' '\n' < "$folder/event-subscriptions.txt" | grep . | while read -r subscription; do
  gcloud pubsub subscriptions update "$subscription" --project "$PROJECT" \
    --dead-letter-topic dead-letters --max-delivery-attempts 5 --min-retry-delay 10s --max-retry-delay 600s
done

while read -r name image; do
  gcloud artifacts docker tags add "$image" "$registry/$name:latest"
done < "$folder/images.txt"
