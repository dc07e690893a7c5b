"""Damaged and hostile .btf files: each is a valid model, which then predicts, or is refused with a reason.

    python scripts/fuzz_models.py                        # 100 000 files
    python scripts/fuzz_models.py --files 5000 --seed 7

Good files are mutated in one to three ways: bytes and bits, truncations and insertions, headers that stay valid
JSON (offsets swapped, shapes and types changed, entries moved, huge numbers), numbers within the arrays. A model
that loads must predict as the circuit made from it does, and survive being written. Memory is watched twice: the
peak while reading is compared with the file's size, and the whole process may not grow by more than LIMIT bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from btfnet.circuit import Circuit, Gate
from btfnet.errors import DataError, FormatError
from btfnet.formats.btf import TENSORS, decode, encode
from btfnet.packed import PackedModel

LIMIT = 1 << 30
NAME = "x.btf"
PEAK_BASE, PEAK_PER_BYTE = 1 << 16, 16
"""What reading may take: so much, and so much for each byte of the file."""
HUGE = (-1, 0, 1, 2, 31, 32, 255, 2**24, 2**31, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64, 10**30)
WORDS = ("NaN", None, True, 1.5, "1", [], {}, "U64", "F64", "é", "\ud800", "x" * 99)


@dataclass
class Tally:
    """What became of the files."""

    loaded: int = 0
    refused: int = 0
    as_circuits: int = 0
    worst_peak: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)


def good_files(rng: np.random.Generator) -> list[bytes]:
    """Models of every shape: no gates, constants, several layers, weights in planes, many words."""
    circuits = [
        Circuit(3, (), (1, -3)),
        Circuit(
            2, (Gate(0, ()), Gate(1, (1, 3)), Gate(3, (1, 1, 1, -2, 4))), (4, -5), ("a", "b"), ("y", "ü\n")
        ),
        layered(rng, (4, 4, 4, 4), 3),
        layered(rng, (70, 65, 3), 20),
        layered(rng, (9, 9, 9), 30),
    ]
    return [encode(PackedModel.from_circuit(circuit)) for circuit in circuits]


def layered(rng: np.random.Generator, widths: tuple[int, ...], fan_in: int) -> Circuit:
    """Random gates of so many literals, which may repeat, over the layer below."""
    gates, first = [], 1
    for below, width in pairwise(widths):
        for _ in range(width):
            literals = rng.integers(first, first + below, fan_in) * rng.choice([-1, 1], fan_in)
            gates.append(Gate(int(rng.integers(0, fan_in + 2)), tuple(literals.tolist())))
        first += below
    return Circuit(widths[0], tuple(gates), tuple(range(first, first + widths[-1])))


# -- mutations --------------------------------------------------------------------------------------------


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """The file after one to three accidents or attacks."""
    ways = (flip_bits, cut, insert, edit_header, edit_header, *(edit_numbers,) * 5)
    for _ in range(int(rng.choice([1, 2, 3], p=[0.6, 0.2, 0.2]))):
        data = ways[int(rng.integers(len(ways)))](data, rng)
    return data


def flip_bits(data: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for place in rng.integers(0, max(1, len(data)), int(rng.integers(1, 9))).tolist():
        if place < len(data):
            changed[place] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def cut(data: bytes, rng: np.random.Generator) -> bytes:
    first, end = sorted(rng.integers(0, len(data) + 1, 2).tolist())
    return data[:first] if rng.random() < 0.5 else data[:first] + data[end:]


def insert(data: bytes, rng: np.random.Generator) -> bytes:
    place, size = int(rng.integers(0, len(data) + 1)), int(rng.integers(1, 40))
    return data[:place] + rng.bytes(size) + data[place:]


def edit_header(data: bytes, rng: np.random.Generator) -> bytes:
    """Change the header so that it stays JSON; its length is put right."""
    parts = split(data)
    if parts is None:
        return data
    header, body = parts
    for _ in range(int(rng.integers(1, 3))):
        change_entry(header, rng)
    return join(header, body)


def change_entry(header: dict, rng: np.random.Generator) -> None:
    names = [name for name, entry in header.items() if isinstance(entry, dict)] or ["new"]
    one, other = (names[int(rng.integers(len(names)))] for _ in range(2))
    entry = header.setdefault(one, {})
    match int(rng.integers(8)):
        case 0:
            header[one], header[other] = header.get(other), entry
        case 1 if isinstance(header.get(other), dict):
            for key in ("data_offsets", "shape")[: int(rng.integers(1, 3))]:
                entry[key], header[other][key] = header[other].get(key), entry.get(key)
        case 2:
            del header[one]
        case 3:
            header[one + "é"] = header.pop(one)
        case 4:
            entry[WORDS[int(rng.integers(9, 12))]] = odd_value(rng)
        case 5:
            entry[("dtype", "shape", "data_offsets", "version", "inputs")[int(rng.integers(5))]] = odd_value(
                rng
            )
        case _:
            key = ("shape", "data_offsets")[int(rng.integers(2))]
            values = entry.get(key)
            if isinstance(values, list) and values:
                values[int(rng.integers(len(values)))] = HUGE[int(rng.integers(len(HUGE)))]


def odd_value(rng: np.random.Generator) -> object:
    pool = (*WORDS, *HUGE, [0, 8], [8, 0], [[0]], ["a", "a"], '["a", "a"]', '["a", "b", 3]', "[[[[")
    return pool[int(rng.integers(len(pool)))]


def edit_numbers(data: bytes, rng: np.random.Generator) -> bytes:
    """Change some numbers of the arrays under a header that stays right."""
    parts = split(data)
    if parts is None:
        return data
    header, body = parts[0], bytearray(parts[1])
    name = str(rng.choice(list(TENSORS)))
    dtype = np.dtype(TENSORS[name])
    try:
        first, end = header[name]["data_offsets"]
        places = range(first, end, dtype.itemsize)
        place = places[int(rng.integers(len(places)))]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return data
    value = HUGE[int(rng.integers(len(HUGE)))] if rng.random() < 0.3 else int(rng.integers(-3, 9))
    if rng.random() < 0.3 and place + 2 * dtype.itemsize <= len(body):  # swapped with the next
        middle, last = place + dtype.itemsize, place + 2 * dtype.itemsize
        body[place:last] = body[middle:last] + body[place:middle]
    else:
        body[place : place + dtype.itemsize] = (value % 256**dtype.itemsize).to_bytes(
            dtype.itemsize, "little"
        )
    return join(header, bytes(body))


def split(data: bytes) -> tuple[dict, bytes] | None:
    begin = 8 + int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8:begin].decode())
    except (ValueError, RecursionError, OverflowError):
        return None
    return (header, data[begin:]) if isinstance(header, dict) else None


def join(header: dict, body: bytes) -> bytes:
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + body


# -- what must hold ---------------------------------------------------------------------------------------


def examine(data: bytes, rng: np.random.Generator, tally: Tally) -> None:
    """Read one file. Raises AssertionError, or whatever the reader raises but should not."""
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        model = decode(NAME, data)
    except FormatError as error:
        model, text = None, str(error)
        assert text.startswith(f"{NAME}: "), text
        assert len(text) < 1000, text
        tally.refused += 1
        tally.reasons[reason(text.removeprefix(f"{NAME}: "))] += 1
    peak = tracemalloc.get_traced_memory()[1] - before
    tally.worst_peak = max(tally.worst_peak, peak / (PEAK_BASE + PEAK_PER_BYTE * len(data)))
    assert peak <= PEAK_BASE + PEAK_PER_BYTE * len(data), f"reading {len(data)} bytes took {peak}"
    if model is not None:
        tally.loaded += 1
        use(model, rng, tally)


def reason(text: str) -> str:
    """The kind of a refusal: its text without numbers and quoted words."""
    return re.sub(r"'.*'|-?\d+", "#", text.removeprefix("this is no packed model, or a damaged one: "))[:60]


def use(model: PackedModel, rng: np.random.Generator, tally: Tally) -> None:
    """The model predicts, alone and as a circuit, and survives being written."""
    rows = rng.random((5, model.n_inputs)) < 0.5
    outputs = model.predict(rows)
    assert outputs.shape == (5, model.n_outputs)
    assert np.array_equal(model.shared().predict(rows), outputs)
    assert decode(NAME, encode(model)) == model
    try:
        circuit = model.to_circuit()
    except DataError:
        return
    assert np.array_equal(circuit.predict(rows) > 0, outputs)
    tally.as_circuits += 1


def fuzz(n_files: int, seed: int, broken: Path | None = None) -> Tally:
    """So many files, drawn from the seed. The one that breaks a promise is kept at `broken`."""
    rng = np.random.default_rng(seed)
    good, tally = good_files(rng), Tally()
    for data in good:
        examine(data, rng, tally)
    tracemalloc.start()
    try:
        for _ in range(n_files):
            data = mutated(good[int(rng.integers(len(good)))], rng)
            try:
                examine(data, rng, tally)
            except Exception:
                if broken:
                    broken.write_bytes(data)
                raise
    finally:
        tracemalloc.stop()
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--broken", type=Path, default=Path("broken.btf"), help="where a failure is kept")
    options = parser.parse_args()
    fuzz(10, 0)  # everything is imported and compiled
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + LIMIT, used + LIMIT))
    begun = time.monotonic()
    tally = fuzz(options.files, options.seed, options.broken)
    print(f"{options.files} files of seed {options.seed}, {time.monotonic() - begun:.0f} s, {sys.platform}")
    print(
        f"{tally.refused} refused, {tally.loaded} loaded and predicted, {tally.as_circuits} as circuits too"
    )
    print(f"peak while reading: at most {tally.worst_peak:.0%} of {PEAK_BASE} + {PEAK_PER_BYTE} · size bytes")
    for reason, count in tally.reasons.most_common(25):
        print(f"{count:>8}  {reason}")


if __name__ == "__main__":
    main()
