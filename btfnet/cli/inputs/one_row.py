"""The row that `inspect --why` explains: its number, or its bits."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import similar
from btfnet.cli.console import plural
from btfnet.cli.inputs.models import Reading, boolean_inputs
from btfnet.cli.inputs.rows import as_format_error, open_raw, open_rows
from btfnet.cli.runs.saved import training_items
from btfnet.committee.classifier import Classifier
from btfnet.errors import DataError, UsageError
from btfnet.explaining.why import one_row
from btfnet.formats.tables.reading import read_table
from btfnet.logic.circuit import Circuit
from btfnet.tables.model import TableModel

BITS = {
    "0": False,
    "1": True,
    "-1": False,
    "+1": True,
    "false": False,
    "true": True,
    "no": False,
    "yes": True,
}
HOW = "give the number of a row, bits such as 0110, or values such as a=1,b=0"


class OneRow(NamedTuple):
    """What is explained, what messages call it, and its number, None where bits were given."""

    values: NDArray[Any]
    said: str
    number: int | None


def row_number(text: str) -> int:
    """A row's number, counted from 1. Raises `UsageError` for anything else."""
    if not re.fullmatch(r"\d{1,15}", text) or int(text) == 0:
        raise UsageError(f"--why is {text!a}; expected the number of a row, from 1.")
    return int(text)


def circuit_row(text: str, model: str, circuit: Circuit, data: str | None, reading: Reading) -> OneRow:
    """A row of --data or of the training items by its number, or the bits themselves.

    Without --data as many 0 and 1 as there are inputs are bits.
    """
    if data is None and re.fullmatch(r"[01]+", text) and len(text) == circuit.n_inputs:
        return OneRow(np.array([sign == "1" for sign in text]), f"Inputs {text}", None)
    if "=" in text or "," in text:
        if data is not None:
            raise UsageError(
                "--why has values, and --data has rows; give only one of them, or a row's number."
            )
        return OneRow(_named(text, circuit), "Inputs as given", None)
    if re.fullmatch(r"\d{1,15}", text) is None or int(text) == 0:
        raise UsageError(f"--why is {text!a}; {HOW}.")
    if data is None and re.fullmatch(r"[01]{2,}", text) and training_items(model) is None:
        raise UsageError(
            f"--why has {len(text)} bits, but {circuit.name} has {plural(circuit.n_inputs, 'input')}."
        )
    found = numbered_row(model, circuit, int(text), data, reading)
    return found._replace(values=as_format_error(data or model, one_row, circuit, found.values))


def table_row(text: str, model: TableModel, data: str, reading: Reading) -> OneRow:
    """A raw row of a table by its number, as the conditions that are the inputs of the model's circuit."""
    number, table = row_number(text), read_table(data, reading.layout, raw=True)
    if number > table.n_rows:
        raise UsageError(f"--why is {number}, but {data} has {plural(table.n_rows, 'row')}.")
    bits = model.encode(table.some(np.array([number - 1])), first=number - 1)
    return OneRow(bits[0], f"Row {number} of {data}", number)


def numbered_row(
    model: str, predictor: Circuit | Classifier, number: int, data: str | None, reading: Reading
) -> OneRow:
    """A row of --data, or of the training items; raw where the predictor is a classifier."""
    said = f"Row {number} of {data or 'the training items'}"
    if data is None:
        items = training_items(model)
        if items is None:
            more = (
                "" if isinstance(predictor, Classifier) else ", or give the bits of a row, such as --why 0110"
            )
            raise DataError(f"{model}: there are no training items beside it; name rows with --data{more}.")
        if number > items.n_items:
            raise UsageError(f"--why is {number}, but there are {plural(items.n_items, 'training item')}.")
        if isinstance(predictor, Circuit):
            return OneRow(boolean_inputs(items, predictor, model)[number - 1], said, number)
        return OneRow(items.inputs[number - 1], said, number)
    if isinstance(predictor, Classifier):
        rows = open_raw(data, predictor, reading)
    else:
        rows = open_rows(data, predictor, reading)
    first = 0
    for piece in rows.pieces:
        if number <= first + len(piece):
            return OneRow(np.asarray(piece[number - 1 - first]), said, number)
        first += len(piece)
    raise UsageError(f"--why is {number}, but {data} has {plural(first, 'row')}.")


def _named(text: str, circuit: Circuit) -> NDArray[np.bool_]:
    """Values by name, every input once: a=1,b=0. Names may hold = and commas."""
    found: dict[str, bool] = {}
    rest = text.strip()
    while rest:
        name = _first_name(rest, circuit)
        value, _, rest = rest[len(name) :].lstrip()[1:].partition(",")
        rest = rest.strip()
        if value.strip().lower() not in BITS:
            raise UsageError(f"--why: {name} is {value.strip()!a}; expected 0 or 1.")
        if name in found:
            raise UsageError(f"--why: {name} stands there twice.")
        found[name] = BITS[value.strip().lower()]
    missing = [name for name in circuit.input_names if name not in found]
    if missing:
        more = f" and {plural(len(missing) - 5, 'more')}" if len(missing) > 6 else ""
        told = ", ".join(missing if not more else missing[:5])
        raise UsageError(f"--why: there is no value for {told}{more}; give one for each input.")
    return np.array([found[name] for name in circuit.input_names], dtype=bool)


def _first_name(text: str, circuit: Circuit) -> str:
    """The longest name of an input with which a text such as a=1,b=0 begins."""
    fits = [name for name in circuit.input_names if re.match(rf"{re.escape(name)}\s*=", text)]
    if fits:
        return max(fits, key=len)
    name, equals, _ = text.partition(",")[0].rpartition("=")
    if not equals:
        raise UsageError(f"--why: {text!a} is no value such as a=1; {HOW}.")
    name = name.strip()
    raise UsageError(f"--why: {circuit.name} has no input {name!a}{similar(name, circuit.input_names)}")
