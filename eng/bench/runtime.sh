#!/usr/bin/env bash
# One benchmark of the runtime, built first: eng/bench/runtime.sh NAME TURNS      ARTIFACTS=folder builds elsewhere than in artifacts/
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
exec dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" runtime "$1" "$2"
