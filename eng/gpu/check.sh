#!/usr/bin/env bash
# Measures the models on this machine's GPU: pictures and texts per second at batches of 1 to 256 in fp32 and fp16, how busy the device is, and two executors on one device.
# Usage: eng/gpu/check.sh [model folder]      DEVICE=cuda:1 takes another device, FLOWKIT_CUDA_PLUGIN=library.so a plug-in provider
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
device=${DEVICE:-cuda:0}
model=${1:-$artifacts/models/vit-b-32-random}
if ! command -v nvidia-smi >/dev/null || ! nvidia-smi -L >/dev/null 2>&1; then
  echo "error: nvidia-smi finds no GPU; install the NVIDIA driver, or give the container a device." >&2
  exit 1
fi
nvidia-smi --query-gpu=index,name,driver_version,memory.total --format=csv
from=()
[ -n "${FLOWKIT_CUDA_PLUGIN:-}" ] || from=(-p:OnnxRuntimeFrom=nuget)
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" "${from[@]}" >&2
run=(dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" clip)
[ "$#" -gt 0 ] || "${run[@]}" random-model "$model"

watched=$(mktemp -d)
trap 'kill "${watcher:-}" 2>/dev/null || true; rm -rf "$watched"' EXIT
watch() {
  nvidia-smi --id="${device#*:}" --query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits --loop-ms=200 >"$watched/$1" &
  watcher=$!
}
report() {
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  awk -F, -v name="$1" '{ n++; if ($1 >= 50) { busy += $1; k++ } if ($2 > most) most = $2 } END { printf "%s: device %.0f %% busy while working, %d MiB at most\n", name, k ? busy / k : 0, most }' "$watched/$1"
}

echo "== one executor on $device"
watch one
"${run[@]}" device "$model" "$device"
report one

echo "== two executors on $device"
watch two
"${run[@]}" device "$model" "$device" >"$watched/first" &
first=$!
"${run[@]}" device "$model" "$device" >"$watched/second"
wait "$first"
paste "$watched/first" "$watched/second"
report two
