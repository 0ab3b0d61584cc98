#!/usr/bin/env bash
# Writes each library's PublicAPI.Unshipped.txt anew from what the compiler says is public. What PublicAPI.Shipped.txt has stays there.
#   eng/api.sh [PROJECT...]              a library's project file; all of them by default
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$root/eng/setup.sh"
check_sdk
projects=("$@")
[ $# -gt 0 ] || projects=("$root"/src/*/*.csproj "$root"/executors/*/*.csproj)
# Without its lines every public member is reported, and with an empty file nothing that is gone.
for project in "${projects[@]}"; do
  case $project in */FlowKit.csproj | */FlowKit.Cli.csproj) continue ;; esac
  folder=$(dirname "$project")
  for file in Shipped Unshipped; do
    [ "$file" = Shipped ] && [ -e "$folder/PublicAPI.Shipped.txt" ] || echo '#nullable enable' >"$folder/PublicAPI.$file.txt"
  done
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in "${projects[@]}"; do
  case $project in */FlowKit.csproj | */FlowKit.Cli.csproj) continue ;; esac
  folder=$(cd "$(dirname "$project")" && pwd)
  # Errors that are not about the API end the script; the library is compiled alone, against what was compiled before it.
  if ! dotnet build "$project" -c Release -v quiet -clp:NoSummary -t:Rebuild -p:BuildProjectReferences=false -p:WarningsNotAsErrors=RS0016%3BRS0017 >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
  sed -n "s/.*: warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" "$log" | LC_ALL=C sort -u >>"$folder/PublicAPI.Unshipped.txt"
  echo "$(basename "$project" .csproj): $(($(wc -l <"$folder/PublicAPI.Unshipped.txt") - 1)) members"
done
