"""Mutations of text formats that know lines, sections, words, numbers, names, brackets and cells."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.Generator
Mutation = Callable[[str, Rng], str]

NUMBERS = (
    "0", "1", "-1", "2", "3", "00", "01", "+1", "1.5", "1e3", "1e999", "-0", "nan", "inf", "-inf", "0x10", "1_0",
    "255", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807",
    "18446744073709551616", "1000000000", "1000000000000", "9" * 30, "9" * 5000, "1" + "0" * 400, "٣", "²", "½",
)  # fmt: skip
WORDS = (
    "", "a", "A", "x0", "y0", "é", "日本", "🙂", "\x1b[31m", "\x07", "\u202e", "\ufeff", "\u2028", "x" * 3000,
    "-", "--", "~", "!", "#", "//", "/*", "*/", "\\", "\"", "'", "`", "$", "%s", "{}", "[]", "()", "=", ";",
    ":", ",", ".", "|", ".i", ".o", ".p", ".e", ".end", ".type fr", ".type fdr", ".ilb", ".ob", ".names",
    ".model", ".inputs", ".outputs", ".latch", ".exdc", ".subckt", ".phase", ".mv", "INPUT(", "OUTPUT(",
    "DFF(", "LUT 0xffff (", "MAJ(", "vdd", "aag", "aig", "module", "endmodule", "assign", "wire", "reg",
    "input", "output", "in:", "out:", "in", "out", "true", "false", "null", "NaN", "TRUE", "yes", "?", "x",
    "X", "[data]", "[[data]]", "[network]", "[a.b.c]", "&lt;", "&#0;", "<!DOCTYPE a>", "<a>", "]]>",
    "<?xml?>", "\\ud800", "\\u0000", "__proto__", "0-1", "---", "1 1",
)  # fmt: skip
BYTES = (
    b"\0", b"\r", b"\x0b", b"\x0c", b"\x1a", b"\x1c", b"\x85", b"\xa0", b"\xff", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xa8", b"\n\n\n", b"\t",
    b"\\\n", b"\x1b[2J",
)  # fmt: skip


def pick(values: Any, rng: Rng) -> Any:
    return values[int(rng.integers(len(values)))]


def span(length: int, rng: Rng) -> tuple[int, int]:
    """Two places in order, often near each other."""
    first = int(rng.integers(0, length + 1))
    wide = length if rng.random() < 0.2 else max(1, length // 10)
    return first, min(length, first + int(rng.integers(0, wide + 1)))


# -- lines ------------------------------------------------------------------------------------------------


def edit_lines(text: str, rng: Rng) -> str:
    """Lines or whole sections swapped, moved, dropped, repeated, joined, cut."""
    lines = text.split("\n")
    first, end = span(len(lines), rng)
    block, rest = lines[first:end], lines[:first] + lines[end:]
    position = int(rng.integers(0, len(rest) + 1))
    match int(rng.integers(9)):
        case 0:
            lines = rest
        case 1:
            lines = rest[:position] + block + rest[position:]
        case 2:
            lines = lines[:end] + block * int(pick((1, 1, 2, 30), rng)) + lines[end:]
        case 3:
            lines = lines[:first] + block[::-1] + lines[end:]
        case 4:
            lines = lines[:first] + [" ".join(block)] + lines[end:]
        case 5:
            lines = lines[:first] + ["\\\n".join(block)] + lines[end:]
        case 6:
            lines = [*lines[:first], pick(WORDS, rng), *lines[first:]]
        case 7:
            lines = [*lines[:first], "#" + pick(("", " a", '"', "\\"), rng), *lines[first:]]
        case _:
            rng.shuffle(lines)
    return "\n".join(lines)


# -- words, numbers, names ----------------------------------------------------------------------------------

_WORD = re.compile(r"[^\s,;:=()\[\]{}<>\"'/&|]+")
_NUMBER = re.compile(r"[0-9]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def edit_word(text: str, rng: Rng) -> str:
    """A word replaced by another of the file, or a strange one; dropped; doubled; swapped."""
    words = list(_WORD.finditer(text))
    if not words:
        return text + pick(WORDS, rng)
    word, other = pick(words, rng), pick(words, rng)
    match int(rng.integers(5)):
        case 0:
            new = other[0]
        case 1:
            new = pick(WORDS, rng)
        case 2:
            new = ""
        case 3:
            new = word[0] + pick((" ", ",", ""), rng) + word[0]
        case _:
            new = word[0] + pick(WORDS, rng)
    return text[: word.start()] + new + text[word.end() :]


def edit_number(text: str, rng: Rng) -> str:
    """A count or literal a little off, or extreme."""
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return text
    number = pick(numbers, rng)
    near = str(int(number[0][:20]) + int(pick((-2, -1, 1, 2), rng)))
    new = near if rng.random() < 0.4 else pick(NUMBERS, rng) if rng.random() < 0.7 else pick(numbers, rng)[0]
    return text[: number.start()] + new + text[number.end() :]


def edit_name(text: str, rng: Rng) -> str:
    """All occurrences of a name become another name."""
    names = sorted(set(_NAME.findall(text)))
    if not names:
        return text
    old, new = pick(names, rng), pick((*names[:20], *WORDS), rng)
    return re.sub(rf"\b{re.escape(old)}\b", lambda _: new, text)


# -- cells and brackets ---------------------------------------------------------------------------------------


def edit_cells(text: str, rng: Rng) -> str:
    """A column dropped, doubled, moved or spoilt, in a few rows or in all; another separator; quotes."""
    separator = pick((",", " "), rng)
    rows = [line.split(separator) for line in text.split("\n")]
    column, other = int(rng.integers(0, 8)), int(rng.integers(0, 8))
    few, way, cell = rng.random() < 0.4, int(rng.integers(6)), pick((*WORDS, *NUMBERS), rng)
    joint = pick((separator, ";", "\t", ", ", " ", separator * 2), rng) if way == 5 else separator
    for row in rows:
        if column < len(row) and (not few or rng.random() < 0.3):
            match way:
                case 0:
                    del row[column]
                case 1:
                    row.insert(other, row[column])
                case 2:
                    row.insert(other, row.pop(column))
                case 3:
                    row[column] = cell
                case 4:
                    row[column] = f'"{row[column]}"'
    return "\n".join(joint.join(row) for row in rows)


def nest(text: str, rng: Rng) -> str:
    """Brackets around, or in the middle, many times."""
    left, right = pick((("[", "]"), ("{", "}"), ("(", ")"), ("<a>", "</a>"), ('{"a":', "}"), ("~", "")), rng)
    depth = int(pick((1, 2, 50, 3000), rng))
    first, end = span(len(text), rng)
    closing = right * (depth if rng.random() < 0.7 else 0)
    return text[:first] + left * depth + text[first:end] + closing + text[end:]


def edit_json(text: str, rng: Rng) -> str:
    """A value of the tree replaced, removed, swapped, repeated or nested; a key that stands twice."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return text
    try:
        places = list(_places(tree))
        if not places:
            return text
        (holder, key), (other, second) = pick(places, rng), pick(places, rng)
        match int(rng.integers(6)):
            case 0:
                holder[key] = pick(
                    (None, True, 1.5, -1, 0, 10**30, 2**31, "", "\ud800", "\x1b[31m", [], {}, [[]]), rng
                )
            case 1:
                del holder[key]
            case 2:
                holder[key], other[second] = other[second], holder[key]
            case 3 if isinstance(holder, list):
                holder.extend([holder[key]] * int(pick((1, 2, 500), rng)))
            case 3:
                holder[str(key) + "x"] = holder[key]
            case 4:
                holder[key] = [holder[key]]
            case _:
                return json.dumps(tree).replace("{", '{"name": 1, ', int(rng.integers(1, 3)))
        return json.dumps(tree, ensure_ascii=bool(rng.random() < 0.7))
    except (ValueError, RecursionError, IndexError, KeyError):
        return text


