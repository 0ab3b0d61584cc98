#!/usr/bin/env bash
# Hangs and exceptions in one of two replicas under load: who fails, and who does not.
# Usage: eng/bench/faults.sh [turns]
exec "$(dirname "$0")/runtime.sh" faults "${1:-1}"
