#!/usr/bin/env bash
# Three no-op executors over HTTP, gRPC and a stream, beside a Jina that runs, in turns, or against recorded figures of one.
# Usage: eng/bench/jina.sh [turns [grpc://HOST:PORT http://HOST:PORT]]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
artifacts=${ARTIFACTS:-$root/artifacts}
dotnet build "$root/tests/FlowKit.Benchmarks/FlowKit.Benchmarks.csproj" -c Release -v q --artifacts-path "$artifacts" >&2
exec dotnet "$artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" jina "${1:-3}" "${@:2}"
