"""Docstrings for the reference: aligned tables of arguments, which Markdown would run together, become lists.

beta     step in (0, 2]                    - `beta` — step in (0, 2]
gap      the run is solved once it is      - `gap` — the run is solved once it is at or below this
         at or below this
"""

from __future__ import annotations

import re
from typing import Any

import griffe

ENTRY = re.compile(r"^( {0,3})([A-Za-z_*][\w*]*(?:, \w+)*) {2,}(\S.*)$|^( {0,3})(\w[\w ,/]*?) {3,}(\S.*)$")
CODE_INDENT = 4


def as_markdown(text: str) -> str:
    """The docstring with each row of an aligned table as an item of a list."""
    lines: list[str] = []
    column = 0
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        entry = ENTRY.match(line)
        if column and line.strip() and indent > CODE_INDENT and not (entry and indent < CODE_INDENT):
            lines[-1] += " " + line.strip()
        elif entry:
            name, said = entry[2] or entry[5], entry[3] or entry[6]
            if not column and lines and lines[-1].strip():
                lines.append("")
            lines.append(f"- `{name}` — {said}")
            column = entry.start(3) if entry[3] else entry.start(6)
        else:
            if column and line.strip():
                lines.append("")
            lines.append(line)
            column = 0
    return "\n".join(lines)


class Tables(griffe.Extension):
    """Changes every docstring as it is loaded; what says enough by its name and type is shown without one."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
        elif not obj.name.startswith("_") and (obj.is_function or "property" in obj.labels):
            obj.docstring = griffe.Docstring("", parent=obj)
