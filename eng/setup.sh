# Shared by ./flowkit and ./test.sh; expects $root.
for tool in dotnet npm; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    case $tool in
      dotnet) echo "error: 'dotnet' is missing: install the .NET 10 SDK and put it on the PATH." >&2 ;;
      npm) echo "error: 'npm' is missing: install Node.js 20 or later; it brings the native libraries (ONNX Runtime, libvips)." >&2 ;;
    esac
    exit 1
  fi
done
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The native libraries of eng/natives, as its lock file pins them.
restore_natives() {
  local folder="$root/eng/natives"
  if [ ! -e "$folder/node_modules/.package-lock.json" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    echo "Restoring native libraries (once) …" >&2
    (cd "$folder" && npm ci --no-fund --no-audit --loglevel=error >&2)
  fi
}

# Whether $2 is missing or any source is newer than the stamp $1.
needs_build() {
  [ ! -e "$1" ] || [ ! -e "$2" ] && return 0
  [ -n "$(find "$root/src" "$root/executors" "$root/templates" "$root"/Directory.* "$root/global.json" "$root/eng/natives/package-lock.json" -newer "$1" -type f -not -path '*/node_modules/*' -print -quit)" ]
}

# Builds in Release; the compiler's output is shown only when it fails.
build_quietly() {
  local log
  log=$(mktemp)
  if ! dotnet build "$1" -c Release -v quiet -clp:NoSummary >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "error: the build failed." >&2
    exit 1
  fi
  rm -f "$log"
}
