#!/usr/bin/env bash
# R18: memory of a further replica in the process, as a share of the model.
# Usage: eng/bench/r18.sh [turns]
exec "$(dirname "$0")/clip.sh" shared-memory @MODEL
