#!/usr/bin/env bash
# A RabbitMQ of its own for tests, which listens on this machine alone and keeps everything in its folder.
#   eng/rabbitmq.sh start FOLDER    starts it, anew or over what is in the folder, and prints its URI
#   eng/rabbitmq.sh kill FOLDER     kills it as a crash would; 'start' starts it again on the same port
#   eng/rabbitmq.sh stop FOLDER     kills it, and removes the folder
set -euo pipefail

fail() { echo "error: $*" >&2; exit 1; }
server=/usr/lib/rabbitmq/bin/rabbitmq-server
[ -x "$server" ] || fail "there is no RabbitMQ here; install it (Debian: rabbitmq-server)."
folder=${2:?a folder}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

kill_all() {
  [ -e "$folder/pid" ] || return 0
  kill -9 -- "-$(cat "$folder/pid")" 2>/dev/null || true
  rm -f "$folder/pid"
}

case ${1:-} in
  start)
    mkdir -p "$folder"
    [ -e "$folder/ports" ] || echo "$(free_port) $(free_port) $(free_port)" >"$folder/ports"
    read -r port dist epmd <"$folder/ports"
    echo 'loopback_users.guest = true' >"$folder/rabbitmq.conf"
    echo '[].' >"$folder/plugins"
    export HOME=$folder ERL_EPMD_PORT=$epmd ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME=flowkit@localhost \
      RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port RABBITMQ_DIST_PORT=$dist RABBITMQ_MNESIA_BASE=$folder/data \
      RABBITMQ_LOG_BASE=$folder/log RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$folder/plugins \
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none" LC_ALL=C.UTF-8
    setsid "$server" >"$folder/out" 2>&1 </dev/null &
    echo $! >"$folder/pid"
    for _ in $(seq 300); do
      kill -0 "$(cat "$folder/pid")" 2>/dev/null || { cat "$folder/out" >&2; fail "it did not start."; }
      if grep -q "Starting broker... completed" "$folder/out" 2>/dev/null; then
        echo "amqp://guest:guest@127.0.0.1:$port"
        exit 0
      fi
      sleep 0.2
    done
    cat "$folder/out" >&2
    fail "it did not start within a minute."
    ;;
  kill) kill_all ;;
  stop)
    kill_all
    if [ -e "$folder/ports" ]; then
      read -r _ _ epmd <"$folder/ports"
      ERL_EPMD_PORT=$epmd epmd -kill >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
    ;;
  *) fail "expected start, kill or stop, and a folder." ;;
esac
