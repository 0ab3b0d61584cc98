#!/usr/bin/env bash
# R17: two replicas against one of a CPU-bound executor; eight against one of an executor that sleeps.
# Usage: eng/bench/r17.sh [turns]
exec "$(dirname "$0")/runtime.sh" replicas "${1:-7}"
