"""Does docs/architecture.md name every room and every file, each by the first line of its docstring?

    python scripts/checks/architecture.py            # exit code 1 where the page is behind the code
    python scripts/checks/architecture.py --write    # bring its index of files up to date

What rooms are for, the walks, and what to touch for a change are written by hand above the index.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "btfnet"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- every file: scripts/checks/architecture.py --write -->\n", "<!-- end of every file -->\n"


def rooms() -> list[Path]:
    """Folders of the package that hold modules, wings right after their rooms."""
    return sorted(path.parent for path in PACKAGE.rglob("__init__.py"))


def purpose(path: Path) -> str:
    """The first line of a module's docstring, as the cell of a table."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n")[0].replace("|", "\\|")


def listed(room: Path) -> set[str]:
    """Files that the docstring of a room names; none where it says in a sentence what its files are."""
    module = room / "__init__.py"
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) if module.exists() else None
    names = set(re.findall(r"(?<![\w/.])\w+\.py\b", text or ""))
    return names if len(names) > 1 else set()


def index() -> str:
    """Every file of the package, by room."""
    return "\n".join(line for room in rooms() for line in _room(room)) + "\n"


def _room(room: Path) -> Iterator[str]:
    files = [path for path in sorted(room.glob("*.py")) if path.name != "__init__.py"]
    yield f"\n**`{room.relative_to(ROOT).as_posix()}/`** {purpose(room / '__init__.py')}\n"
    if files:
        yield "| file | |\n|---|---|"
        yield from (f"| `{path.name}` | {purpose(path)} |" for path in files)


def missing(page: str) -> list[str]:
    """Rooms and wings that the part written by hand does not name."""
    by_hand = page.split(BEGIN)[0]
    names = [room.relative_to(PACKAGE).as_posix() + "/" for room in rooms() if room != PACKAGE]
    return [name for name in names if not re.search(rf"`(?:btfnet/)?{re.escape(name)}`", by_hand)]


def with_index(page: str) -> str:
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}{index()}\n{END}{rest.split(END)[1]}"


@click.command(help=__doc__)
@click.option("--write", is_flag=True, help="Write the index between its marks.")
def main(write: bool) -> None:
    page = PAGE.read_text(encoding="utf-8")
    if write:
        PAGE.write_text(page := with_index(page), encoding="utf-8")
    unnamed = missing(page)
    for name in unnamed:
        click.echo(f"docs/architecture.md does not name the room {name}")
    if with_index(page) != page:
        click.echo(
            "docs/architecture.md: the index of files is behind the code; run this script with --write"
        )
        sys.exit(1)
    sys.exit(bool(unnamed))


if __name__ == "__main__":
    main()
