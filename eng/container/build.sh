#!/usr/bin/env bash
# Builds FlowKit's image on the local base image, which is made first when it is not there.
#   eng/container/build.sh [TAG]         TAG is flowkit:<version> by default, what 'runtime: container' looks for
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
engine=${ENGINE:-docker}
base=flowkit-runtime:local
version=$("$root/flowkit" --version)
tag=${1:-flowkit:${version%%[-+]*}}
"$engine" image inspect "$base" >/dev/null 2>&1 || "$root/eng/container/base.sh" "$base" >&2
"$root/eng/sbom.sh" "$root/artifacts/sbom" "$version"
DOCKER_BUILDKIT=0 "$engine" build --quiet --build-arg SDK_IMAGE="$base" --build-arg RUNTIME_IMAGE="$base" -t "$tag" "$root" >/dev/null
echo "$tag"
