#!/usr/bin/env bash
# R4: unary gRPC requests per second of a no-op flow against bare Kestrel over HTTP/2 that answers the same bytes; h2load (Debian's nghttp2-client) takes turns between them.
# Usage: eng/bench/r4.sh [turns] [connections] [streams of each] [seconds]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
turns=${1:-7} connections=${2:-4} streams=${3:-16} seconds=${4:-2}
command -v h2load >/dev/null || { echo "error: h2load is needed: apt-get install nghttp2-client" >&2; exit 2; }
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
work=$(mktemp -d)
trap 'exec 9>&-; wait; rm -rf "$work"' EXIT
mkfifo "$work/in"
dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" grpc-contenders "$work/request" <"$work/in" >"$work/addresses" &
exec 9>"$work/in"
until [ "$(wc -l <"$work/addresses")" -ge 2 ]; do kill -0 $! || exit 1; sleep 0.1; done
run() {
  h2load -t1 -c"$connections" -m"$streams" -D"$2" --warm-up-time=0 -d "$work/request" -H 'content-type: application/grpc' -H 'te: trailers' \
    "$(awk -v name="$1" '$1 == name { print $2 }' "$work/addresses")" >"$work/out"
  grep -Eq '^requests: .* 0 failed, 0 errored, 0 timeout' "$work/out" || { cat "$work/out" >&2; exit 1; }
  awk -v name="$1" '/^finished in/ { rate = $4 } /^time for request:/ { mean = $6 } END { print name, rate, mean }' "$work/out"
}
for name in flow echo flow echo; do run "$name" 4 >/dev/null; done
for _ in $(seq "$turns"); do run flow "$seconds"; run echo "$seconds"; done >"$work/turns"
awk -v goal=0.6 '
  function median(list, count,   i, j, swap) { for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (list[j] < list[i]) { swap = list[i]; list[i] = list[j]; list[j] = swap } return (list[int((count + 1) / 2)] + list[int((count + 2) / 2)]) / 2 }
  { n[$1]++; rate[$1, n[$1]] = $2; line[$1] = line[$1] sprintf(" %.0f", $2); mean[$1] = $3 }
  END {
    for (i = 1; i <= n["flow"]; i++) { ratio[i] = rate["flow", i] / rate["echo", i]; flow[i] = rate["flow", i]; echo[i] = rate["echo", i] }
    printf "flow: median %.0f requests/s (%s), last mean %s\necho: median %.0f requests/s (%s), last mean %s\n", median(flow, n["flow"]), substr(line["flow"], 2), mean["flow"], median(echo, n["echo"]), substr(line["echo"], 2), mean["echo"]
    r = median(ratio, n["flow"]); printf "R4 %.2f (goal >= %.2f) %s\n", r, goal, (r >= goal ? "ok" : "short")
  }' "$work/turns"
