#!/bin/sh
# Makes an image of each bundle, pushes it, and writes down the digests: what is deployed is named by them.
# PROJECT and RELEASE say where to and as what; prepare.sh has found out the area.
set -eu
registry="$(cat .build/deploy/area.txt)-docker.pkg.dev/$PROJECT/virtuoso"
list=.build/deploy/images.txt
: > "$list"

for bundle in .build/*/package.json; do
  folder=$(dirname "$bundle")
  name=$(basename "$folder")
  # What an interrupted build has left behind is no function.
  if [ ! -d "functions/$name" ]; then continue; fi
  image="$registry/$name"
  docker build --quiet --build-arg "FUNCTION=$name" --tag "$image:$RELEASE" --file scripts/deploy/Dockerfile "$folder"
  docker push --quiet "$image:$RELEASE"
  digest=$(docker inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$image:$RELEASE" | grep "^$image@" | head -n 1)
  printf '%s %s\n' "$name" "$digest" >> "$list"
done

awk 'BEGIN { printf "{\"images\": {" }
  { printf "%s\"%s\": \"%s\"", (NR > 1 ? ", " : ""), $1, $2 }
  END { print "}}" }' "$list" > .build/deploy/images.tfvars.json
