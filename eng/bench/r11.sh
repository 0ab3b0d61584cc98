#!/bin/sh
# R11: decode + resize + crop + normalise of real photos on one core, FlowKit against Pillow, taking turns.
# Usage: eng/bench/r11.sh [photos] [repeats]      ARTIFACTS=folder builds elsewhere than in artifacts/
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
photos=${1:-$root/../shared/data/photos}
repeats=${2:-7}
artifacts=${ARTIFACTS:-$root/artifacts}
model=${MODEL:-$root/../shared/prototypes/tiny-clip/out}

if ! /usr/bin/python3 -c 'import PIL, numpy' 2>/dev/null; then
    apt-get install -y --no-install-recommends python3-pil python3-numpy
fi
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
ours=$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll
count=$(find "$photos" -name '*.jpg' | wc -l)
/usr/bin/python3 "$root/eng/bench/preprocess/turns.py" --repeats "$repeats" --photos "$count" \
    "[\"dotnet\", \"$ours\", \"preprocess\", \"$photos\"]" \
    "[\"/usr/bin/python3\", \"$root/eng/bench/preprocess/peer.py\", \"$photos\"]"
if [ -d "$model" ]; then
    dotnet "$ours" fast-cosine "$photos" "$model"
fi
