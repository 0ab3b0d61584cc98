#!/bin/sh
# The whole recipe: setup -> prepare -> train -> export -> evaluate. About 90 minutes of training on two CPU cores.
# Usage: make.sh [DEVICE]     DEVICE is cpu (default) or cuda.
set -eu
cd "$(dirname "$0")"
device=${1:-cpu}
work=${TINY_CLIP_WORK:-${XDG_CACHE_HOME:-$HOME/.cache}/tiny-clip}
export TINY_CLIP_WORK="$work"
python=/usr/bin/python3

$python prepare.py
$python test_recipe.py
$python train.py --run "$work/run" --device "$device"
$python export.py "$work/run/last.pt" --out "$work/exported"
$python evaluate.py "$work/exported" --out "$work/metrics.json"
$python export.py "$work/run/last.pt" --metrics "$work/metrics.json"
