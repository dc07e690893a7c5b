"""Mutations of binary formats that keep the outer layout right: headers, sizes, offsets, digests, directories."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from typing import Any

import numpy as np

from scripts.checks.fuzz.text import Rng, edit_bytes, edit_json, edit_number, edit_word, pick

HUGE = (
    -1,
    0,
    1,
    2,
    3,
    8,
    31,
    32,
    255,
    2**24,
    2**31,
    2**32 - 1,
    2**32,
    2**53,
    2**63 - 1,
    2**63,
    2**64,
    10**30,
)
ODD: tuple[Any, ...] = ("NaN", None, True, 1.5, "1", [], {}, "U64", "F64", "é", "\ud800", "x" * 99, [0, 8],
       [8, 0], [[0]],       '["a", "a"]', '["a", "b", 3]', "[[[[", "\x1b[31m", "9" * 5000)  # fmt: skip


# -- .npy -----------------------------------------------------------------------------------------------------

SHAPES = (
    "()", "(1,)", "(0, 3)", "(3, 0)", "(-1, 3)", "(True, True)", "(2**70,)", "(" + "1," * 70 + ")",
    "(1.0, 2)", f"({10**12}, 1)", f"({2**62}, 4)", f"({'9' * 400}, 1)", "(None,)", "[2, 2]", "(2, 2, 2)",
    "'a'",
)  # fmt: skip
TYPES = (
    "'|b1'", "'|i1'", "'|u1'", "'<i8'", "'>i2'", "'<f2'", "'<f4'", "'>f8'", "'<f16'", "'<c8'", "'|O'",
    "'<U3'", "'|S2'", "'<M8[s]'", "'|V4'", "[('a', '<i4')]", "('<i4', (2,))", "'<U1000000000'", "'|i99'",
    "'<U0'", "''", "3",
)  # fmt: skip


def npy(data: bytes, rng: Rng) -> bytes:
    """The header's dictionary, its length and version, the values."""
    if rng.random() < 0.2 or data[:6] != b"\x93NUMPY" or len(data) < 10:
        return edit_bytes(data, rng)
    length = int.from_bytes(data[8:10], "little")
    header, body, version = data[10 : 10 + length].decode("latin-1"), data[10 + length :], data[6:8]
    match int(rng.integers(7)):
        case 0:
            start = header.find("(")
            header = header[: max(start, 0)] + pick(SHAPES, rng) + header[header.find(")", start) + 1 :]
        case 1:
            start = header.find("'descr': ") + 9
            header = header[:start] + pick(TYPES, rng) + header[header.find(",", start) :]
        case 2:
            header = header.replace("False", pick(("True", "0", "None", "[]", "'a'"), rng))
        case 3:
            header = pick((edit_number, edit_word), rng)(header, rng)
        case 4:
            version = pick((b"\1\0", b"\2\0", b"\3\0", b"\0\0", b"\xff\xff"), rng)
        case 5 if body:
            values = bytearray(body)
            for index in rng.integers(0, len(values), int(rng.integers(1, 5))).tolist():
                values[index] = int(pick((0, 1, 2, 127, 128, 254, 255), rng))
            body = bytes(values)
        case _:
            body = edit_bytes(body, rng)
    text = header.encode("latin-1", "replace")
    size = len(text) if rng.random() < 0.9 else int(pick((0, 1, 65535, length), rng))
    if version == b"\2\0":
        return data[:6] + version + struct.pack("<I", size if rng.random() < 0.8 else 2**32 - 1) + text + body
    return data[:6] + version + struct.pack("<H", min(size, 65535)) + text + body


# -- .npz -----------------------------------------------------------------------------------------------------

NAMES = (
    "inputs", "outputs", "care", "input_kind", "output_kind", "n_unknown", "input_names", "output_names",
    "sigma", "a/inputs", "../outputs", "", "é", "inputs.npy", "x" * 300,
)  # fmt: skip
KINDS = ("bits", "analog", "unknown_bits", "unknown_one_hot", "class", "", "é", "x" * 200)


DIRECTORY = (
    (b"PK\1\2", 4, (8, 10, 16, 20, 24, 28, 30, 32, 42)),
    (b"PK\3\4", 4, (6, 8, 14, 18, 22, 26)),
    (b"PK\5\6", 2, (8, 10, 12, 16, 20)),
)
"""Marks of a zip archive, bytes of a field, and where fields stand behind the mark."""


