#!/usr/bin/env bash
# Listens where a broker does, tells each caller the addresses that it was told to advertise, and says so in Kafka's words.
set -euo pipefail
# shellcheck disable=SC2016
socat -d -d TCP-LISTEN:9092,fork,reuseaddr 'SYSTEM:echo $KAFKA_ADVERTISED_LISTENERS' 2>&1 \
  | sed -u 's/.*listening on.*/Transitioning from RECOVERY to RUNNING/'
