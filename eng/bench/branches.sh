#!/usr/bin/env bash
# A fast request beside slow ones on another branch, against the same request alone.
# Usage: eng/bench/branches.sh [turns]
exec "$(dirname "$0")/runtime.sh" branches "${1:-7}"
