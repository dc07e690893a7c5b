"""Circuits as netlists, models and drawings, by the suffix; btfnet marks those that it writes."""

from __future__ import annotations

from btfnet.cli.outputs.replacing import both_ends, check_replaceable
from btfnet.formats.format import MARK_BYTES, Holds
from btfnet.formats.registry import FORMATS
from btfnet.formats.writing import bytes_of, checked_suffix, write_thing
from btfnet.logic.circuit import Circuit

WRITING = "writing circuits"


def check_circuit(out: str, *, force: bool) -> None:
    """Raise `UsageError` where the suffix names no netlist, model or drawing, `OutputError` where a file is that
    may not be replaced by one; before any work.
    """
    suffix = checked_suffix(out, WRITING, Holds.CIRCUIT, Holds.DRAWING)
    is_own = FORMATS[suffix].is_own
    what = f"a {suffix} file that btfnet wrote"
    check_replaceable(out, what, lambda: is_own(*both_ends(out, MARK_BYTES)), force=force)


def put_circuit(out: str, circuit: Circuit, *, force: bool) -> None:
    """Write a circuit in the format that the suffix names; raises as `check_circuit`."""
    check_circuit(out, force=force)
    write_thing(out, circuit, WRITING, Holds.CIRCUIT, Holds.DRAWING)


def circuit_bytes(suffix: str, circuit: Circuit) -> bytes:
    """What a file of that suffix (with its dot) holds of a circuit."""
    return bytes_of(suffix, circuit, Holds.CIRCUIT)
