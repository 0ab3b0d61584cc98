#!/usr/bin/env bash
# Makes every package, and their symbols, in a folder that works as a NuGet feed.
#   eng/pack.sh [FOLDER] [options of dotnet pack]       FOLDER is artifacts/packages by default
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$root/eng/setup.sh"
case ${1:-} in
  '' | -*) folder="$root/artifacts/packages" ;;
  *) folder=$1 && shift ;;
esac
check_sdk
mkdir -p "$folder"
rm -f "$folder"/FlowKit.*.nupkg "$folder"/FlowKit.*.snupkg
# Packages name ONNX Runtime for the CPU; what ./flowkit has built for a GPU is built anew by it.
export FLOWKIT_DEVICE=cpu
stamp="$root/artifacts/flowkit.stamp"
[ ! -e "$stamp" ] || [ "$(<"$stamp")" = cpu ] || rm "$stamp"
# Sources are named by their place in the repository, not by this machine's folders, which git has to tell.
options=()
[ ! -e "$root/.git" ] || options+=(-p:ContinuousIntegrationBuild=true)
dotnet pack "$root/FlowKit.sln" -c Release -v quiet -clp:NoSummary -o "$folder" "${options[@]}" "$@"
echo "$(ls "$folder"/FlowKit.*.nupkg | wc -l) packages are in $folder."
