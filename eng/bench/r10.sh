#!/usr/bin/env bash
# R10: int8 against fp32: pictures and texts per second, and the neighbours that stay the same.
# Usage: eng/bench/r10.sh [turns]
exec "$(dirname "$0")/clip.sh" int8 @MODEL @PHOTOS "${1:-5}"
