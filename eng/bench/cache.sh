#!/usr/bin/env bash
# Texts per second that were seen before, against the model.
# Usage: eng/bench/cache.sh [turns]
exec "$(dirname "$0")/clip.sh" cache @MODEL "${1:-7}"
