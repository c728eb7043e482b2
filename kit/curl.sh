#!/usr/bin/env bash
# Sourced by the scripts that call the service.

# with_key KEY ARGUMENT…: curl with the service's key in a header that it reads from a pipe: every user of a machine sees arguments.
with_key() { curl -H @<(printf 'Authorization: Bearer %s\n' "$1") "${@:2}"; }
