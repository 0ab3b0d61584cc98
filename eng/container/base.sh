#!/usr/bin/env bash
# Makes a small base image without pulling one: Debian's minimal system, what .NET needs of it, and the .NET runtime of this machine.
#   eng/container/base.sh [TAG]          TAG is flowkit-runtime:local by default
# Needs root, debootstrap, the .NET SDK and a running engine. The image is what RUNTIME_IMAGE of the Dockerfile can be set to.
set -euo pipefail
tag=${1:-flowkit-runtime:local}
engine=${ENGINE:-docker}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase --include=libssl3,libstdc++6,zlib1g,ca-certificates bookworm "$root" >"$root.log" 2>&1 || { tail -20 "$root.log" >&2; exit 1; }
rm -f "$root.log"

# Only what runs: the package lists, documentation and translations are of no use in an image.
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/usr/share/{doc,man,info,locale,lintian} "$root"/usr/lib/x86_64-linux-gnu/gconv

dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir -p "$root/usr/share/dotnet"
cp -a "$dotnet/dotnet" "$dotnet/host" "$dotnet/shared" "$root/usr/share/dotnet/"
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
chroot "$root" useradd --uid 1654 --user-group --create-home app

tar -C "$root" -c . | "$engine" import \
  --change 'ENV DOTNET_ROOT=/usr/share/dotnet DOTNET_RUNNING_IN_CONTAINER=true PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change 'ENV APP_UID=1654' - "$tag" >/dev/null
echo "$tag"
