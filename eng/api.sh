#!/usr/bin/env bash
# Writes libraries' PublicAPI.Unshipped.txt anew from what the compiler says is public. What PublicAPI.Shipped.txt has stays there.
#   eng/api.sh [LIBRARY...]              such as FlowKit.Core or Clip; all by default
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$root/eng/setup.sh"
check_sdk
log=$(mktemp)
trap 'rm -f "$log"' EXIT
libraries=()
for project in "$root"/src/*/*.csproj "$root"/executors/*/*.csproj; do
  name=$(basename "$project" .csproj)
  # A program and a package without code have no API.
  case $name in FlowKit | FlowKit.Cli) continue ;; esac
  [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
  libraries+=("$project")
  # With an empty file every public member is reported, and nothing that is gone.
  for file in Shipped Unshipped; do
    path="$(dirname "$project")/PublicAPI.$file.txt"
    [ "$file" = Shipped ] && [ -e "$path" ] || echo '#nullable enable' >"$path"
  done
done
[ ${#libraries[@]} -gt 0 ] || { echo "error: no library is called '$*'; the folders of src and executors have their names." >&2; exit 1; }
for project in "${libraries[@]}"; do
  # A library that another one has brought along is not compiled again, and is in the log already.
  dotnet build "$project" -c Release -v quiet -clp:NoSummary -p:WarningsNotAsErrors=NU1900%3BRS0016 >>"$log" 2>&1 || {
    grep -v 'warning RS0016' "$log" | sort -u >&2
    exit 1
  }
done
for project in "${libraries[@]}"; do
  path="$(dirname "$project")/PublicAPI.Unshipped.txt"
  grep -F "[$project]" "$log" | sed -n "s/.*: warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" | LC_ALL=C sort -u >>"$path" || true
  echo "$(basename "$project" .csproj): $(($(wc -l <"$path") - 1)) members"
done