def npz(data: bytes, rng: Rng) -> bytes:
    """Entries renamed, swapped, doubled, dropped, mutated, of other kinds; lies in the directory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except Exception:
        return edit_bytes(data, rng)
    if not entries or rng.random() < 0.1:
        return edit_bytes(data, rng)
    index, other = int(rng.integers(len(entries))), int(rng.integers(len(entries)))
    name, content = entries[index]
    match int(rng.integers(9)):
        case 0:
            entries[index] = f"{pick(NAMES, rng)}.npy", content
        case 1:
            entries[index], entries[other] = (name, entries[other][1]), (entries[other][0], content)
        case 2:
            entries += [(pick((name, "x.npy"), rng), content)] * int(pick((1, 1, 100), rng))
        case 3:
            del entries[index]
        case 4:
            array = np.array(
                pick((*KINDS, *HUGE[:14], True, 0.5, ["a", "b"], ["a", "a"], [["a"]], [1, 2], "\x1b"), rng)
            )
            entries[index] = name, _npy_bytes(array)
        case 5:
            entries.append((f"{pick(NAMES, rng)}.npy", _npy_bytes(np.array(pick(KINDS, rng)))))
        case _:
            entries[index] = name, npy(content, rng)
    return _lies(_zip_bytes(entries, rng), rng)


def _npy_bytes(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def _zip_bytes(entries: list[tuple[str, bytes]], rng: Rng) -> bytes:
    import warnings

    file = io.BytesIO()
    way = zipfile.ZIP_DEFLATED if rng.random() < 0.7 else int(pick((0, 12, 14), rng))
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", way) as archive:
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, way)
    return file.getvalue()


def _lies(data: bytes, rng: Rng) -> bytes:
    """A field of the directory changed: flags, way of packing, sizes, offsets, counts."""
    mark, width, fields = pick(DIRECTORY, rng)
    mark_at = data.find(mark)
    if mark_at < 0 or rng.random() < 0.6:
        return data
    start = mark_at + int(pick(fields, rng))
    value = int(pick((0, 1, 2, 0x41, 100, 2000, 65535, 2**31, 2**32 - 1), rng)) % 256**width
    return data[:start] + value.to_bytes(width, "little") + data[start + width :]


# -- safetensors: .btf, checkpoints -----------------------------------------------------------------------------


def tensors(data: bytes, rng: Rng) -> bytes:
    """The header stays JSON, its length right; the numbers of the arrays change."""
    parts = split(data)
    if parts is None or rng.random() < 0.15:
        return edit_bytes(data, rng)
    header, body = parts
    if rng.random() < 0.5:
        return join(header, _with_other_numbers(header, body, rng))
    if rng.random() < 0.2:
        return join_text(edit_json(json.dumps(header), rng).encode("utf-8", "replace"), body)
    for _ in range(int(rng.integers(1, 3))):
        _change_entry(header, rng)
    return join(header, body)


def checkpoint(data: bytes, rng: Rng) -> bytes:
    """The same, with a digest that fits, and with changes in the values that are JSON in the metadata."""
    parts = split(data)
    if parts is None:
        return edit_bytes(data, rng)
    header, body = parts
    metadata = header.get("__metadata__")
    if isinstance(metadata, dict) and isinstance(metadata.get("values"), str) and rng.random() < 0.6:
        metadata["values"] = pick((edit_json, edit_number, edit_word), rng)(metadata["values"], rng)
        data = join(header, body)
    else:
        data = tensors(data, rng)
    return data[:-32] + hashlib.sha256(data[:-32]).digest() if rng.random() < 0.95 else data


def _with_other_numbers(header: dict[str, Any], body: bytes, rng: Rng) -> bytes:
    """A few words of the arrays changed or swapped."""
    values, sizes = bytearray(body), (1, 4, 8)
    for _ in range(int(rng.integers(1, 3))):
        size = int(pick(sizes, rng))
        if len(values) < 2 * size:
            return bytes(values)
        offset = size * int(rng.integers(0, len(values) // size - 1))
        if rng.random() < 0.3:
            left, right = values[offset : offset + size], values[offset + size : offset + 2 * size]
            values[offset : offset + 2 * size] = right + left
        else:
            new = int(pick(HUGE, rng)) if rng.random() < 0.3 else int(rng.integers(-3, 9))
            values[offset : offset + size] = (new % 256**size).to_bytes(size, "little")
    return bytes(values)


def _change_entry(header: dict[str, Any], rng: Rng) -> None:
    names = [name for name, entry in header.items() if isinstance(entry, dict)] or ["new"]
    name, other = pick(names, rng), pick(names, rng)
    entry = header.setdefault(name, {})
    match int(rng.integers(8)):
        case 0:
            header[name], header[other] = header.get(other), entry
        case 1 if isinstance(header.get(other), dict):
            for key in ("data_offsets", "shape")[: int(rng.integers(1, 3))]:
                entry[key], header[other][key] = header[other].get(key), entry.get(key)
        case 2:
            del header[name]
        case 3:
            header[name + "é"] = header.pop(name)
        case 4:
            entry[pick(("é", "\ud800", "x" * 99), rng)] = pick((*ODD, *HUGE), rng)
        case 5:
            entry[pick(("dtype", "shape", "data_offsets", "version", "inputs", "outputs", "name"), rng)] = (
                pick((*ODD, *HUGE), rng)
            )
        case _:
            values = entry.get(pick(("shape", "data_offsets"), rng))
            if isinstance(values, list) and values:
                values[int(rng.integers(len(values)))] = pick(HUGE, rng)


def split(data: bytes) -> tuple[dict[str, Any], bytes] | None:
    begin = 8 + int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8:begin].decode())
    except (ValueError, RecursionError, OverflowError):
        return None
    return (header, data[begin:]) if isinstance(header, dict) else None


def join(header: dict[str, Any], body: bytes) -> bytes:
    return join_text(json.dumps(header).encode(), body)


def join_text(text: bytes, body: bytes) -> bytes:
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + body


# -- .aig -----------------------------------------------------------------------------------------------------


def aig(data: bytes, rng: Rng) -> bytes:
    """The header's counts, the Ands' differences, symbols and comments."""
    head, _, rest = data.partition(b"\n")
    if rng.random() < 0.5:
        words = head.decode("latin-1")
        return pick((edit_number, edit_word), rng)(words, rng).encode("utf-8") + b"\n" + rest
    return edit_bytes(data, rng)
