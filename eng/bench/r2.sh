#!/usr/bin/env bash
# R2: from request to answer through one executor, unbatched, 64 callers, against a channel with pooled completions.
# Usage: eng/bench/r2.sh [turns]
exec "$(dirname "$0")/runtime.sh" latency "${1:-7}"
