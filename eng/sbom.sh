#!/usr/bin/env bash
# Writes the program's bill of materials (SBOM), FlowKit.cdx.json: every package in it with its version, hash and license, as CycloneDX
# writes it. The tool is restored as the packages are, and reads what the restore of the program has chosen.
#   eng/sbom.sh FOLDER [VERSION [ARTIFACTS]]       ARTIFACTS is where the program was restored, artifacts by default
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$root/eng/setup.sh"
check_sdk
mkdir -p "$1"
folder=$(cd "$1" && pwd)
built=${3:-$root/artifacts}
version=${2:-$("$root/flowkit" --version)}
cd "$root"
[ -e "$built/obj/FlowKit.Cli/project.assets.json" ] || dotnet restore src/FlowKit.Cli -v quiet
dotnet tool restore -v quiet >"$built/sbom.log"
dotnet tool run dotnet-CycloneDX src/FlowKit.Cli/FlowKit.Cli.csproj -dpr -biop "$built/obj" -F Json -o "$folder" -fn FlowKit.cdx.json \
  -sn FlowKit -sv "$version" >>"$built/sbom.log" || { cat "$built/sbom.log" >&2; exit 1; }
