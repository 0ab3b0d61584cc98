#!/usr/bin/env bash
# R19: ten times the sustainable load, in this process and over HTTP: goodput, refusals, latency of the accepted, memory.
# Usage: eng/bench/r19.sh [seconds]
exec "$(dirname "$0")/runtime.sh" overload "${1:-20}"
