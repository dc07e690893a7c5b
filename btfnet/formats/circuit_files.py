"""Reading and writing circuits by the file's suffix, reading also by what the file holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from btfnet.arguments import FLAG, PATH, a, need, path_first
from btfnet.formats.btf.model import model_file
from btfnet.formats.format import Format, Holds
from btfnet.formats.recognise import expected_format, format_of, opened_once
from btfnet.formats.registry import FORMATS, readable
from btfnet.formats.writing import write_thing
from btfnet.logic.circuit import Circuit
from btfnet.logic.packed_model import PackedModel

if TYPE_CHECKING:
    from btfnet.committee.classifier import Classifier

AnyPath = str | os.PathLike[str]


def write_circuit(path: AnyPath, circuit: Circuit) -> None:
    """Write a circuit in the format that the suffix names, one of `btfnet.formats.CIRCUITS_OUT`. A file that
    exists is replaced, whole or not at all.

    Raises `UsageError` for another suffix, `OutputError` when the file cannot be written, `ToolError` when the
    format needs an outside program and that is missing or fails.
    """
    path_first("write_circuit", path, circuit=(circuit, a(Circuit)))
    write_thing(path, circuit, "writing circuits", Holds.CIRCUIT)


def read_circuit(path: AnyPath, *, cut_latches: bool = False) -> Circuit:
    """Read a circuit from a file of one of the formats `btfnet.formats.CIRCUITS_IN`, or a truth table (`.pla`) as
    a circuit. A file or a pipe without a known suffix is what it holds.

    cut_latches   netlists with latches: their states become inputs, their next states outputs; else refused
    External don't cares of BLIF are left out; see `read_dont_cares`.
    Raises `FormatError` when the file breaks its format's rules, `UsageError` where it is of no such format.
    """
    need("read_circuit", path=(path, PATH), cut_latches=(cut_latches, FLAG))
    circuit: Circuit = _read(path, Holds.CIRCUIT, cut_latches=cut_latches)[0]
    return circuit


def read_dont_cares(path: AnyPath, *, cut_latches: bool = False) -> Circuit | None:
    """External don't cares of a `.blif` file (`.exdc`): a circuit of the same shape as `read_circuit` gives, true
    where an output does not count. None for a file without, and for every other format. Errors as there.
    """
    need("read_dont_cares", path=(path, PATH), cut_latches=(cut_latches, FLAG))
    file = opened_once(path)
    if format_of(file) not in readable(Holds.CHECKED):
        return None
    return read_checked(file, cut_latches=cut_latches)[1]


def read_checked(path: AnyPath, *, cut_latches: bool = False) -> tuple[Circuit, Circuit | None]:
    """What `read_circuit` and `read_dont_cares` give, of a file that is opened once."""
    found, kind = _read(path, Holds.CHECKED, cut_latches=cut_latches)
    return found if kind is Holds.CHECKED else (found, None)


def read_predictor(path: AnyPath, *, cut_latches: bool = False) -> Circuit | Classifier:
    """What `read_circuit` gives, or the classifier that a `.btf` file holds."""
    predictor: Circuit | Classifier = _read(path, Holds.PREDICTOR, cut_latches=cut_latches)[0]
    return predictor


def load_model(path: AnyPath) -> PackedModel:
    """A model to predict with: from a `.btf` file, the directory of a run, or any circuit's file.

    Raises `FormatError` when the file breaks its format's rules, `UsageError` for an unknown suffix.
    """
    need("load_model", path=(path, PATH))
    found, kind = _read(model_file(path), Holds.MODEL)
    return found if kind is Holds.MODEL else PackedModel.from_circuit(found)


def _read(path: AnyPath, wanted: Holds, *, cut_latches: bool = False) -> tuple[Any, Holds]:
    """The thing wanted where the format holds that, else the circuit; and which it is."""
    file = opened_once(path)
    entry: Format = FORMATS[expected_format(file, "reading circuits", readable(Holds.CIRCUIT))]
    kind = wanted if wanted in entry.read else Holds.CIRCUIT
    options = {"cut_latches": cut_latches} if entry.has_latches else {}
    return entry.reader(kind)(file, **options), kind
