"""From nothing to verified Verilog of one's own table, by the README alone: what one reads, types and waits for.

    python scripts/benchmarks/newcomer.py

In a new folder: a virtual environment, `pip install` of this checkout, an empty cache of kernels, the README's
five lines of shell, as they stand there. Reading goes at 240 words a minute, typing at four signs a second.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import click

from scripts.lib import options
from scripts.lib.pages import DOCS
from scripts.lib.tables import markdown

ROOT = DOCS.parent
README = ROOT / "README.md"
SHELL, BEHIND = "## Five lines of shell", "## Where to go"
WORDS_A_MINUTE, SIGNS_A_SECOND = 240, 4
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands() -> list[str]:
    """The lines of the README that are typed, in their order."""
    text = README.read_text(encoding="utf-8").partition(SHELL)[2]
    block = BLOCK.search(text)
    assert block is not None
    return [line.partition("  #")[0].strip() for line in block[1].splitlines()]


def words_read() -> int:
    """Of the README up to where it leads on."""
    return len(re.findall(r"[A-Za-z]{2,}", README.read_text(encoding="utf-8").partition(BEHIND)[0]))


@options.command(__doc__)
def main() -> None:
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        table = place / "docs" / "assets" / "penguins.csv"  # in the place of a table of one's own
        table.parent.mkdir(parents=True)
        shutil.copy(DOCS / "assets" / "penguins.csv", table)
        (place / "new.csv").write_text("".join(table.open().readlines()[:5]))
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment |= {
            "PATH": f"{place / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "NUMBA_CACHE_DIR": str(place / "kernels"),
        }
        installing = ["python3 -m venv .venv", f"pip install -q {ROOT}"]
        typed = 0
        for line in [*installing, *commands()]:
            begun = time.monotonic()
            done = subprocess.run(
                line, shell=True, cwd=place, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise click.ClickException(f"{line}: {done.stderr.strip()}")
            seconds = time.monotonic() - begun
            shown = line.replace(str(ROOT), ".")
            typed += len(shown)
            rows.append([f"`{shown}`", f"{seconds:.1f}"])
    waiting = sum(float(row[1]) for row in rows)
    reading, typing = 60 * words_read() / WORDS_A_MINUTE, typed / SIGNS_A_SECOND
    rows.append([f"reading {words_read()} words", f"{reading:.0f}"])
    rows.append([f"typing {typed} signs", f"{typing:.0f}"])
    rows.append(["**all**", f"**{waiting + reading + typing:.0f}**"])
    click.echo(markdown(("step", "seconds"), rows), nl=False)


if __name__ == "__main__":
    main()
