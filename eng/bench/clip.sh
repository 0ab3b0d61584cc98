#!/usr/bin/env bash
# Builds the benchmarks and a model of ViT-B/32's size with random weights, then runs one of the models' benchmarks.
# Usage: eng/bench/clip.sh NAME ARGUMENTS…, where @MODEL, @PHOTOS and @VOCABULARY stand for where they are.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
model=$artifacts/models/vit-b-32-random
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
run=(dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll")
"${run[@]}" clip random-model "$model"
arguments=("${@//@MODEL/$model}")
arguments=("${arguments[@]//@PHOTOS/${PHOTOS:-$root/../shared/data/photos}}")
arguments=("${arguments[@]//@VOCABULARY/$root/../shared/data/clip/tokenizer.json}")
exec "${run[@]}" clip "${arguments[@]}"
