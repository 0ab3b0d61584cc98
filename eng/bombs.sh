#!/usr/bin/env bash
# Sends a flow that may take 2 GiB what takes much memory, while a neighbour asks small things: a table of what became of both.
#   eng/bombs.sh [CHECKOUT [PART-OF-A-NAME]]      CHECKOUT is this one, or another that is built, to compare
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
checkout=${1:-$root}
[ "$checkout" != "$root" ] || dotnet build "$root/src/FlowKit.Cli/FlowKit.Cli.csproj" -c Release -v q -clp:NoSummary >&2
dotnet build "$root/eng/bombs/Bombs.csproj" -c Release -v q -clp:NoSummary >&2
exec dotnet "$root/artifacts/bin/Bombs/release/Bombs.dll" "$checkout/artifacts/bin/FlowKit.Cli/release/flowkit.dll" "${@:2}"