def _places(tree: Any) -> Any:
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        keys = (
            range(len(value)) if isinstance(value, list) else list(value) if isinstance(value, dict) else ()
        )
        for key in keys:
            yield value, key
            waiting.append(value[key])


# -- the whole file -------------------------------------------------------------------------------------------


def edit_bytes(data: bytes, rng: Rng) -> bytes:
    """Bits, bytes, truncation, repetition, line ends, encodings."""
    first, end = span(len(data), rng)
    match int(rng.integers(10)):
        case 0:
            return data[:first]
        case 1:
            return data[:first] + data[end:]
        case 2:
            return data[:first] + pick(BYTES, rng) + data[first:]
        case 3 if data:
            position = min(first, len(data) - 1)
            return (
                data[:position] + bytes([data[position] ^ 1 << int(rng.integers(8))]) + data[position + 1 :]
            )
        case 4:
            return data.replace(b"\n", pick((b"\r\n", b"\r", b"\n\n", b" ", b"\x0c\n", b"\xe2\x80\xa8"), rng))
        case 5:
            return pick((b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b" ", b"#\n", b"\0"), rng) + data
        case 6:
            return data + data[first:]
        case 7:
            return data.decode("utf-8", "replace").encode(
                pick(("utf-16", "utf-32", "latin-1"), rng), "replace"
            )
        case 8:
            return data.replace(b" ", pick((b"  ", b"\t", b"", b"\xc2\xa0"), rng))
        case _:
            return data[:first] + rng.bytes(int(rng.integers(1, 20))) + data[end:]


TEXT: tuple[Mutation, ...] = (edit_lines, edit_lines, edit_word, edit_word, edit_number, edit_number, edit_name,
                              edit_cells, nest, edit_json)  # fmt: skip


def mutated(data: bytes, rng: Rng) -> bytes:
    """The file after one to three accidents or attacks."""
    for _ in range(int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))):
        if rng.random() < 0.25:
            data = edit_bytes(data, rng)
        else:
            text = data.decode("utf-8", "surrogateescape")
            data = pick(TEXT, rng)(text, rng).encode(
                "utf-8", "surrogatepass" if rng.random() < 0.1 else "replace"
            )
        if len(data) > LONGEST:
            data = data[:LONGEST]
    return data


LONGEST = 1 << 18
"""Bytes; mutations repeat what mutations repeated."""
