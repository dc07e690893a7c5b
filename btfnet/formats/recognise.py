"""Which format a file has: by its suffix, and where that says nothing, by what it holds."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from btfnet.errors import UsageError, path_shown
from btfnet.files.reading import InMemory, is_pipe, pieces_of, read_bytes
from btfnet.formats.content import Text
from btfnet.formats.registry import FORMATS

LOOKED_AT = 1 << 16
"""Bytes at the start of a file that tell what it is."""
LINES_LOOKED_AT = 200

AnyPath = str | os.PathLike[str]


def suffix_of(path: AnyPath) -> str:
    """The suffix that the name ends with: the longest known one, else whatever stands behind its last point."""
    name = Path(path).name.lower()
    known = _spellings()  # btfnet's own go first: no plugin takes a name from them
    ends = [suffix for suffix in known if name.endswith(suffix) and name != suffix]
    longest = max(ends, key=len, default=Path(path).suffix.lower())
    return known.get(longest, longest)


def suffix_called(name: str) -> str:
    """The suffix of a format by its name: a suffix, with or without its dot, or a word such as verilog."""
    plain = name.strip().lower().removeprefix(".")
    own = {word: suffix for suffix, entry in FORMATS.own.items() for word in entry.names}
    if known := own.get(plain) or _spellings().get(f".{plain}"):
        return known
    others = {word: suffix for suffix, entry in FORMATS.others().items() for word in entry.names}
    return others.get(plain, f".{plain}")


def names_of_formats() -> list[str]:
    """All suffixes, and what people call formats beside them: for suggestions."""
    return [*FORMATS, *(word for entry in FORMATS.values() for word in entry.names)]


def opened_once(path: AnyPath) -> AnyPath:
    """A file whose suffix does not tell its format, with its content, so that it can be looked into and then read;
    a pipe gives its bytes only once. Any other path as it is.

    Raises `FormatError` when it cannot be read.
    """
    if isinstance(path, InMemory) or suffix_of(path) in FORMATS or not (_is_file(path) or is_pipe(path)):
        return path
    return InMemory(path, read_bytes(path))


def format_of(path: AnyPath) -> str:
    """The suffix that a file has or, where it has none that is known, should have; its own where nobody can tell.

    Only regular files are looked into. Raises `FormatError` when one cannot be read.
    """
    suffix = suffix_of(path)
    if suffix in FORMATS or not _is_file(path):
        return suffix
    head = next(pieces_of(path, LOOKED_AT), b"")
    return content_of(head, complete=len(head) < LOOKED_AT) or suffix


def expected_format(path: AnyPath, what: str, known: Sequence[str]) -> str:
    """The format of a file, which must be one of those that `known` names. Raises `UsageError` for others."""
    suffix = format_of(path)
    if suffix in known:
        return suffix
    listed = ", ".join(known)
    if suffix_of(path) not in FORMATS and suffix in FORMATS:
        raise UsageError(
            f"{path}: the content looks like {suffix}, which is not for {what}; use one of {listed}."
        )
    if _is_file(path) and suffix not in FORMATS:
        raise UsageError(
            f"{path}: neither the suffix nor the content names a known format for {what}; use one of {listed}."
        )
    raise unknown_suffix(path, what, known)


def unknown_suffix(path: object, what: str, known: Sequence[str]) -> UsageError:
    """The error for a file whose suffix names no format."""
    return UsageError(
        f"{path_shown(path)}: the suffix names no known format for {what}; use one of {', '.join(known)}."
    )


def content_of(head: bytes, *, complete: bool = True) -> str | None:
    """The suffix of what a file begins with; None where that is unclear.

    complete  whether these are all of its bytes
    """
    for suffix, entry in FORMATS.items():
        if entry.begins is not None and re.match(entry.begins, head, re.DOTALL):
            return suffix
    try:
        text = head.decode("utf-8-sig", errors="strict" if complete else "ignore")
    except UnicodeDecodeError:
        return None
    if "\0" in text or text.lstrip().startswith("<"):
        return None
    if not complete:
        text = text[: text.rfind("\n") + 1]
    stripped = (line.strip() for line in text.split("\n"))
    lines = [
        *islice((line for line in stripped if line and not line.startswith(("#", "//"))), LINES_LOOKED_AT)
    ]
    return _by_keyword(lines) or _by_looks(Text(text, lines, complete))


def _by_keyword(lines: list[str]) -> str | None:
    """By the first line that begins with a keyword; titles may stand above a PLA's."""
    keywords = {suffix: entry.keyword for suffix, entry in FORMATS.items() if entry.keyword}
    matches = (suffix for line in lines for suffix, keyword in keywords.items() if keyword.match(line))
    return next(matches, None)


def _by_looks(text: Text) -> str | None:
    fits = (
        suffix for suffix, entry in FORMATS.items() if entry.looks_like is not None and entry.looks_like(text)
    )
    return next(fits, None) if text.lines else None


def _spellings() -> dict[str, str]:
    """Every suffix of our own formats, and the one by which each is known."""
    return {spelling: suffix for suffix, entry in FORMATS.own.items() for spelling in (suffix, *entry.also)}


def _is_file(path: AnyPath) -> bool:
    try:
        return isinstance(path, InMemory) or os.path.isfile(path)
    except ValueError:  # a zero byte in the name
        return False
