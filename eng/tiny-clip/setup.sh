#!/bin/sh
# Installs what the recipe needs on Debian 12 (run as root).
# libopenblas0-openmp is essential: without it matrix products run about 35 times slower.
set -eu
apt-get update
apt-get install -y --no-install-recommends \
    python3-torch python3-numpy python3-pil python3-onnx \
    fonts-noto-color-emoji unicode-cldr-core unicode-data libopenblas0-openmp
