"""Rows of measurements: one JSON object to a line, appended, never changed; of rows with one key the last counts.

store = RowStore(Path("rows.jsonl"), ("problem", "seed"))
store.fill([("maj-3", 0), ("maj-3", 1)], measure)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click

import btfnet
from scripts.lib.pages import ROOT

Row = dict[str, Any]


@dataclass(frozen=True)
class RowStore:
    """A file of rows, and what tells one measurement from another."""

    path: Path
    key: tuple[str, ...]

    def all(self) -> list[Row]:
        """Every row, in the order in which they were appended."""
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    def key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.key)

    def keep(self, row: Row) -> None:
        """Append a row in one piece (several programs may do so at once), and show it."""
        line = json.dumps(row)
        with self.path.open("ab", buffering=0) as file:
            file.write(line.encode() + b"\n")
        click.echo(line)

    def fill(self, keys: Iterable[tuple[Any, ...]], measure: Callable[..., Row]) -> None:
        """Measure those of these keys that have no row."""
        done = set(map(self.key_of, self.all()))
        for key in keys:
            if key not in done:
                self.keep(measure(*key))


def digest(*paths: Path) -> str:
    """Of the sources that a row depends on."""
    sources = hashlib.sha256()
    for path in paths:
        sources.update(path.read_bytes())
    return sources.hexdigest()[:10]


@cache
def package_digest() -> str:
    """Of the package and the problem files."""
    return digest(*sorted([*(ROOT / "btfnet").rglob("*.py"), *(ROOT / "problems").glob("*.toml")]))


def check_checkout() -> None:
    """The package that is measured must be the one whose digest the rows will carry."""
    package = Path(btfnet.__file__).resolve().parents[1]
    if package != ROOT:
        raise click.UsageError(
            f"Python imports btfnet from {package}, but this program lies in {ROOT}. "
            f"Install that checkout (pip install -e), or run with PYTHONPATH={ROOT}."
        )
