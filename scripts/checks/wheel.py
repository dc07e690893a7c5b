"""Is the wheel the same, byte for byte, when it is built again, and is everything in it and in the source archive?

    python scripts/checks/wheel.py               # two builds in folders of their own; about half a minute
    python scripts/checks/wheel.py --keep dist   # and keep the archives

Builds from a copy of what git tracks, with the versions of the build backend that are installed (pip install build
hatchling). SOURCE_DATE_EPOCH is the time of the last commit.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.lib import options
from scripts.lib.pages import ROOT

TAG = "py3-none-any"
NOT_SHIPPED = (".git", "scripts/packaging/")
"""Beginnings of paths that belong to the repository alone."""


def tracked() -> list[str]:
    """Files of the repository, new ones that are not ignored too."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).is_file()]


def epoch() -> str:
    """Seconds since 1970 of the last commit."""
    words = ["git", "log", "-1", "--format=%ct"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def built(folder: Path) -> list[Path]:
    """The source archive, and the wheel that is made of it, from a fresh copy of the tree in a folder."""
    tree = folder / "tree"
    for name in tracked():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)
    words = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(tree)]
    environment = dict(os.environ, SOURCE_DATE_EPOCH=epoch())
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"the build failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return sorted((folder / "dist").iterdir())


def in_wheel(path: Path) -> set[str]:
    """Names of files."""
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def in_source(path: Path) -> set[str]:
    """Names of files, below the folder of name and version."""
    with tarfile.open(path) as archive:
        return {member.name.partition("/")[2] for member in archive if member.isfile()}


def missing(source: Path, wheel: Path) -> list[str]:
    """What should be in the archives and is not: tracked files; in the wheel the package and the problems."""
    names = tracked()
    wanted = {name for name in names if name.startswith("btfnet/")} | {
        f"btfnet/_{name}" for name in names if name.startswith("problems/")
    }
    lacking = sorted(wanted - in_wheel(wheel))
    shipped = {name for name in names if not name.startswith(NOT_SHIPPED)}
    return [f"{wheel.name}: {name}" for name in lacking] + [
        f"{source.name}: {name}" for name in sorted(shipped - in_source(source))
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@options.command(__doc__)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Put the archives there.")
def main(keep: Path | None) -> None:
    failures = []
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        pairs = list(zip(built(Path(first)), built(Path(second)), strict=True))
        for one, other in pairs:
            same = digest(one) == digest(other)
            click.echo(
                f"{one.name}  {one.stat().st_size} bytes  sha256 {digest(one)}  {'same' if same else 'DIFFERS'}"
            )
            failures += [] if same else [f"{one.name}: two builds differ"]
        archives = [one for one, _ in pairs]
        source, wheel = sorted(archives, key=lambda path: path.suffix == ".whl")
        failures += missing(source, wheel)
        failures += [] if wheel.name.endswith(f"-{TAG}.whl") else [f"{wheel.name}: expected the tag {TAG}"]
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            for path in archives:
                shutil.copy2(path, keep)
    if failures:
        raise click.ClickException("\n".join(failures))
    click.echo("Two builds are the same, and nothing is missing.")


if __name__ == "__main__":
    main()
