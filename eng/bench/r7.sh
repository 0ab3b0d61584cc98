#!/usr/bin/env bash
# R7: JPEGs through the whole HTTP flow, as a share of what all cores do when they never wait.
# Usage: eng/bench/r7.sh [turns]
exec "$(dirname "$0")/clip.sh" jpeg @MODEL @PHOTOS "${1:-5}"
