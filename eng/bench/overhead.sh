#!/usr/bin/env bash
# What watching costs: requests per second over HTTP of a no-op flow with nothing on, with metrics scraped, and with traces of 1 % and of all requests
# beside them, each in a process of its own, loaded in turns by wrk (Debian's package). "again" is the first once more: the noise of the machine.
# Usage: eng/bench/overhead.sh [turns] [connections] [seconds]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
turns=${1:-9} connections=${2:-64} seconds=${3:-2}
command -v wrk >/dev/null || { echo "error: wrk is needed: apt-get install wrk" >&2; exit 2; }
for project in src/FlowKit.Cli/FlowKit.Cli.csproj tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj; do
  dotnet build "$root/$project" -c Release -v q --artifacts-path "$artifacts" >&2
done
work=$(mktemp -d)
pids=()
trap 'exec 9>&-; [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null; wait; rm -rf "$work"' EXIT

# Bare Kestrel, which answers whatever comes, takes the traces.
mkfifo "$work/in"
dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" http-contenders <"$work/in" >"$work/addresses" &
exec 9>"$work/in"
until [ "$(wc -l <"$work/addresses")" -ge 2 ]; do kill -0 $! || exit 1; sleep 0.1; done
sink=$(awk '$1 == "echo" { print $2 }' "$work/addresses")
printf 'jtype: Flow\nexecutors: [{name: e0, uses: BaseExecutor}]\n' >"$work/flow.yml"
start() {
  local name=$1; shift
  : >"$work/$name.log"
  env "$@" dotnet "$artifacts/bin/FlowKit.Cli/release/flowkit.dll" run "$work/flow.yml" --port 0 --workspace "$work/$name" >"$work/$name.log" 2>&1 &
  pids+=($!)
  until grep -q 'ready to serve at' "$work/$name.log"; do kill -0 $! || { cat "$work/$name.log" >&2; exit 1; }; sleep 0.1; done
  grep -o 'ready to serve at [^ ]*' "$work/$name.log" | sed 's/.* //; s/\.$//; s#/$##' >"$work/$name.url"
}
traces=(OTEL_EXPORTER_OTLP_ENDPOINT="${sink%/}" OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none)
start off FLOWKIT_OVERHEAD=off
start again FLOWKIT_OVERHEAD=off
start metrics FLOWKIT_OVERHEAD=metrics
start traces1 "${traces[@]}" OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0.01
start traces100 "${traces[@]}" OTEL_TRACES_SAMPLER=parentbased_always_on
run() {
  local url; url=$(cat "$work/$1.url")
  case $1 in off|again) ;; *) curl -sf "$url/metrics" >/dev/null ;; esac
  wrk -t1 -c"$connections" -d"$2"s -s "$root/eng/bench/post.lua" "$url/post" >"$work/out"
  ! grep -q 'Non-2xx\|Socket errors' "$work/out" || { cat "$work/out" >&2; exit 1; }
  awk -v name="$1" '/Requests\/sec/ { print name, $2 }' "$work/out"
}
ways=(off again metrics traces1 traces100)
for name in "${ways[@]}" "${ways[@]}"; do run "$name" 4 >/dev/null; done
for _ in $(seq "$turns"); do for name in "${ways[@]}"; do run "$name" "$seconds"; done; done >"$work/turns"
awk '
  function median(list, count,   i, j, swap) { for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (list[j] < list[i]) { swap = list[i]; list[i] = list[j]; list[j] = swap } return (list[int((count + 1) / 2)] + list[int((count + 2) / 2)]) / 2 }
  { n[$1]++; rate[$1, n[$1]] = $2 }
  END {
    split("off again metrics traces1 traces100", ways, " ")
    for (w = 1; w <= 5; w++) {
      for (i = 1; i <= n["off"]; i++) { own[i] = rate[ways[w], i]; share[i] = rate[ways[w], i] / rate["off", i] }
      printf "%-9s median %.0f requests/s, %.3f of off\n", ways[w], median(own, n["off"]), median(share, n["off"])
    }
  }' "$work/turns"
