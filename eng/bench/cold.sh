#!/usr/bin/env bash
# Time to the first embedding of a process that has just started, against one with a bare session and its ids at hand.
# Usage: eng/bench/cold.sh [turns]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
model=$artifacts/models/vit-b-32-random
"$root/eng/bench/clip.sh" random-model "$model"
once() {
  local begin
  begin=$(date +%s%N)
  dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" clip "$1" "$model" >/dev/null
  echo $((($(date +%s%N) - begin) / 1000000))
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ours=() bare=()
for _ in $(seq "${1:-5}"); do
  ours+=("$(once first-embedding)")
  bare+=("$(once bare-embedding)")
done
o=$(printf '%s\n' "${ours[@]}" | median) b=$(printf '%s\n' "${bare[@]}" | median)
echo "ours: median $o ms; bare session: median $b ms, ${#ours[@]} turns"
awk -v o="$o" -v b="$b" 'BEGIN { printf "cold %.2f (goal <= 1.30) %s\n", o / b, o / b <= 1.3 ? "ok" : "short" }'
