#!/usr/bin/env bash
# R5: documents with an embedding of 512 floats against the same without, over gRPC and HTTP; their bytes and those of pictures against what loopback copies.
# Usage: eng/bench/r5.sh [turns]
exec "$(dirname "$0")/runtime.sh" transfer "${1:-7}"
