"""A problem file's tables, looked up with complaints that name file, line and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from btfnet.errors import FormatError
from btfnet.formats.toml import text as toml_text
from btfnet.printable import printable, shown

REQUIRED = object()
_KINDS = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True)
class Reader:
    """A parsed file, with checked access to its tables; table "" is the top of the file."""

    path: Path
    text: str
    document: dict[str, Any]

    @classmethod
    def of(cls, text: str, path: Path) -> Reader:
        return cls(path, text, toml_text.parse(text, path))

    def table(self, name: str, *, required: bool = False) -> dict[str, Any]:
        if not name:
            return self.document
        if required and name not in self.document:
            raise FormatError(self.path, None, f"the table [{name}] is missing; a problem file needs it.")
        return self.get("", name, dict, {})

    def get(self, table: str, key: str, kind: type, default: Any = REQUIRED) -> Any:
        """The value of a key if it is of that kind; whole numbers count as numbers, Booleans do not."""
        values = self.table(table)
        if key not in values:
            if default is REQUIRED:
                self.fail(table, "", f'has no "{key}"; give it {_KINDS[kind]}.')
            return default
        value = values[key]
        kinds = (int, float) if kind is float else (kind,)
        if type(value) not in kinds:
            self.fail(table, key, f"is {_shown(value)}, but it must be {_KINDS[kind]}.")
        return value

    def positive(self, table: str, key: str) -> int:
        value: int = self.get(table, key, int)
        if value < 1:
            self.fail(table, key, f"is {value}, but it must be a whole number of at least 1.")
        return value

    def whole_numbers(self, table: str, key: str) -> list[int]:
        values: list[int] = self.get(table, key, list)
        for value in values:
            if type(value) is not int:
                self.fail(table, key, f"contains {_shown(value)}, but it must be a list of whole numbers.")
        return values

    def check_keys(self, table: str, known: Iterable[str]) -> None:
        known = list(known)
        for key in self.table(table):
            if key not in known:
                close = difflib.get_close_matches(key.lower(), known, n=3)
                hint = f"did you mean {' or '.join(close)}?" if close else f"known here: {', '.join(known)}."
                self.fail(table, key, f"is unknown; {hint}")

    def fail(self, table: str, key: str, problem: str) -> NoReturn:
        """Raise a `FormatError` whose text begins with the key or table and goes on with the problem."""
        subject = f'"{printable(key[:60])}"' if key else "the table" if table else "the file"
        where = f" in [{table}]" if key and table else f" [{table}]" if table else ""
        raise FormatError(self.path, self.line(table, key), f"{subject}{where} {problem}")

    def line(self, table: str, key: str) -> int | None:
        """Where the key stands, or its table; None where it is written too cleverly to be found."""
        current, header = "", None
        for number, line in enumerate(self.text.split("\n"), start=1):
            opened = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
            if opened:
                current = opened[1]
                if current in (table, key if not table else None):
                    header = number
            elif key and current == table and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
                return number
        return header


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else shown(value)
