"""Circuits and items that arguments name: a run's directory, a file, a built-in problem."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet import tasks
from btfnet.arguments import similar
from btfnet.cli.runs.saved import find_model, warn_if_inexact
from btfnet.committee.classifier import Classifier
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats.by_suffix import read_checked, read_items, read_predictor
from btfnet.formats.csv.layout import Layout
from btfnet.formats.format import Holds
from btfnet.formats.recognise import format_of, suffix_of
from btfnet.formats.registry import FORMATS, readable
from btfnet.logic.circuit import Circuit
from btfnet.matching.columns import By, Ports
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind
from btfnet.tables.model import TableModel

Predictor = Circuit | Classifier | TableModel
"""What a MODEL argument may hold."""


class Reading(NamedTuple):
    """The layout of a table, how its columns are matched, and whether latches of netlists are cut."""

    layout: Layout
    by: By = By.AUTO
    cut_latches: bool = False

    @classmethod
    def asked(
        cls,
        *,
        separator: str | None,
        header: bool | None,
        by_name: bool = False,
        by_position: bool = False,
        cut_latches: bool = False,
    ) -> Reading:
        """From the options of that name. Raises `UsageError` where they contradict each other."""
        by = By.asked(by_name=by_name, by_position=by_position)
        return cls(Layout(separator, header), by, cut_latches)

    @property
    def is_default(self) -> bool:
        """Whether nothing was said about tables."""
        return self.layout.is_default and self.by is By.AUTO


def check_present(path: str) -> None:
    """Raise `DataError` where a MODEL argument names nothing: what is not there has no suffix to blame."""
    try:
        if os.path.lexists(path):
            return
    except ValueError:  # a zero byte, which whoever reads the file tells
        return
    if path in tasks.names():
        raise DataError(
            f"{path} is a built-in problem, and no circuit yet. Learn it first (btfnet solve {path} --out DIR), "
            f"and name that directory."
        )
    raise DataError(
        f"{path}: there is no such file, and no such directory of a run (solve --out); check its name and place."
    )


def load_checked(model: str, *, cut_latches: bool) -> tuple[Circuit, Circuit | None]:
    """The circuit of a MODEL argument (a run's directory, or a file), and where its outputs do not count."""
    check_present(model)
    circuit, dont_care = read_checked(find_model(model), cut_latches=cut_latches)
    warn_if_inexact(circuit.training, model)
    return circuit, dont_care


def load_predictor(model: str, *, cut_latches: bool) -> Predictor:
    """The circuit of a MODEL argument, or what `btfnet classify` or `btfnet learn` saved there."""
    check_present(model)
    predictor = read_predictor(find_model(model), cut_latches=cut_latches)
    if not isinstance(predictor, TableModel):  # of rows that contradict each other nobody expects it
        warn_if_inexact(predictor.training, model)
    return predictor


def circuit_behind(predictor: Predictor) -> Circuit:
    """The circuit that answers, whatever makes its inputs of raw rows."""
    if isinstance(predictor, TableModel):
        return predictor.circuit
    return predictor.model.to_circuit() if isinstance(predictor, Classifier) else predictor


def ports_of(model: Circuit | Classifier) -> Ports:
    """The names of a circuit's inputs and outputs, or of a classifier's inputs and classes."""
    what = "classifier" if hasattr(model, "class_names") else "circuit"
    return model.ports._replace(side=f"the {what} {model.name}")


def load_items(path: str, model: Circuit | Classifier, reading: Reading) -> Items:
    """The items of a data file, a problem file or a built-in problem, to check a circuit against.

    Inputs and outputs come in the order of the circuit's names, where both sides have names.
    """
    ports = ports_of(model)
    if _holds(path, Holds.ITEMS):
        return read_items(path, n_inputs=model.n_inputs, layout=reading.layout, ports=ports, by=reading.by)
    if not reading.layout.is_default:
        raise UsageError(f"--separator and --header are for .csv files, and {path} is none.")
    return tasks.load(path).problem.items.ordered_as(ports, reading.by, path)


def compared(items: Items, classifier: Classifier | None, where: str) -> Items:
    """The items as the classifier's circuit sees them; without a classifier as they are.

    Raises `DataError` where their inputs are of another kind or number.
    """
    if classifier is None:
        return items
    if classifier.input_kind is InputKind.NUMBERS and items.input_kind is InputKind.BITS:
        items = replace(items, inputs=(items.inputs > 0).astype(np.float32), input_kind=InputKind.NUMBERS)
    check_raw(items, classifier, where)
    bits = classifier.comparisons.encode(items.inputs)
    signs = np.where(bits, np.float32(1), np.float32(-1))
    return replace(items, inputs=signs, input_kind=InputKind.BITS, input_names=())


def check_raw(items: Items, classifier: Classifier, where: str) -> None:
    """Raise `DataError` for items whose inputs are not of the classifier's kind or number."""
    if (items.input_kind, items.n_inputs) != (classifier.input_kind, classifier.n_inputs):
        raise DataError(
            f"{where}: the items have {items.n_inputs} inputs of the kind {items.input_kind}, but "
            f"{classifier.name} classifies {classifier.n_inputs} of the kind {classifier.input_kind}."
        )


def boolean_items(items: Items, circuit: Circuit, where: str) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Inputs and outputs as integers. Raises `DataError` where the circuit has nothing to say about them."""
    check_boolean(items, circuit, where)
    return integers(items), items.outputs


def check_boolean(items: Items, circuit: Circuit, where: str) -> None:
    """Raise `DataError` where the circuit has nothing to say about the items."""
    if items.n_outputs != circuit.n_outputs:
        raise DataError(
            f"{where}: the items have {items.n_inputs} inputs and {items.n_outputs} outputs, but the circuit "
            f"{circuit.name} has {circuit.n_inputs} and {circuit.n_outputs}."
        )
    check_given_bits(items, circuit, where)


def boolean_inputs(items: Items, circuit: Circuit, where: str) -> NDArray[np.int8]:
    """Inputs as integers. Raises `DataError` where they are not given bits, one for each input of the circuit."""
    check_given_bits(items, circuit, where)
    return integers(items)


def check_given_bits(items: Items, circuit: Circuit, where: str) -> None:
    """Raise `DataError` where inputs are not given bits, one for each input of the circuit."""
    if items.input_kind != "bits":
        kind = items.input_kind.replace("_", " ")
        raise DataError(f"{where}: the inputs are {kind}, but a circuit can only be checked on given bits.")
    if items.n_inputs != circuit.n_inputs:
        raise DataError(
            f"{where}: the items have {items.n_inputs} inputs, but the circuit {circuit.name} has "
            f"{circuit.n_inputs}."
        )


def integers(items: Items) -> NDArray[np.int8]:
    """Inputs that are bits as ±1."""
    if items.packed is None:
        return items.inputs.astype(np.int8)
    return np.where(items.packed.dense(), np.int8(1), np.int8(-1))


def check_sides(a: str, b: str | None) -> None:
    """Raise `DataError` where one of two things to compare is not there, before anything is read or computed."""
    for what, path in (("A", a), ("B", b)):
        if path is None or os.path.lexists(path):
            continue
        try:
            tasks.find(path)
        except UsageError as error:
            if suffix_of(path) in FORMATS:
                raise FormatError(path, None, "there is no such file; check its name and place.") from error
            if Path(path).suffix:
                continue  # whoever reads it lists the suffixes that there are
            raise DataError(
                f"{what} is {path!a}, and there is no such file, run or built-in problem"
                f"{similar(path, tasks.names())} List the latter with: btfnet problems."
            ) from error


def is_table(path: str | None) -> bool:
    """Whether an argument names a table that is read as cubes."""
    return path is not None and _holds(path, Holds.TABLE)


def is_items(path: str) -> bool:
    """Whether an argument of `verify` names items rather than a circuit."""
    return _holds(path, Holds.ITEMS, Holds.PROBLEM) or (not Path(path).exists() and path in tasks.names())


def _holds(path: str, *things: Holds) -> bool:
    """Whether a file is of a format from which one of these can be read; a pipe is not looked into."""
    return format_of(path) in readable(*things)
