#!/usr/bin/env bash
# Puts docker compose, a plugin of docker's command, where that finds it, unless it has one: out of Debian's archive, by the mirror that
# apt uses. This Debian's own is the Python program before it.
#   eng/compose.sh [FOLDER]              /usr/local/lib/docker/cli-plugins by default
set -euo pipefail

version=2.26.1-4
sha256=47681197cb2b1ab88206b42a1a92fc75f50d9530a6322d03494a473eed0408ea
fail() { echo "error: $*" >&2; exit 1; }

folder=${1:-/usr/local/lib/docker/cli-plugins}
if docker compose version >/dev/null 2>&1 || [ -x "$folder/docker-compose" ]; then exit 0; fi
[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || fail "this is no Debian on x86-64; install docker compose by other means."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for mirror in $(apt-cache policy | grep -o 'https\?://[^ ]*' | sort -u); do
  curl -sf --max-time 120 -o "$work/compose.deb" "$mirror/pool/main/d/docker-compose/docker-compose_${version}_amd64.deb" && break
done
[ -e "$work/compose.deb" ] || fail "no mirror of Debian's has docker-compose $version."
echo "$sha256  $work/compose.deb" | sha256sum --check --quiet
dpkg-deb -x "$work/compose.deb" "$work"
mkdir -p "$folder"
install -m 755 "$work/usr/libexec/docker/cli-plugins/docker-compose" "$folder/docker-compose"
