"""A table's model as a program that takes raw rows and needs no btfnet, or, of other formats, its circuit."""

from __future__ import annotations

import os

from btfnet.arguments import a, need, optional, path_first
from btfnet.formats.by_suffix import bytes_of, checked_suffix, write_thing
from btfnet.formats.circuits.rule import Rule
from btfnet.formats.format import Holds
from btfnet.formats.registry import writable
from btfnet.logic.circuit import Circuit
from btfnet.tables.model import TableModel

WRITING = "writing circuits"


def export_table_model(
    path: str | os.PathLike[str], model: TableModel, *, circuit: Circuit | None = None
) -> None:
    """Write a table's model as a program that takes raw rows (`.py`, `.c`), or its circuit in another one of
    `btfnet.formats.CIRCUITS_OUT`. A file that exists is replaced, whole or not at all.

    circuit  takes the place of the model's own and computes the same: that one optimised, say
    Raises as `btfnet.formats.write_circuit` does, `DataError` for a circuit of another shape, and `UsageError`
    where a label or a value is no string of C.
    """
    path_first("export_table_model", path, model=(model, a(TableModel)))
    need("export_table_model", circuit=(circuit, optional(a(Circuit))))
    suffix = checked_suffix(path, WRITING, Holds.RULE, Holds.CIRCUIT)
    write_thing(path, _thing(suffix, model, circuit), WRITING, Holds.RULE, Holds.CIRCUIT)


def table_model_bytes(suffix: str, model: TableModel) -> bytes:
    """What a file of that suffix (with its dot) holds of a model."""
    return bytes_of(suffix, _thing(suffix, model, None), Holds.RULE, Holds.CIRCUIT)


def _thing(suffix: str, model: TableModel, circuit: Circuit | None) -> Rule | Circuit:
    rule = Rule.of(model, circuit)
    return rule if suffix in writable(Holds.RULE) else rule.circuit
