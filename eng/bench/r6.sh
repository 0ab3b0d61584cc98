#!/usr/bin/env bash
# R6: pictures per second of the whole HTTP flow (uint8 tensors in, embeddings out) against bare InferenceSession.Run at the same batch.
# Usage: eng/bench/r6.sh [repeats]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
"$root/eng/bench/clip.sh" random-model "$artifacts/models/vit-b-32-random"
exec dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" encode "$artifacts/models/vit-b-32-random" "${1:-7}"
