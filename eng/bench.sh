#!/usr/bin/env bash
# Measures ratios by their numbers, each interleaved with its limit or peer in one run: eng/bench.sh R6 R11
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
known=$(cd "$root/eng/bench" && ls r[0-9]*.sh flatness.sh branches.sh faults.sh codec.sh tokenizer.sh cache.sh calls.sh cold.sh overhead.sh peer.sh jina.sh | sed 's/\.sh$//; s/^r\([0-9]\)/R\1/' | tr '\n' ' ')
[ $# -gt 0 ] || { echo "usage: eng/bench.sh RATIO…; there are: $known" >&2; exit 2; }
for ratio in "$@"; do
  script="$root/eng/bench/${ratio,,}.sh"
  [ -e "$script" ] || { echo "error: there is no bench for '$ratio'; there are: $known" >&2; exit 2; }
  echo "== $ratio, load average $(cut -d' ' -f1-3 /proc/loadavg)"
  "$script" || exit 1
done
