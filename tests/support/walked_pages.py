"""Pages of docs/ as a newcomer walks them: files are written, commands run, answers are those that the page shows.

```sh             a command, run by bash
```python         a line at the prompt; a page's lines share their names
```text           what the block before it prints, line by line: … is anything, others may come between
```KIND title=F   the file F; Python with a title is run, too
```console and other kinds are for machines that the tests do not have.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from btfnet.cli import main

OPERATORS = {"|", "||", "&&", ">", "<", ";"}
ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
BLOCK = re.compile(r'^( *)```(\w+)(?: title="([^"]+)")?\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s:]+)\)")
SHIMS = {
    "btfnet": f'exec "{sys.executable}" -m btfnet "$@"',
    "python": f'exec "{sys.executable}" "$@"',
    "python3": '[ "$2" = venv ] && mkdir -p "$3/bin" && touch "$3/bin/activate"',
    "pip": "exit 0",
}
"""What a newcomer has after installing; btfnet itself is here already."""


@dataclass(frozen=True)
class Block:
    kind: str
    title: str | None
    text: str


def blocks(page: str) -> list[Block]:
    found = BLOCK.finditer((DOCS / page).read_text(encoding="utf-8"))
    return [
        Block(each[2], each[3], re.sub(rf"^{each[1]}", "", each[4], flags=re.MULTILINE)) for each in found
    ]


def links(page: str) -> set[str]:
    """Pages and files below docs/ that a page leads to."""
    file = DOCS / page
    targets = {(file.parent / link).resolve() for link in LINK.findall(file.read_text(encoding="utf-8"))}
    return {path.relative_to(DOCS).as_posix() for path in targets if DOCS in path.parents}


class Walk:
    """One newcomer in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.tools = folder / "walk", folder / "tools"
        self.folder.mkdir()
        self.tools.mkdir()
        for name, script in SHIMS.items():
            tool = self.tools / name
            tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
        paths = [str(self.tools), os.environ["PATH"]]
        self.environment = {**os.environ, "PATH": os.pathsep.join(paths), "PYTHONPATH": str(ROOT)}

    def page(self, page: str) -> None:
        """Does what the page says, from top to bottom."""
        for name in links(page):
            if name.startswith("assets/"):  # a file to download
                shutil.copy(DOCS / name, self.folder)
        names: dict[str, object] = {"__name__": "__main__"}
        printed = ""
        for block in blocks(page):
            if block.title is not None:
                (self.folder / block.title).write_text(block.text, encoding="utf-8")
            if block.kind == "sh":
                printed = self.shell(block.text)
            elif block.kind == "python":
                printed = self.python(block.text, page, names)
            elif block.kind == "text" and block.title is None and printed:
                check(block.text, printed, page)

    def shell(self, text: str) -> str:
        """Calls of btfnet run in this process, which saves seconds each; other lines by bash."""
        printed = ""
        for line in filter(str.strip, text.splitlines()):
            program, *arguments = shlex.split(line, comments=True)
            if program == "btfnet" and not OPERATORS & set(arguments):
                printed += self.command(arguments)
            else:
                printed += self.bash(line)
        return printed

    def command(self, arguments: list[str]) -> str:
        with contextlib.chdir(self.folder):
            result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, f"{arguments}\n{result.output}"
        return result.stdout

    def bash(self, text: str) -> str:
        program = text.split()[0]
        if not program.startswith(".") and not shutil.which(program, path=self.environment["PATH"]):
            pytest.skip(f"{program} is not here")
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text], cwd=self.folder, env=self.environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert result.returncode == 0, f"{text}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def python(self, text: str, page: str, names: dict[str, object]) -> str:
        out = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out):
            exec(compile(text, page, "exec"), names)
        return out.getvalue()


def check(shown: str, printed: str, page: str) -> None:
    """Raises `AssertionError` unless the lines that the page shows were printed, in their order."""
    rest = printed.splitlines()
    for line in filter(str.strip, shown.splitlines()):
        pattern = re.compile(".*".join(re.escape(part) for part in line.rstrip().split("…")))
        hits = [index for index, each in enumerate(rest) if pattern.fullmatch(each.rstrip())]
        assert hits, f"{page} shows\n{line}\nbut this was printed:\n{printed}"
        rest = rest[hits[0] + 1 :]
