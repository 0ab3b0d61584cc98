#!/usr/bin/env bash
# Where the time of an indexed JPEG goes in flows/image-search: decode, pre-process, model, and the rest (wire, channels, index).
# Usage: eng/bench/share.sh [photos]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
exec dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" share "${1:-$root/../shared/data/photos}"
