#!/usr/bin/env bash
# Makes every package, and their symbols, in a folder that works as a NuGet feed, and beside them the program's bill of materials (SBOM):
# every package in it with its version, hash and license, as CycloneDX writes it.
#   eng/pack.sh [FOLDER] [options of dotnet pack]       FOLDER is artifacts/packages by default; --no-build packs what is built
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$root/eng/setup.sh"
case ${1:-} in
  '' | -*) folder="$root/artifacts/packages" ;;
  *) folder=$1 && shift ;;
esac
check_sdk
mkdir -p "$folder"
rm -f "$folder"/FlowKit.*.nupkg "$folder"/FlowKit.*.snupkg "$folder"/FlowKit.cdx.json
# Packages name ONNX Runtime for the CPU.
export FLOWKIT_DEVICE=cpu
options=()
built="$root/artifacts"
case " $* " in
  *" --no-build "*) ;;
  *)
    # Sources are named by their place in the repository, which git has to tell, not by this machine's folders: what was built to debug is left as it is.
    if [ -e "$root/.git" ]; then
      built="$root/artifacts/pack"
      options+=(-p:ContinuousIntegrationBuild=true "-p:ArtifactsPath=$built")
    fi
    ;;
esac
dotnet pack "$root/FlowKit.sln" -c Release -v quiet -clp:NoSummary -o "$folder" "${options[@]}" "$@"
tool=$(basename "$(ls "$folder"/FlowKit.Tool.*.nupkg)" .nupkg)
"$root/eng/sbom.sh" "$folder" "${tool#FlowKit.Tool.}" "$built"
echo "$(ls "$folder"/FlowKit.*.nupkg | wc -l) packages are in $folder."
