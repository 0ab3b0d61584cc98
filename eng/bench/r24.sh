#!/usr/bin/env bash
# R24: stopped under the load of 32 callers: what was accepted and failed, and how long stopping takes.
# Usage: eng/bench/r24.sh [turns]
exec "$(dirname "$0")/runtime.sh" drain "${1:-7}"
