"""`.traces`: traces as text, one step a line, an empty line between traces. See docs/machines.md."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from btfnet.arguments import PATH, need
from btfnet.errors import FormatError
from btfnet.files.text import read_text
from btfnet.machines.traces import Row, Traces, from_rows, spread
from btfnet.printable import shown

_CUT = re.compile(r"[\s,;]+")
_HEADER = re.compile(r"in\s*:(?P<inputs>[^/:]*)/\s*out\s*:(?P<outputs>[^/:]*)", re.I)
ADVICE = (
    "expected inputs and outputs such as 01 1; with several columns a slash between them (0 1 / 1), or a header "
    "such as in: a b / out: y."
)


def read_traces(path: str | os.PathLike[str]) -> Traces:
    """The traces of a file: lines of inputs and outputs, empty lines between traces, # before comments.

    Raises `DataError` with the line where the file is not like that.
    """
    need("read_traces", path=(path, PATH))
    return read_several([path])[0]


def read_several(paths: Sequence[str | os.PathLike[str]]) -> list[Traces]:
    """The traces of each file, in columns of the same names and symbols. Raises as `read_traces` does."""
    parts = [_rows(path) for path in paths]
    names = next((part[1] for part in parts if part[1][0]), ((), ()))
    together = from_rows([trace for part in parts for trace in part[0]], *names, str(paths[0]))
    begun, files = 0, list[Traces]()
    for path, (rows, own) in zip(paths, parts, strict=True):
        if own[0] and own != names:
            raise FormatError(
                path, None, f"its columns are not those of {paths[0]}; give both the same header."
            )
        if not rows:
            raise FormatError(path, None, "there is no trace in it; " + ADVICE)
        name = Path(path).name.split(".")[0] or "machine"
        files.append(replace(together.chosen(range(begun, begun + len(rows))), name=name))
        begun += len(rows)
    return files


Names = tuple[tuple[str, ...], tuple[str, ...]]


def _rows(path: str | os.PathLike[str]) -> tuple[list[list[Row]], Names]:
    """The traces, none of which is empty, and names of columns; () where there is no header."""
    traces: list[list[Row]] = [[]]
    names: Names = ((), ())
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        content = text.split("#", 1)[0].strip()
        if not content:
            if "#" not in text and traces[-1]:
                traces.append([])
        elif re.match(r"in\s*:", content, re.I):
            if names[0] or traces[0]:
                raise FormatError(
                    path, line, "found a header; expected one at the beginning of the file only."
                )
            names = _header(path, line, content)
        else:
            traces[-1].append(_row(path, line, content, names))
    return [trace for trace in traces if trace], names


def _header(path: str | os.PathLike[str], line: int, content: str) -> Names:
    found = _HEADER.fullmatch(content)
    sides = (
        []
        if found is None
        else [tuple(filter(None, _CUT.split(found[side]))) for side in ("inputs", "outputs")]
    )
    if not sides or not all(sides):
        raise FormatError(
            path, line, f"found {shown(content)}; expected a header such as in: reset enable / out: y."
        )
    return sides[0], sides[1]


def _row(path: str | os.PathLike[str], line: int, content: str, names: Names) -> Row:
    wide = [len(side) or None for side in names]
    sides = [list(filter(None, _CUT.split(side))) for side in content.split("/")]
    if len(sides) == 1:
        words = sides[0]
        if len(words) == 2:
            sides = [words[:1], words[1:]]
        elif wide[0] and len(words) == wide[0] + (wide[1] or 0):
            sides = [words[: wide[0]], words[wide[0] :]]
    if len(sides) != 2 or not all(sides):
        raise FormatError(path, line, f"found {shown(content)}; {ADVICE}")
    inputs, outputs = (spread(words, count) for words, count in zip(sides, wide, strict=True))
    return Row(inputs, outputs, f"{path}:{line}")
