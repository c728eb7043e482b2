#!/usr/bin/env bash
# Claims what all services on one engine share: the registry, its cache, and the kit's volumes. A claim is an empty volume on the
# engine, labelled with the state directory, so it is in the same place as what is shared.
#
#   kit/claims.sh make      claims it for this state directory
#   kit/claims.sh drop      gives up this state directory's claim
#   kit/claims.sh others    prints the other state directories with a claim; exits with 1 if there are none
#
#   CAISSON_HOME   the state directory (/var/lib/caisson)     CAISSON_REGISTRY_NAME   the registry's container (caisson-registry)
set -euo pipefail
home=${CAISSON_HOME:-/var/lib/caisson}
label=dev.caisson.claim.${CAISSON_REGISTRY_NAME:-caisson-registry}
claim=${CAISSON_REGISTRY_NAME:-caisson-registry}-claim-$(cksum <<<"$home" | cut -d' ' -f1)

# The directory is made, too: a claim of one that is not there counts for nothing.
make() {
  mkdir -p "$home"
  docker volume create --label "$label=$home" "$claim" >/dev/null
}
drop() { docker volume rm -f "$claim" >/dev/null; }

others() {
  local volume claimant found=1
  while read -r volume; do
    [ "$volume" != "$claim" ] || continue
    claimant=$(docker volume inspect -f "{{index .Labels \"$label\"}}" "$volume" 2>/dev/null) || continue
    # A state directory that is gone had no time to say so.
    if [ ! -d "$claimant" ]; then
      docker volume rm -f "$volume" >/dev/null
      continue
    fi
    printf '%s\n' "$claimant"
    found=0
  done < <(docker volume ls -q --filter "label=$label")
  return "$found"
}

case ${1:-} in
  make | drop | others) "$1" ;;
  *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; exit 2 ;;
esac
