#!/usr/bin/env bash
# Does what Jina's gateway does with an executor, by Debian's Python and grpcio: as_gateway.py with the messages of one dialect.
#   tests/testdata/grpc/as-gateway.sh ADDRESS v1|v2 [TAG]
# With TAG the executor is a container of that image, on a free port of this machine: ADDRESS is then the name that it gets.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
address=$1
trap 'rm -rf "$work"; if [ $# -gt 2 ]; then docker rm --force "$1" >/dev/null; fi' EXIT
cp -R "$here/protos" "$work/grpc"
# Google's own files come with the package that makes our code of them.
google=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}/grpc.tools" -type d -path '*/build/native/include' | sort | tail -1)
protoc --proto_path="$google" --proto_path="$root/src/FlowKit.Wire/Protos/$2" --proto_path="$work" --include_imports --descriptor_set_out="$work/jina.set" \
  jina.proto grpc/health/v1/health.proto grpc/reflection/v1alpha/reflection.proto
cp "$here/as_gateway.py" "$here/jina_messages.py" "$work/"
if [ $# -gt 2 ]; then
  docker run --detach --name "$1" --publish 127.0.0.1::51000 "$3" --gateway "docarray_version=$2" >/dev/null
  address=$(docker port "$1" 51000/tcp)
fi
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$work/as_gateway.py" "$address" "$2" || {
  if [ $# -gt 2 ]; then docker logs "$1" >&2; fi
  exit 1
}
