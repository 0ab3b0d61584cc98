#!/usr/bin/env bash
# Our protobuf codec on 32 documents with embeddings, against Google's generated classes and a copy of the same bytes.
# Usage: eng/bench/codec.sh [turns]      ARTIFACTS=folder builds elsewhere than in artifacts/
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
exec dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" codec "${1:-7}"
