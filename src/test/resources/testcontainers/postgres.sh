#!/usr/bin/env bash
# Begins as the official image does: a user, its password and its database from the environment, made by a server that only
# this script reaches; then the server that was asked for.
set -euo pipefail
printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
initdb --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 >/dev/null
rm /tmp/password
printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
pg_ctl -w -o "-k /tmp -c listen_addresses=" start
createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
pg_ctl -w -m fast stop
exec "$@" -k /tmp -c 'listen_addresses=*'
