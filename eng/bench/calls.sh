#!/usr/bin/env bash
# How many calls of a model should run at once: the default and a call for each core against one call of all cores, alone and with others waiting.
# Usage: eng/bench/calls.sh [turns]
for variant in fp32 int8; do
  echo "$variant"
  "$(dirname "$0")/clip.sh" calls @MODEL "$variant" "${1:-5}"
done
