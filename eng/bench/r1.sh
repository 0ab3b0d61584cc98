#!/usr/bin/env bash
# R1: no-op executors in sequence against bare channels and TPL Dataflow, with and without an answer to each request.
# Usage: eng/bench/r1.sh [turns]
exec "$(dirname "$0")/runtime.sh" pipeline "${1:-7}"
