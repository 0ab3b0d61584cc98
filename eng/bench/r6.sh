#!/usr/bin/env bash
# R6: pictures per second of the whole HTTP flow (uint8 tensors in, embeddings out) against bare InferenceSession.Run at the same batch.
# Usage: eng/bench/r6.sh [repeats]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
model=$artifacts/models/vit-b-32-random
if ! /usr/bin/python3 -c 'import onnx, numpy' 2>/dev/null; then
  apt-get install -y --no-install-recommends python3-onnx python3-numpy
fi
[ -e "$model/visual.onnx" ] || /usr/bin/python3 "$root/eng/bench/encode/vit_b32.py" "$model"
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
exec dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" encode "$model" "${1:-7}"
