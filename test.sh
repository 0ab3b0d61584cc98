#!/usr/bin/env bash
# Runs every test. Options go to `dotnet test`, for example --filter CommandLine. The last line counts them all.
# With --coverage first, what they run is measured, into artifacts/coverage; a whole run (no other option) must reach eng/coverage/floors.txt.
set -uo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
. "$root/eng/setup.sh"
device=$(choose_device) || exit 1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
cd "$root"
# Warnings are errors in every project; one build, then the test assemblies one after another, since they share two cores.
build FlowKit.sln "$(grep -c csproj FlowKit.sln)" "$device" || exit 1
export FLOWKIT_DEVICE=$device
coverage=()
if [ "${1:-}" = --coverage ]; then
  shift
  rm -rf artifacts/coverage
  coverage=(--collect "XPlat Code Coverage" --settings eng/coverage/coverage.runsettings)
fi
status=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  case $name in *.Tests | FlowKit.Specs) ;; *) continue ;; esac
  echo "== $name"
  dotnet test "$project" -c Release --no-build -v quiet --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
    --results-directory "$results" --blame-hang-timeout 10m "${coverage[@]}" "$@" || status=1
done
if [ ${#coverage[@]} -gt 0 ]; then
  echo "== coverage"
  mkdir -p artifacts/coverage
  for report in "$results"/*/coverage.json; do
    [ -e "$report" ] && cp "$report" "artifacts/coverage/$(basename "$(dirname "$report")").json"
  done
  judge=()
  [ $# -eq 0 ] || judge=(--no-floors)
  dotnet artifacts/bin/Coverage/release/Coverage.dll . artifacts/coverage "${judge[@]}" || status=1
fi
# Every skipped test with its reason, then the sum.
grep -ho 'testName="[^"]*"[^>]*outcome="NotExecuted"' "$results"/*.trx | sed 's/.*testName="\([^"]*\)".*/skipped: \1/' || true
count() { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk "{ sum += \$1 } END { print sum + 0 }"; }
total=$(count total) passed=$(count passed) executed=$(count executed)
failed=$((executed - passed))
[ "$executed" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $((total - executed)) skipped"
exit $status
