#!/usr/bin/env bash
# Asks a flow of this machine whether it serves, as the health check of a container: by the shell alone, since a start of .NET costs more
# than all probes of a minute.
#   probe.sh http://127.0.0.1:8080 grpc://127.0.0.1:51000      exit code 0 when one of the addresses serves, 1 when none does
# http asks GET /health/ready; grpc asks grpc.health.v1.Health/Check.
set -u
export LC_ALL=C
limit=4

# HTTP/2's preface, empty settings, the headers of the call on stream 1, and an empty message; each string has its length before it.
grpc_call() {
  printf 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  printf '\x00\x00\x00\x04\x00\x00\x00\x00\x00'
  printf '\x00\x00\x4b\x01\x04\x00\x00\x00\x01'
  printf '\x83\x86\x04\x1c/grpc.health.v1.Health/Check\x01\x09127.0.0.1\x0f\x10\x10application/grpc\x00\x02te\x08trailers'
  printf '\x00\x00\x05\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00'
}

# The answer is a message of two bytes, 8 and 1 for SERVING. Its length ends in 2 and stands behind a zero, as does what follows it.
grpc_serves() {
  local part
  grpc_call >&3
  while IFS= read -r -d '' -t "$limit" part <&3; do
    case $part in
      $'\x02\x08\x01') return 0 ;;
      $'\x02\x08'*) return 1 ;;
    esac
  done
  return 1
}

http_serves() {
  local status
  printf 'GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
  IFS= read -r -t "$limit" status <&3 && [[ $status == 'HTTP/1.1 200 '* ]]
}

serves() {
  local scheme=${1%%://*} authority=${1#*://}
  authority=${authority%%/*}
  exec 3<>"/dev/tcp/${authority%:*}/${authority##*:}" || return 1
  case $scheme in
    http) http_serves ;;
    grpc) grpc_serves ;;
    *) echo "probe: '$1' begins with neither http:// nor grpc://" >&2; return 1 ;;
  esac
}

for address in "$@"; do
  (serves "$address") 2>/dev/null && exit 0
done
exit 1
