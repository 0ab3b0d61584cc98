#!/usr/bin/env bash
# FlowKit's index beside faiss, hnswlib (Debian's build, and one for this CPU) and pgvector: the same vectors, one thread each, one after
# another in rounds, rates for each second of one core's time (user and system), so that what else runs on the machine counts little.
#   eng/index-bench/peers.sh [ROWS] [ROUNDS] [FOLDER]     20000 rows, 3 rounds, a temporary folder; needs Debian and .NET
# Prints the tables of docs/index-benchmarks.md and draws its curves.
set -euo pipefail
cd "$(dirname "$0")/../.."

rows=${1:-20000} rounds=${2:-3} dimension=512
folder=${3:-$(mktemp -d)}
python=/usr/bin/python3
bench=artifacts/bin/IndexBench/release/IndexBench.dll
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 DOTNET_PROCESSOR_COUNT=1

if ! $python -c 'import faiss, hnswlib, matplotlib, psycopg2' 2>/dev/null || [ ! -e /usr/include/hnswlib/hnswlib.h ]; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    g++ libhnswlib-dev python3-faiss python3-hnswlib python3-matplotlib python3-numpy python3-psycopg2 >/dev/null
fi
mkdir -p "$folder"
env -u DOTNET_PROCESSOR_COUNT dotnet build eng/index-bench -c Release -v quiet -clp:NoSummary
g++ -O3 -march=native -DNDEBUG -o "$folder/hnsw_native" eng/index-bench/hnsw_native.cpp
eng/postgres.sh build

lines=$folder/lines.txt server=
trap '[ -z "$server" ] || eng/postgres.sh stop "$server"' EXIT
: >"$lines"
run() { local name=$1; shift; "$@" | sed -u "s/^/$name: /" | tee -a "$lines" >&2; }

for ((round = 1; round <= rounds; round++)); do
  echo "round $round of $rounds, load $(cut -d' ' -f1 /proc/loadavg)" >&2
  run FlowKit dotnet "$bench" "$rows" "$dimension" "$folder"
  $python eng/index-bench/peers.py truth "$folder" "$dimension"
  run 'hnswlib native' "$folder/hnsw_native" "$folder" "$rows" "$dimension"
  run 'hnswlib Debian' $python eng/index-bench/peers.py hnswlib "$folder" "$dimension"
  run 'faiss Flat' $python eng/index-bench/peers.py faiss "$folder" "$dimension"
  server=$(mktemp -d)
  chmod 755 "$server"
  eng/postgres.sh start "$server" >/dev/null
  run pgvector $python eng/index-bench/peers.py pgvector "$folder" "$dimension" "$server"
  eng/postgres.sh stop "$server"
  server=
done
rm -rf "$folder/index"
run FlowKit dotnet "$bench" write "$folder/index" "$rows" "$dimension" hnsw
grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-
$python eng/index-bench/peers.py report "$lines" docs "$rows"
