"""Is there a wheel of every dependency, for every platform and Python? Asks the package index, downloads nothing.

    python scripts/checks/wheels.py                      # a table, as docs/platforms.md has it
    python scripts/checks/wheels.py --python 3.14        # one version only; also --platform
    python scripts/checks/wheels.py --write              # into the page, between its marks

pip resolves the dependencies of pyproject.toml as it would on such a machine, wheels only (no compiler is ever
asked), and says what it would install. The exit code is 1 where a platform lacks a wheel.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.lib import options
from scripts.lib.pages import DOCS, ROOT, write_part
from scripts.lib.tables import markdown

PLATFORMS = {
    "Linux x86-64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "Linux arm64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
    "macOS arm64": ("macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"),
    "macOS x86-64": ("macosx_14_0_x86_64", "macosx_12_0_x86_64", "macosx_10_13_x86_64"),
    "Windows x86-64": ("win_amd64",),
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SHOWN = ("numpy", "numba", "scipy", "python-sat")
PAGE = DOCS / "platforms.md"


def dependencies() -> list[str]:
    """Of the package itself, without extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def resolved(requirements: list[str], tags: tuple[str, ...], python: str) -> dict[str, str] | str:
    """The versions that pip would install by name; or its last word where there is no way."""
    platforms = [word for tag in tags for word in ("--platform", tag)]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed",
                "--only-binary=:all:", "--python-version", python, "--implementation", "cp", *platforms,
                "--target", folder, "--report", "-", *requirements,
            ],
            capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        return lines[-1].removeprefix("ERROR: ") if lines else done.stderr[-200:]
    found = json.loads(done.stdout)["install"]
    return {each["metadata"]["name"].lower(): each["metadata"]["version"] for each in found}


def without_wheel(requirements: list[str], tags: tuple[str, ...], python: str) -> list[str]:
    """Which dependencies alone have no wheel; asked where all together have none."""
    return [each for each in requirements if isinstance(resolved([each], tags, python), str)]


def cell(requirements: list[str], tags: tuple[str, ...], python: str) -> str:
    """ "all", or what is missing."""
    found = resolved(requirements, tags, python)
    if isinstance(found, dict):
        versions = ", ".join(f"{name} {found[name]}" for name in SHOWN if name in found)
        click.echo(f"{tags[0]}, Python {python}: {len(found)} wheels, {versions}", err=True)
        return "all"
    click.echo(f"{tags[0]}, Python {python}: {found}", err=True)
    lacking = without_wheel(requirements, tags, python)
    return f"not {', '.join(each.split('>')[0] for each in lacking) or 'together'}"


@options.command(__doc__)
@click.option("--python", "pythons", multiple=True, type=click.Choice(PYTHONS), help="Only this version.")
@click.option(
    "--platform", "platforms", multiple=True, type=click.Choice(list(PLATFORMS)), help="Only this one."
)
@click.option("--write", is_flag=True, help="Write the table into docs/platforms.md.")
def main(pythons: tuple[str, ...], platforms: tuple[str, ...], write: bool) -> None:
    pythons = pythons or PYTHONS
    requirements = dependencies()
    rows = [
        (name, *(cell(requirements, PLATFORMS[name], python) for python in pythons))
        for name in platforms or PLATFORMS
    ]
    table = markdown(("platform", *(f"Python {python}" for python in pythons)), rows)
    if write:
        write_part(PAGE, "wheels", table)
    else:
        click.echo(table)
    if any(entry != "all" for row in rows for entry in row[1:]):
        sys.exit(1)


if __name__ == "__main__":
    main()
