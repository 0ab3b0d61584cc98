#!/usr/bin/env bash
# Time and allocation per hop in chains of 3, 10 and 30 no-op executors.
# Usage: eng/bench/flatness.sh [turns]
exec "$(dirname "$0")/runtime.sh" flatness "${1:-7}"
