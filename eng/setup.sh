# Shared by ./flowkit, ./test.sh and the scripts of eng; expects $root.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if ! command -v dotnet >/dev/null 2>&1; then
  echo "error: 'dotnet' is missing: install the .NET 10 SDK and put it on the PATH." >&2
  exit 1
fi

# What ONNX Runtime is to run on: FLOWKIT_DEVICE, or else 'cuda' where an NVIDIA driver is there.
choose_device() {
  case ${FLOWKIT_DEVICE:-} in
    cpu | cuda) echo "$FLOWKIT_DEVICE" ;;
    '')
      if [ "${HOSTTYPE:-}" = x86_64 ] && { [ -e /proc/driver/nvidia/version ] || { command -v nvidia-smi && nvidia-smi -L; } >/dev/null 2>&1; }; then
        echo cuda
      else
        echo cpu
      fi
      ;;
    *)
      echo "error: FLOWKIT_DEVICE is '$FLOWKIT_DEVICE'; expected 'cpu' or 'cuda'." >&2
      return 1
      ;;
  esac
}

# Whether the program $2 is missing, was built for another device than $3 says, or any source is newer than the stamp $1.
needs_build() {
  [ -e "$1" ] && [ -e "$2" ] || return 0
  [ "$(<"$1")" = "$3" ] || return 0
  # Without the tool that looks for newer files, what is built is taken as it is.
  command -v find >/dev/null 2>&1 || return 1
  local sources=("$root/src" "$root/executors" "$root/templates" "$root"/Directory.* "$root/global.json") targets
  for targets in "$root"/eng/*.targets; do
    [ ! -e "$targets" ] || sources+=("$targets")
  done
  [ -n "$(find "${sources[@]}" -newer "$1" -print -quit)" ]
}

# Says what is missing where no SDK of global.json's version is there.
check_sdk() {
  (cd "$root" && dotnet --version >/dev/null 2>&1) && return
  local sdks
  sdks=$(dotnet --list-sdks 2>/dev/null | sed 's/ .*//' | tr '\n' ' ')
  echo "error: building FlowKit needs the .NET SDK 10.0.100 or a later 10.0 one; here is ${sdks:-none }(of $(command -v dotnet))." >&2
  return 1
}

# Builds $1, which has $2 projects, in Release for the device $3. A terminal sees how far it is; the compiler's words are shown only when it fails.
build() {
  local log status=0 building
  check_sdk || return
  log=$(mktemp)
  SECONDS=0
  local -x FLOWKIT_DEVICE=$3
  if [ -t 2 ]; then
    dotnet build "$1" -c Release -v minimal -tl:off -clp:NoSummary >"$log" 2>&1 &
    building=$!
    trap 'kill "$building" 2>/dev/null; rm -f "$log"; echo >&2; exit 130' INT TERM
    show_progress "$building" "$log" "$2"
    wait "$building" || status=$?
    trap - INT TERM
  else
    echo "Building for '$3' …" >&2
    tell_progress "$log" "$2" &
    building=$!
    dotnet build "$1" -c Release -v minimal -tl:off -clp:NoSummary >"$log" 2>&1 || status=$?
    kill "$building" 2>/dev/null || true
    wait "$building" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ]; then
    # The errors alone, each once, where there are any.
    { grep -E '(error|warning) [A-Z]+[0-9]+:' "$log" || cat "$log"; } | sort -u >&2
    echo "error: the build failed." >&2
  else
    echo "Built for '$3' in $SECONDS s." >&2
  fi
  rm -f "$log"
  return "$status"
}

# How far a build is that writes the log $1 of $2 projects, and how long the rest takes.
progress() {
  local done name
  done=$(grep -c ' -> ' "$1" || true)
  if [ "$done" -eq 0 ]; then
    echo "Restoring packages … $SECONDS s"
  else
    name=$(sed -n 's/^ *\([^ ]*\) -> .*/\1/p' "$1" | tail -n 1)
    echo "Compiling: $name is done, $done of $2 projects … $SECONDS s, about $((SECONDS * ($2 - done) / done)) s left"
  fi
}

# One line of a terminal while the process $1 writes the log $2 of $3 projects.
show_progress() {
  while kill -0 "$1" 2>/dev/null; do
    printf '\r\033[K%s' "$(progress "$2" "$3")" >&2
    sleep 1
  done
  printf '\r\033[K' >&2
}

# A line every ten seconds while a build writes the log $1 of $2 projects, for who has no terminal.
tell_progress() {
  local pause=
  trap 'kill $pause 2>/dev/null; exit' TERM
  while :; do
    sleep 10 2>/dev/null &
    pause=$!
    wait "$pause" || return 0
    kill -0 $$ 2>/dev/null || return 0
    progress "$1" "$2" >&2
  done
}
