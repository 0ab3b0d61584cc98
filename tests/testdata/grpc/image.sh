#!/usr/bin/env bash
# Makes an image of Debian's own Python with worker.py in it, which speaks Jina's protocol by grpcio: what an executor of Jina's is, without
# Jina. Nothing is pulled: Python and what it needs are the packages of this machine, which must be a Debian.
#   tests/testdata/grpc/image.sh TAG
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/worker" "$work/protos"
cp -R "$here/protos" "$work/protos/grpc"
# Google's own files come with the package that makes our code of them.
google=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}/grpc.tools" -type d -path '*/build/native/include' | sort | tail -1)
protoc --proto_path="$google" --proto_path="$root/src/FlowKit.Wire/Protos/v1" --proto_path="$work/protos" --include_imports --descriptor_set_out="$work/worker/jina.set" \
  jina.proto grpc/health/v1/health.proto
cp "$here/worker.py" "$here/jina_messages.py" "$work/worker/"
packages=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
  python3-grpcio python3-protobuf | grep '^[a-z]' | grep -v ':i386$' | sort -u)
# shellcheck disable=SC2086
dpkg -L $packages | sort -u | while read -r file; do
  if [ -f "$file" ] || [ -L "$file" ]; then echo "$file"; fi
done | grep -v '^/usr/share/\(doc\|man\|locale\)/' >"$work/files"
tar --create --file "$work/python.tar" --no-recursion --ignore-failed-read --absolute-names --files-from "$work/files" 2>/dev/null
cat >"$work/Dockerfile" <<'D'
FROM flowkit-runtime:local
ADD python.tar /
COPY worker /worker
USER 1654
ENV PYTHONDONTWRITEBYTECODE=1
ENTRYPOINT ["python3", "/worker/worker.py"]
D
DOCKER_BUILDKIT=0 docker build --quiet --tag "$1" "$work"
