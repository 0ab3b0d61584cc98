#!/usr/bin/env bash
# Builds FlowKit's image on the local base image, which is made first when it is not there.
#   eng/container/build.sh [TAG]         TAG is flowkit:<version> by default, what 'runtime: container' looks for
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
engine=${ENGINE:-docker}
base=flowkit-runtime:local
tag=${1:-flowkit:$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")}
"$engine" image inspect "$base" >/dev/null 2>&1 || "$root/eng/container/base.sh" "$base" >&2
"$root/flowkit" --version >/dev/null
DOCKER_BUILDKIT=0 "$engine" build --quiet --build-arg SDK_IMAGE="$base" --build-arg RUNTIME_IMAGE="$base" -t "$tag" "$root" >/dev/null
echo "$tag"
