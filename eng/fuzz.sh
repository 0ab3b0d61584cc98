#!/usr/bin/env bash
# Mutates the inputs of every reader, or of the targets named, and prints for each what was run, reached and found:
# eng/fuzz.sh [--seconds N] [--runs N] [--seed N] [--keep N] [target…]. `--seeds` writes the corpora's first inputs anew.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/setup.sh"
[ -e "$root/artifacts/bin/Fuzz/release/Fuzz.dll" ] || dotnet build "$root/eng/fuzz" -c Release -v quiet -clp:NoSummary
exec dotnet "$root/artifacts/bin/Fuzz/release/Fuzz.dll" "$@"
