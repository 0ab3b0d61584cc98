"""Brings the packages of sources.tsv into the work directory and checks them: fetch.py

NuGet's by `dotnet restore`, Debian's by `apt-get download`, repositories by `git clone`. What is there already is kept.
"""
import hashlib
import subprocess
import tempfile
import zipfile
from pathlib import Path

from base import table, work_directory

_PROJECT = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework>
<RestorePackagesPath>{store}</RestorePackagesPath></PropertyGroup>
<ItemGroup><PackageDownload Include="{name}" Version="[{version}]"/></ItemGroup></Project>"""


def sources():
    """Name -> (kind, where, version, SHA-256)."""
    return {name: tuple(rest) for name, *rest in table("sources.tsv", 5)}


def folder(name):
    """Where a source lies, unpacked."""
    return work_directory() / "sources" / name


def _check(path, digest):
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != digest:
        raise SystemExit(f"{path.name}: SHA-256 {found}, not {digest}")


def _nuget(name, version, digest, out):
    with tempfile.TemporaryDirectory() as directory:
        project = Path(directory) / "p.csproj"
        project.write_text(_PROJECT.format(store=directory, name=name, version=version), encoding="utf-8")
        subprocess.run(["dotnet", "restore", str(project), "-v", "quiet"], check=True)
        package = Path(directory) / name.lower() / version / f"{name.lower()}.{version}.nupkg"
        _check(package, digest)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(out)


def _debian(name, version, digest, out):
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", f"{name.split(':')[0]}={version}"],
                       cwd=directory, check=True, stdout=subprocess.DEVNULL)
        package, = Path(directory).glob("*.deb")
        _check(package, digest)
        subprocess.run(["dpkg-deb", "-x", str(package), str(out)], check=True)


def _clone(name, version, _, out):
    subprocess.run(["git", "clone", "--quiet", f"https://github.com/{name}", str(out)], check=True)
    subprocess.run(["git", "-C", str(out), "checkout", "--quiet", version], check=True)


def main():
    """Command line."""
    for name, (kind, where, version, digest) in sources().items():
        out = folder(name)
        if out.exists():
            continue
        print(f"{name}: {where} {version}", flush=True)
        part = out.with_name(out.name + ".part")
        subprocess.run(["rm", "-rf", str(part)], check=True)
        part.parent.mkdir(parents=True, exist_ok=True)
        {"nuget": _nuget, "deb": _debian, "git": _clone}[kind](where, version, digest, part)
        part.rename(out)


if __name__ == "__main__":
    main()
