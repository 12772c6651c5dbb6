#!/bin/bash
# Runs a command against a PostgreSQL 15 of its own, which ends with the command:
#     tools/postgres15.sh make test-integration
# DATABASE_URL names it. Needs Debian's package postgresql-15 (POSTGRES_BIN names another place of its programs).
set -euo pipefail

bin=${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}
if [ ! -x "$bin/initdb" ]; then
    echo "There is no PostgreSQL in $bin. On Debian: apt install postgresql-15" >&2
    exit 1
fi

# PostgreSQL refuses to be root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

work=$(mktemp -d)
stop() {
    as_owner "$bin/pg_ctl" --silent --wait --mode immediate --pgdata "$work/data" stop || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ "$(id -u)" = 0 ]; then chown postgres "$work"; fi

as_owner "$bin/initdb" --auth trust --username postgres --encoding UTF8 --locale C.UTF-8 --no-sync --pgdata "$work/data" \
    > "$work/initdb.log" || { cat "$work/initdb.log" >&2; exit 1; }
as_owner tee -a "$work/data/postgresql.conf" > /dev/null <<EOF2
listen_addresses = ''
unix_socket_directories = '$work'
max_connections = 400
# It lives no longer than the command: nothing of it has to outlast the machine.
fsync = off
full_page_writes = off
EOF2
as_owner "$bin/pg_ctl" --silent --wait --pgdata "$work/data" --log "$work/log" start || { cat "$work/log" >&2; exit 1; }
chmod 755 "$work"

DATABASE_URL="postgresql://postgres@/postgres?host=$work" "$@"
