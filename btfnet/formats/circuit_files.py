"""Reading and writing circuits by the file's suffix, reading also by what the file holds."""

from __future__ import annotations

import os
from importlib import import_module

from btfnet.arguments import FLAG, PATH, a, need, path_first
from btfnet.formats.item_files import unknown_suffix
from btfnet.formats.recognise import expected_format, format_of, suffix_of
from btfnet.logic.circuit import Circuit

_WRITERS = {".json": "circuits.json_circuit", ".v": "verilog.writer", ".blif": "blif.writer"}
_WRITERS |= {
    ".dot": "circuits.dot",
    ".graphml": "circuits.graphml",
    ".aag": "aiger.writer",
    ".aig": "aiger.writer",
}
_WRITERS |= {".bench": "bench.writer", ".btf": "btf.model", ".c": "circuits.c99"}
_WRITERS |= {".yosys.json": "circuits.yosys_json", ".sv": "verilog.writer"}
_READERS = {".json": "circuits.json_circuit", ".blif": "blif.reader", ".graphml": "circuits.graphml"}
_READERS |= {".aag": "aiger.reader", ".aig": "aiger.reader", ".bench": "bench.reader", ".btf": "btf.model"}
_READERS |= {".v": "verilog.reader", ".sv": "verilog.reader"}
_WITH_LATCHES = (".blif", ".aag", ".aig", ".bench", ".v", ".sv")

CIRCUITS_OUT = tuple(_WRITERS)
"""Suffixes that `write_circuit` knows."""
CIRCUITS_IN = tuple(_READERS)
"""Suffixes that `read_circuit` knows, of circuits; it takes tables as well."""
TABLES_IN = (".pla",)
"""Suffixes of truth tables, which are read as items or as circuits."""


def write_circuit(path: str | os.PathLike[str], circuit: Circuit) -> None:
    """Write a circuit as `.json`, `.v` (Verilog), `.blif`, `.aag`, `.aig`, `.bench`, `.dot`, `.graphml`,
    `.btf`, `.c` (C99) or `.yosys.json`. A file that exists is replaced, whole or not at all.

    Raises `UsageError` for another suffix, `OutputError` when the file cannot be written, `ToolError` when the
    format needs an outside program and that is missing or fails.
    """
    path_first("write_circuit", path, circuit=(circuit, a(Circuit)))
    suffix = suffix_of(path)
    if suffix not in _WRITERS:
        raise unknown_suffix(path, "writing circuits", CIRCUITS_OUT)
    import_module(f"btfnet.formats.{_WRITERS[suffix]}").write(path, circuit)


def read_circuit(path: str | os.PathLike[str], *, cut_latches: bool = False) -> Circuit:
    """Read a circuit from a `.json`, `.graphml`, `.blif`, `.aag`, `.aig`, `.bench`, `.btf` or `.v` file, or a
    truth table (`.pla`) as a circuit. A file without a known suffix is what it holds.

    cut_latches   netlists with latches: their states become inputs, their next states outputs; else refused
    External don't cares of BLIF are left out; see `read_dont_cares`.
    Raises `FormatError` when the file breaks its format's rules, `UsageError` where it is of no such format.
    """
    need("read_circuit", path=(path, PATH), cut_latches=(cut_latches, FLAG))
    suffix = expected_format(path, "reading circuits", (*CIRCUITS_IN, *TABLES_IN))
    if suffix in TABLES_IN:
        from btfnet.formats.pla import reader as pla

        return pla.read_circuit(path)
    options = {"cut_latches": cut_latches} if suffix in _WITH_LATCHES else {}
    circuit: Circuit = import_module(f"btfnet.formats.{_READERS[suffix]}").read(path, **options)
    return circuit


def read_dont_cares(path: str | os.PathLike[str], *, cut_latches: bool = False) -> Circuit | None:
    """External don't cares of a `.blif` file (`.exdc`): a circuit of the same shape as `read_circuit` gives, true
    where an output does not count. None for a file without, and for every other format. Errors as there.
    """
    need("read_dont_cares", path=(path, PATH))
    if format_of(path) != ".blif":
        return None
    from btfnet.formats.blif.reader import read_with_dont_cares

    return read_with_dont_cares(path, cut_latches=cut_latches)[1]
