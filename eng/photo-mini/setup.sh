#!/bin/sh
# Installs what the recipe needs on Debian 12 (run as root); the .NET SDK brings the two NuGet packages.
set -eu
apt-get update
apt-get install -y --no-install-recommends \
    python3-numpy python3-pil python3-onnx fonts-noto-color-emoji unicode-cldr-core libopenblas0-openmp git
