#!/usr/bin/env bash
# R3: requests per second of a no-op flow over HTTP against bare Kestrel that answers the same bytes; wrk (Debian's package) takes turns between them.
# Usage: eng/bench/r3.sh [turns] [connections] [seconds]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
turns=${1:-7} connections=${2:-64} seconds=${3:-2}
command -v wrk >/dev/null || { echo "error: wrk is needed: apt-get install wrk" >&2; exit 2; }
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
work=$(mktemp -d)
trap 'exec 9>&-; wait; rm -rf "$work"' EXIT
mkfifo "$work/in"
dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" http-contenders <"$work/in" >"$work/addresses" &
exec 9>"$work/in"
until [ "$(wc -l <"$work/addresses")" -ge 2 ]; do kill -0 $! || exit 1; sleep 0.1; done
run() {
  wrk -t1 -c"$connections" -d"$2"s --latency -s "$root/eng/bench/post.lua" "$(awk -v name="$1" '$1 == name { print $2 }' "$work/addresses")" >"$work/out"
  ! grep -q 'Non-2xx\|Socket errors' "$work/out" || { cat "$work/out" >&2; exit 1; }
  awk -v name="$1" '/Requests\/sec/ { rate = $2 } $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 } END { print name, rate, p50, p99 }' "$work/out"
}
for name in flow echo flow echo; do run "$name" 4 >/dev/null; done
for _ in $(seq "$turns"); do run flow "$seconds"; run echo "$seconds"; done >"$work/turns"
awk -v goal=0.6 '
  function median(list, count,   i, j, swap) { for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (list[j] < list[i]) { swap = list[i]; list[i] = list[j]; list[j] = swap } return (list[int((count + 1) / 2)] + list[int((count + 2) / 2)]) / 2 }
  { n[$1]++; rate[$1, n[$1]] = $2; line[$1] = line[$1] sprintf(" %.0f", $2); p[$1] = $3 "/" $4 }
  END {
    for (i = 1; i <= n["flow"]; i++) { ratio[i] = rate["flow", i] / rate["echo", i]; flow[i] = rate["flow", i]; echo[i] = rate["echo", i] }
    printf "flow: median %.0f requests/s (%s), last p50/p99 %s\necho: median %.0f requests/s (%s), last p50/p99 %s\n", median(flow, n["flow"]), substr(line["flow"], 2), p["flow"], median(echo, n["echo"]), substr(line["echo"], 2), p["echo"]
    r = median(ratio, n["flow"]); printf "R3 %.2f (goal >= %.2f) %s\n", r, goal, (r >= goal ? "ok" : "short")
  }' "$work/turns"
