#!/usr/bin/env bash
# R9: texts per second at their own lengths against all padded to 77.
# Usage: eng/bench/r9.sh [turns]
exec "$(dirname "$0")/clip.sh" lengths @MODEL "${1:-7}"
