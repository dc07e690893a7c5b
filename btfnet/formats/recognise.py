"""Which format a file has: by its suffix, and where that says nothing, by what it holds."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from btfnet.errors import UsageError, path_shown
from btfnet.files.reading import pieces_of

SUFFIXES = (
    *(".dat", ".csv", ".tsv", ".npy", ".npz", ".pla", ".wth", ".net", ".sol", ".gap", ".toml"),
    *(
        ".btf",
        ".json",
        ".graphml",
        ".blif",
        ".aag",
        ".aig",
        ".bench",
        ".v",
        ".sv",
        ".c",
        ".dot",
        ".yosys.json",
    ),
)
"""All that name a format; a file that has one is what it says."""
ALSO = {".sv": ".v", ".verilog": ".v", ".gv": ".dot", ".jsn": ".json"}
"""Other suffixes of the same formats."""
WORDS = {
    "verilog": ".v", "systemverilog": ".v", "aiger": ".aig", "graphviz": ".dot", "c99": ".c",
    "yosys": ".yosys.json", "numpy": ".npy", "iscas": ".bench", "espresso": ".pla", "table": ".csv",
}  # fmt: skip
"""What people call formats."""
LOOKED_AT = 1 << 16
"""Bytes at the start of a file that tell what it is."""
LINES_LOOKED_AT = 200
_MAGIC = {b"PK\x03\x04": ".npz", b"\x93NUMPY": ".npy", b"aag ": ".aag", b"aig ": ".aig", b"aig2 ": ".aig"}
_PLA = {".i", ".o", ".ilb", ".ob", ".type", ".mv", ".p", ".phase", ".pair", ".label", ".kiss", ".symbolic"}
_BLIF = {
    ".model",
    ".inputs",
    ".outputs",
    ".names",
    ".latch",
    ".exdc",
    ".subckt",
    ".gate",
    ".clock",
    ".search",
}
_BENCH = re.compile(
    r"(INPUT|OUTPUT)\s*\(|[^\s=]+\s*=\s*[A-Za-z]+[A-Za-z0-9_]*\s*(0x[0-9a-fA-F]+\s*)?\(", re.I
)
_TERM = re.compile(r"([-012xX]{2,})[\s|=]+([-~01234xX]+)")
_CELL = re.compile(r"[-+]?[01](\.0*)?|[-?xX]|true|false|yes|no", re.I)


def suffix_of(path: str | os.PathLike[str]) -> str:
    """The suffix that the name ends with: the longest known one, else whatever stands behind its last point."""
    name = Path(path).name.lower()
    known = [suffix for suffix in SUFFIXES if name.endswith(suffix) and name != suffix]
    found = max(known, key=len, default=Path(path).suffix.lower())
    return ALSO.get(found, found)


def suffix_called(name: str) -> str:
    """The suffix of a format by its name: a suffix, with or without its dot, or a word such as verilog."""
    plain = name.strip().lower().removeprefix(".")
    return WORDS.get(plain) or ALSO.get(f".{plain}", f".{plain}")


def format_of(path: str | os.PathLike[str]) -> str:
    """The suffix that a file has or, where it has none that is known, should have; its own where nobody can tell.

    Only regular files are looked into. Raises `FormatError` when one cannot be read.
    """
    suffix = suffix_of(path)
    if suffix in SUFFIXES or not _is_file(path):
        return suffix
    head = next(pieces_of(path, LOOKED_AT), b"")
    return content_of(head, complete=len(head) < LOOKED_AT) or suffix


def expected_format(path: str | os.PathLike[str], what: str, known: Sequence[str]) -> str:
    """The format of a file, which must be one of those that `known` names. Raises `UsageError` for others."""
    found = format_of(path)
    if found in known:
        return found
    listed = ", ".join(known)
    if suffix_of(path) not in SUFFIXES and found in SUFFIXES:
        raise UsageError(
            f"{path}: the content looks like {found}, which is not for {what}; use one of {listed}."
        )
    if _is_file(path) and found not in SUFFIXES:
        raise UsageError(
            f"{path}: neither the suffix nor the content names a known format for {what}; use one of {listed}."
        )
    raise UsageError(f"{path_shown(path)}: the suffix names no known format for {what}; use one of {listed}.")


def content_of(head: bytes, *, complete: bool = True) -> str | None:
    """The suffix of what a file begins with; None where that is unclear.

    complete  whether these are all of its bytes
    """
    for magic, suffix in _MAGIC.items():
        if head.startswith(magic):
            return suffix
    if _is_packed(head):
        return ".btf"
    try:
        text = head.decode("utf-8-sig", errors="strict" if complete else "ignore")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    if not complete:
        text = text[: text.rfind("\n") + 1]
    return _text(text, complete=complete)


def _is_file(path: str | os.PathLike[str]) -> bool:
    try:
        return os.path.isfile(path)
    except ValueError:  # a zero byte in the name
        return False


def _is_packed(head: bytes) -> bool:
    """A length in eight bytes, and a header in JSON: .btf."""
    return (
        len(head) > 9
        and head[8:9] == b"{"
        and head[4:8] == bytes(4)
        and int.from_bytes(head[:4], "little") > 1
    )


def _text(text: str, *, complete: bool) -> str | None:
    begin = text.lstrip()[:1]
    if begin in ("{", "<"):
        return ".json" if begin == "{" else ".graphml" if "<graphml" in text else None
    stripped = (line.strip() for line in text.split("\n"))
    lines = list(
        islice((line for line in stripped if line and not line.startswith(("#", "//"))), LINES_LOOKED_AT)
    )
    if not lines:
        return None
    return _netlist(lines) or _numbers(text, complete=complete) or _terms(lines) or _cells(lines)


def _netlist(lines: list[str]) -> str | None:
    """What begins with a keyword; titles may stand above a PLA's."""
    for line in lines:
        word = line.split()[0].lower()
        if word in _PLA or word in _BLIF:
            return ".pla" if word in _PLA else ".blif"
        if word == "module":
            return ".v"
        if _BENCH.match(line):
            return ".bench"
        if re.fullmatch(r"\[(data|network|train|settings)\]", line):
            return ".toml"
    return None


def _numbers(text: str, *, complete: bool) -> str | None:
    """A .dat says how many words it has."""
    words = text.split(None, 5)
    if len(words) < 6 or not all(re.fullmatch("[0-9]{1,9}", word) for word in words[:5]):
        return None
    items, _, inputs, _, outputs = map(int, words[:5])
    rest = len(words[5].split())
    promised = items * (inputs + outputs)
    return ".dat" if rest == promised or (not complete and 0 < rest < promised) else None


def _terms(lines: list[str]) -> str | None:
    """Lines of two fields of signs, all of one shape: a PLA without its numbers."""
    found = [_TERM.fullmatch(line.partition("#")[0].strip()) for line in lines if line not in (".e", ".end")]
    shapes = {(len(term[1]), len(term[2])) if term else None for term in found}
    return ".pla" if len(shapes) == 1 and None not in shapes else None


def _cells(lines: list[str]) -> str | None:
    """Rows of as many cells of bits, below a header or not."""
    for separator in ",;\t":
        rows = [line.split(separator) for line in lines]
        bits = rows[1:] if len(rows) > 1 else rows
        if (
            len({len(row) for row in rows}) == 1
            and len(rows[0]) > 1
            and all(_CELL.fullmatch(cell.strip().strip('"')) for row in bits for cell in row)
        ):
            return ".csv"
    return None
