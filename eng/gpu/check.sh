#!/usr/bin/env bash
# Measures the models on this machine's GPU: pictures and texts per second at batches of 1 to 256 in fp32 and fp16, how busy the image tower keeps the device, and two executors on one device.
# Usage: eng/gpu/check.sh [model folder]      DEVICE=cuda:1 takes another device, FLOWKIT_CUDA_PLUGIN=library.so a plug-in provider, SECONDS_EACH=1 a shorter look
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
device=${DEVICE:-cuda:0}
each=${SECONDS_EACH:-3}
case $device in
  *:*) number=${device#*:} ;;
  *) number=0 ;;
esac
if ! command -v nvidia-smi >/dev/null || ! nvidia-smi -L >/dev/null 2>&1; then
  echo "error: nvidia-smi finds no GPU; install the NVIDIA driver, or give the container a device." >&2
  exit 1
fi
if ! nvidia-smi --id="$number" --query-gpu=index,name,driver_version,memory.total --format=csv; then
  echo "error: there is no GPU $number for DEVICE=$device; nvidia-smi -L lists those there are." >&2
  exit 1
fi

. "$root/eng/setup.sh"
if [ -n "${FLOWKIT_CUDA_PLUGIN:-}" ]; then
  artifacts=${ARTIFACTS:-$root/artifacts}
  [ -e "$FLOWKIT_CUDA_PLUGIN" ] || { echo "error: FLOWKIT_CUDA_PLUGIN=$FLOWKIT_CUDA_PLUGIN is not there." >&2; exit 1; }
  provider=$FLOWKIT_CUDA_PLUGIN
else
  # A folder of its own, so that the program's own build for another device stays.
  artifacts=${ARTIFACTS:-$root/artifacts/gpu}
  export FLOWKIT_DEVICE=cuda
fi
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
bin=$artifacts/bin/FlowKit.Benchmarks/release
provider=${provider:-$(find "$bin" -name libonnxruntime_providers_cuda.so -print -quit)}
if [ -n "$provider" ] && missing=$(LD_LIBRARY_PATH="$(dirname "$provider"):${LD_LIBRARY_PATH:-}" ldd "$provider" | grep 'not found'); then
  echo "error: $provider needs what is not on LD_LIBRARY_PATH:" >&2
  echo "$missing" >&2
  exit 1
fi
run=(dotnet "$bin/FlowKit.Benchmarks.dll" clip)
model=${1:-$artifacts/models/vit-b-32-random}
[ "$#" -gt 0 ] || "${run[@]}" random-model "$model"

watched=$(mktemp -d)
watcher='' load=''
trap 'kill ${watcher:-} ${load:-} 2>/dev/null || true; rm -rf "$watched"' EXIT

echo "== one executor on $device"
"${run[@]}" device "$model" "$device" "$each"

# Only while the image tower is at work: from when it says so, for as long as it goes on.
echo "== how busy the image tower keeps $device"
"${run[@]}" device-load "$model" "$device" "$((each * 4))" >"$watched/load" &
load=$!
while ! grep -q '^working' "$watched/load"; do
  kill -0 "$load" 2>/dev/null || { wait "$load"; exit 1; }
  sleep 0.1
done
nvidia-smi --id="$number" --query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits --loop-ms=200 >"$watched/samples" &
watcher=$!
sleep "$((each * 4 - 1))"
kill "$watcher"
wait "$watcher" 2>/dev/null || true
wait "$load"
load=''
cat "$watched/load"
awk -F, 'NR > 1 { n++; busy += $1; if ($2 + 0 > most) most = $2 + 0 } END { if (!n) { print "error: nvidia-smi gave no samples" > "/dev/stderr"; exit 1 } share = busy / n; printf "busy %.0f %% (goal >= 90) %s, %d MiB at most, %d samples\n", share, (share >= 90 ? "ok" : "short"), most, n }' "$watched/samples"

echo "== two executors on $device"
"${run[@]}" device "$model" "$device" "$each" >"$watched/first" &
load=$!
"${run[@]}" device "$model" "$device" "$each" >"$watched/second"
wait "$load"
load=''
paste "$watched/first" "$watched/second"
