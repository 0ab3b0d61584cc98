#!/usr/bin/env bash
# Answers from measured costs how many replicas of what a flow needs, by simulating it as a network of queues; docs/scale.md tells how.
#   eng/simulate.sh flows/routes/flow.yml --rate 200 --cost encoder=20+1 --cost indexer=3 --p99 100
#   eng/simulate.sh --check 20           sets flows that run beside their simulation
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$root/eng/setup.sh"
[ -e "$root/artifacts/bin/Simulate/release/Simulate.dll" ] || dotnet build "$root/eng/simulate" -c Release -v quiet -clp:NoSummary
exec dotnet "$root/artifacts/bin/Simulate/release/Simulate.dll" "$@"
