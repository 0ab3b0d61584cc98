#!/usr/bin/env bash
# Loads a real flow for some minutes (30 by default) over every protocol, while workers are killed, its file is reloaded, replicas change and
# readers are slow. Prints requests, failures by kind and memory each 10 s, and draws it into eng/soak/results/rss.svg. Needs Linux.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/setup.sh"
program=$root/artifacts/bin/FlowKit.Cli/release/flowkit.dll
[ -e "$program" ] || dotnet build "$root/src/FlowKit.Cli" -c Release -v quiet -clp:NoSummary
[ -e "$root/artifacts/bin/Soak/release/Soak.dll" ] || dotnet build "$root/eng/soak" -c Release -v quiet -clp:NoSummary
mkdir -p "$root/eng/soak/results"
exec dotnet "$root/artifacts/bin/Soak/release/Soak.dll" "$program" "${1:-30}" "$root/eng/soak/results"
