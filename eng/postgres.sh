#!/usr/bin/env bash
# A PostgreSQL with pgvector of its own for tests, which listens on a socket in its folder alone.
#   eng/postgres.sh build           makes pgvector where the server lacks it: from PGVECTOR_SOURCE, or else from Debian's archive of sources,
#                                   by the mirror that apt uses
#   eng/postgres.sh start FOLDER    makes an empty server in a folder, starts it and prints its connection string
#   eng/postgres.sh stop FOLDER     stops it, and removes the folder
set -euo pipefail

version=0.8.0
sha256=867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0
fail() { echo "error: $*" >&2; exit 1; }

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$bin" ] && command -v pg_config >/dev/null; then bin=$(pg_config --bindir); fi
[ -n "$bin" ] && [ -x "$bin/postgres" ] || fail "there is no PostgreSQL here; install it (Debian: postgresql-15)."

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

share() {
  local config="$bin/pg_config"
  if [ -x "$config" ]; then "$config" --sharedir; else echo "/usr/share/postgresql/$(basename "$(dirname "$bin")")"; fi
}

has_vector() { [ -e "$(share)/extension/vector.control" ]; }

case ${1:-} in
  build)
    if has_vector; then exit 0; fi
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    if [ -n "${PGVECTOR_SOURCE:-}" ]; then
      if [ -e "$PGVECTOR_SOURCE/Makefile" ]; then
        cp -R "$PGVECTOR_SOURCE/." "$work/"
      else
        git -C "$PGVECTOR_SOURCE" archive HEAD | tar -x -C "$work"
      fi
    else
      for mirror in $(apt-cache policy | grep -o 'https\?://[^ ]*' | sort -u); do
        curl -sf --max-time 120 -o "$work/source.tar.gz" "$mirror/pool/main/p/pgvector/pgvector_$version.orig.tar.gz" && break
      done
      echo "$sha256  $work/source.tar.gz" | sha256sum --check --quiet
      tar -xzf "$work/source.tar.gz" -C "$work" --strip-components 1
    fi
    make -C "$work" -s PG_CONFIG="$bin/pg_config" with_llvm=no >/dev/null
    make -C "$work" -s PG_CONFIG="$bin/pg_config" with_llvm=no install >/dev/null
    ;;
  start)
    folder=${2:?a folder}
    has_vector || fail "PostgreSQL has no pgvector here; 'eng/postgres.sh build' makes it."
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
    as_server "$bin/initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C --no-sync >/dev/null
    as_server "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/log" \
      -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c max_connections=100" start >/dev/null
    echo "Host=$folder;Username=postgres;Database=postgres"
    ;;
  stop)
    folder=${2:?a folder}
    as_server "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
    ;;
  *)
    sed -n '2,6p' "$0" >&2
    exit 2
    ;;
esac
