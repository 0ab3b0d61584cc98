#!/usr/bin/env bash
# R8: what dynamic batching costs a caller who is alone; and how often a model under load gets its preferred batch.
# Usage: eng/bench/r8.sh [turns]
exec "$(dirname "$0")/runtime.sh" batching "${1:-7}"
