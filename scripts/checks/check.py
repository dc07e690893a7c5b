"""Everything that a reviewer would run: format, lint, types, import contract, pages, tests, also uncompiled ones.

    python scripts/checks/check.py            # all of it
    python scripts/checks/check.py tests      # only what is named: format lint types imports docs tests nojit

Ends with the first step that fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import click

from scripts.lib import options
from scripts.lib.pages import ROOT

BIN = Path(sys.executable).parent
STEPS: dict[str, tuple[str, ...]] = {
    "format": ("ruff format --check .",),
    "lint": ("ruff check .",),
    "types": ("mypy",),
    "imports": ("lint-imports --no-logo",),
    "docs": ("mkdocs build --quiet --strict --config-file scripts/site/mkdocs.yml",),
    "nojit": ("coverage run -m pytest -m no_compiler --durations=5", "coverage report"),
    "tests": ("pytest --numprocesses=2 --durations=5 -m not(alone)", "pytest --durations=5 -m alone"),
}
"""Commands of each step. Two processes share the tests, but for those by the clock; without the compiler, tests
marked `no_compiler` must reach every line of the kernels."""


def run(name: str) -> None:
    environment = dict(os.environ, NO_MKDOCS_2_WARNING="1")  # a notice of its makers' about its successor
    if name == "nojit":
        environment["NUMBA_DISABLE_JIT"] = "1"
    for command in STEPS[name]:
        program, *arguments = command.split()
        tool = BIN / program  # beside this Python, so that no virtual environment need be active
        begun = time.monotonic()
        print(f"== {name}: {command}", flush=True)
        code = subprocess.run(
            [str(tool) if tool.exists() else program, *arguments], cwd=ROOT, env=environment, check=False
        ).returncode
        print(
            f"== {name}: {'passed' if code == 0 else f'failed ({code})'} in {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        if code:
            sys.exit(code)


@options.command(__doc__)
@click.argument("names", nargs=-1, type=click.Choice(list(STEPS)))
def main(names: tuple[str, ...]) -> None:
    for name in names or STEPS:
        run(name)


if __name__ == "__main__":
    main()
