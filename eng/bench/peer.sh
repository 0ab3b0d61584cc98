#!/usr/bin/env bash
# Photographs per second through the whole flow, against a Python service as people write it: Pillow prepares one photograph, the session runs it, then the next.
# Python has no ONNX Runtime here, so that Pillow's time and that of the same session at a batch of one are measured in the same turn and added.
# Usage: eng/bench/peer.sh [turns]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if ! /usr/bin/python3 -c 'import PIL, numpy' 2>/dev/null; then
  apt-get install -y --no-install-recommends python3-pil python3-numpy >&2
fi
exec "$root/eng/bench/clip.sh" peer @MODEL @PHOTOS "${1:-7}" /usr/bin/python3 "$root/eng/bench/preprocess/peer.py" @PHOTOS
