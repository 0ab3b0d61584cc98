#!/usr/bin/env bash
# R23: opening a model against bare sessions, and again with the optimised graphs kept.
# Usage: eng/bench/r23.sh [turns]
exec "$(dirname "$0")/clip.sh" load @MODEL "${1:-5}"
