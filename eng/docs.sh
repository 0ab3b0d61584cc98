#!/usr/bin/env bash
# Writes the API reference, a site of pages for the browser, from the comments of what is public in the built libraries; docfx makes it.
# A type without a page and a reference that leads nowhere are errors.
#   eng/docs.sh [FOLDER]                 artifacts/docs by default
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$root/eng/setup.sh"
check_sdk
site=${1:-$root/artifacts/docs}
mkdir -p "$site"
site=$(cd "$site" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

libraries=()
for api in src/*/PublicAPI.Unshipped.txt executors/*/PublicAPI.Unshipped.txt; do
  folder=$(dirname "$api")
  project=$(basename "$folder")
  case $folder in src/*) assembly=$project ;; *) assembly=FlowKit.Executors.$project ;; esac
  built=artifacts/bin/$project/release/$assembly.dll
  [ -e "$built" ] || dotnet build "$folder" -c Release -v quiet -clp:NoSummary
  libraries+=("\"$built\"")
done
cat >"$work/docfx.json" <<CONFIG
{
  "metadata": [{
    "src": [{ "src": "$root", "files": [$(IFS=,; echo "${libraries[*]}")] }],
    "dest": "api", "namespaceLayout": "nested", "memberLayout": "samePage"
  }],
  "build": {
    "content": [{ "files": ["api/*.yml", "index.md", "toc.yml"] }],
    "output": "site", "template": ["default", "modern"],
    "globalMetadata": { "_appName": "FlowKit", "_appTitle": "FlowKit", "_enableSearch": true, "_disableContribution": true }
  }
}
CONFIG
printf -- '- name: API\n  href: api/\n' >"$work/toc.yml"
cp eng/docs/index.md "$work/index.md"
dotnet tool restore -v quiet >"$work/log"
dotnet tool run docfx "$work/docfx.json" --warningsAsErrors >>"$work/log" || { cat "$work/log" >&2; exit 1; }

# The lines of PublicAPI.*.txt that are names alone are the types.
missing=$(sed -nE 's/^((FlowKit|Aspire)[A-Za-z0-9_.]*)(<([^<>()]*)>)?\r?$/\1 \4/p' src/*/PublicAPI.*.txt executors/*/PublicAPI.*.txt | sort -u \
  | while read -r type parameters; do
      commas=${parameters//[^,]/}
      page=$type${parameters:+-$((${#commas} + 1))}
      [ -e "$work/site/api/$page.html" ] || echo "$page"
    done)
[ -z "$missing" ] || { printf 'error: no page tells of\n%s\n' "$missing" >&2; exit 1; }
rm -rf "${site:?}"/*
cp -r "$work/site/." "$site/"
echo "$(find "$site/api" \( -name 'FlowKit*.html' -o -name 'Aspire*.html' \) | wc -l) pages: $site/index.html"
