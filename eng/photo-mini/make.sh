#!/bin/sh
# The whole recipe: packages, graphs, features, projection, evaluation, card. What is done already is not done again.
set -eu
cd "$(dirname "$0")"
work=${PHOTO_MINI_WORK:-${XDG_CACHE_HOME:-$HOME/.cache}/photo-mini}
export PHOTO_MINI_WORK="$work"
python=/usr/bin/python3

$python test_recipe.py
$python fetch.py
$python graphs.py
$python features.py
$python fit.py
$python evaluate.py --curve --out "$work/metrics.json"
$python export.py --metrics "$work/metrics.json"
