"""TOML from others: of a bounded size and depth, with numbers of 64 bits; errors name file and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from btfnet.errors import FormatError
from btfnet.files.reading import read_bytes
from btfnet.printable import printable

LONGEST = 1 << 20
"""Bytes. Python's own parser takes about a second for as many."""
MOST_PARTS = 64
"""Of a dotted key; the parser's time grows with their square."""
LARGEST = 2**63 - 1

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}\.[ \t]*+){{{MOST_PARTS}}}")


def read(path: Path) -> str:
    """The text of a TOML file. Raises `FormatError` when it cannot be read, is no UTF-8, or too long."""
    data = read_bytes(path, most=LONGEST)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            path, None, f"is not UTF-8 text (byte {error.start}); a problem file is TOML."
        ) from error


def parse(text: str, path: Path) -> dict[str, Any]:
    """The document of a TOML text; path names it in messages. Raises `FormatError`."""
    deep = _DEEP_KEY.search(text)
    if deep:
        line = text.count("\n", 0, deep.start()) + 1
        raise FormatError(path, line, f"a key has more than {MOST_PARTS} parts; expected one, or two.")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        position = re.search(r"\(at line (\d+)", str(error))
        line = int(position[1]) if position else text.rstrip("\n").count("\n") + 1
        raise FormatError(path, line, f"this is not TOML: {printable(str(error)[:200])}.") from error
    except RecursionError as error:
        raise FormatError(path, None, "the tables or lists are nested too deeply.") from error
    except ValueError as error:  # of int() and float(), for numbers of thousands of digits, and of dates
        message = (
            f"a value is not accepted ({printable(str(error)[:80])}); expected numbers of at most 64 bits."
        )
        raise FormatError(path, None, message) from error
    _check_numbers(document, path)
    return document


def _check_numbers(document: dict[str, Any], path: Path) -> None:
    """TOML's integers have 64 bits; Python's parser takes any, which other functions then cannot print."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            raise FormatError(
                path, None, f"found a number of {value.bit_length()} bits, expected at most 63 and a sign."
            )
