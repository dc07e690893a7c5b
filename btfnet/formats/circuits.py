"""Reading and writing circuits by the file's suffix."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from btfnet.circuit import Circuit
from btfnet.formats.items import unknown_suffix

_WRITERS = {".json": "json_circuit", ".v": "verilog", ".blif": "blif", ".dot": "dot", ".graphml": "graphml"}
_WRITERS |= {".aag": "aiger", ".aig": "aiger", ".bench": "bench", ".btf": "btf", ".c": "c99"}
_WRITERS |= {".yosys.json": "yosys_json"}
_READERS = {".json": "json_circuit", ".blif": "blif_reader", ".graphml": "graphml"}
_READERS |= {".aag": "aiger_reader", ".aig": "aiger_reader", ".bench": "bench_reader", ".btf": "btf"}

CIRCUITS_OUT = tuple(_WRITERS)
"""Suffixes that `write_circuit` knows."""
CIRCUITS_IN = tuple(_READERS)
"""Suffixes that `read_circuit` knows."""


def suffix_of(path: str | os.PathLike[str]) -> str:
    """The suffix that names the format: the longest known one that the name ends with, else its last."""
    name = Path(path).name.lower()
    known = [suffix for suffix in {**_WRITERS, **_READERS} if name.endswith(suffix) and name != suffix]
    return max(known, key=len, default=Path(path).suffix.lower())


def write_circuit(path: str | os.PathLike[str], circuit: Circuit) -> None:
    """Write a circuit as `.json`, `.v` (Verilog), `.blif`, `.aag`, `.aig`, `.bench`, `.dot`, `.graphml`,
    `.btf`, `.c` (C99) or `.yosys.json`. A file that exists is replaced, whole or not at all.

    Raises `UsageError` for another suffix, `OutputError` when the file cannot be written, `ToolError` when the
    format needs an outside program and that is missing or fails.
    """
    suffix = suffix_of(path)
    if suffix not in _WRITERS:
        raise unknown_suffix(path, "writing circuits", CIRCUITS_OUT)
    import_module(f"btfnet.formats.{_WRITERS[suffix]}").write(path, circuit)


def read_circuit(path: str | os.PathLike[str]) -> Circuit:
    """Read a circuit from a `.json`, `.graphml`, `.blif`, `.aag`, `.aig`, `.bench` or `.btf` file.

    Raises `FormatError` when the file breaks its format's rules, `UsageError` for another suffix.
    """
    suffix = suffix_of(path)
    if suffix not in _READERS:
        raise unknown_suffix(path, "reading circuits", CIRCUITS_IN)
    circuit: Circuit = import_module(f"btfnet.formats.{_READERS[suffix]}").read(path)
    return circuit
