#!/usr/bin/env bash
# R20: bytes of a queued text document, and of a queued image to its payload.
# Usage: eng/bench/r20.sh [turns]
exec "$(dirname "$0")/runtime.sh" queue-memory "${1:-7}"
