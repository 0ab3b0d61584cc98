#!/usr/bin/env bash
# R21: the hop to an executor in a process, with shared memory and through the socket alone (as with FLOWKIT_SHARED_MEMORY=0), and in a
# container, against the raw round trip over a Unix socket and a copy in memory. Containers are measured where an engine has FlowKit's image
# (eng/container/build.sh).
# Usage: eng/bench/r21.sh [turns]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dotnet build "$root/tests/FlowKit.Benchmarks" -c Release -v quiet -clp:NoSummary >&2
exec dotnet "$root/artifacts/bin/FlowKit.Benchmarks/release/FlowKit.Benchmarks.dll" hops "${1:-7}"
