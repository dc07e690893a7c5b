"""`.btf` of version 3: a model of tables, from raw rows to labels. See btf.md."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import PATH, a, need
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.files import strict_json, tensors
from btfnet.files.atomic import write_bytes
from btfnet.files.reading import read_bytes
from btfnet.formats.btf import model as btf
from btfnet.formats.btf.committee import committee_of, parts_of
from btfnet.logic.packed_model import PackedModel
from btfnet.matching.cells import number
from btfnet.tables.columns import Column, Kind
from btfnet.tables.conditions import Condition, Test
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.model import Encoder, Learned, TableModel
from btfnet.tables.pixels import PixelEncoder
from btfnet.tables.targets import Target

PIXELS, CONDITIONS = "pixels", "conditions"
MOST_TARGETS = 1000
LARGEST_STEP = 1e6
"""Of a logit for a vote; nobody writes one as large."""


def save_table_model(path: str | os.PathLike[str], model: TableModel) -> None:
    """Write a `.btf` file of version 3. Raises `OutputError` when it cannot be written."""
    need("save_table_model", path=(path, PATH), model=(model, a(TableModel)))
    write_bytes(path, encode(model))


def load_table_model(path: str | os.PathLike[str]) -> TableModel:
    """The model of a `.btf` file that `btfnet learn` wrote, or of the directory of its run.

    Raises `FormatError` as btf.md lists it, also for a file that holds another model.
    """
    need("load_table_model", path=(path, PATH))
    path = btf.model_file(path)
    return decode(path, read_bytes(path))


def encode(model: TableModel) -> bytes:
    """The bytes of the file."""
    arrays: dict[str, NDArray[Any]] = {}
    learned = []
    for place, each in enumerate(model.learned):
        told, own = parts_of(each.committee)
        arrays |= {f"{place}.{name}": array for name, array in own.items()}
        target = {"name": each.target.name, "labels": list(each.target.labels), "kind": str(each.target.kind)}
        learned.append(
            {
                "target": target,
                "way": each.way,
                "step": each.step,
                "expected": each.expected,
                "committee": told,
            }
        )
    table = {"encoder": told_encoder(model.encoder), "learned": learned}
    packed = PackedModel.from_circuit(model.circuit)
    return btf.encode(packed, {"table": json.dumps(table)}, tensors.wide_first(arrays))


def decode(path: object, data: bytes) -> TableModel:
    """The model of a file's bytes; the path is for messages."""
    model, metadata, arrays = btf.decode_all(path, data)
    if metadata["version"] != str(btf.WITH_TABLE):
        raise FormatError(path, None, "this is no model of a table; use btfnet.load_model.")
    return model_of(path, model, metadata, arrays)


def model_of(
    path: object, packed: PackedModel, metadata: dict[str, str], arrays: dict[str, NDArray[Any]]
) -> TableModel:
    """The model of a file of version 3, decoded: its circuit must be the one that its committees make."""
    try:
        table = strict_json.parse(metadata["table"])
        if (
            type(table) is not dict
            or table.keys() != {"encoder", "learned"}
            or type(table["learned"]) is not list
        ):
            raise ValueError("the description of the table has other keys")
        encoder = encoder_of(table["encoder"])
        if not 1 <= len(table["learned"]) <= MOST_TARGETS:
            raise ValueError("no target, or too many")
        learned = tuple(
            _read_learned(each, tensors.part(arrays, f"{place}."))
            for place, each in enumerate(table["learned"])
        )
        _check(encoder, learned)
        model = TableModel(packed.name, encoder, learned, packed.training)
        if PackedModel.from_circuit(model.circuit) != packed:
            raise ValueError("its circuit is not the one that its votes make")
        return model
    except (ValueError, KeyError, TypeError, IndexError, DataError, UsageError) as error:
        message = f"this is no model of a table, or a damaged one: {error}"
        raise FormatError(path, None, f"{message.rstrip('.')}; get the file again.") from error


def told_encoder(encoder: Encoder) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "kind": str(column.kind),
            "values": list(column.values),
            "missing": column.missing,
        }
        for column in encoder.columns
    ]
    if isinstance(encoder, PixelEncoder):
        return {"of": PIXELS, "columns": columns}
    asked = [[condition.column, str(condition.test), condition.value] for condition in encoder.conditions]
    return {"of": CONDITIONS, "columns": columns, "asked": asked}


def encoder_of(told: Any) -> Encoder:
    columns = tuple(
        Column(
            _text(each["name"]),
            Kind(each["kind"]),
            tuple(map(_text, each["values"])),
            each["missing"] is True,
        )
        for each in told["columns"]
    )
    if len({column.name for column in columns}) < len(columns):
        raise ValueError("two columns of one name")
    if told["of"] == PIXELS:
        return PixelEncoder(columns)
    if told["of"] != CONDITIONS:
        raise ValueError("an encoder of another kind")
    return TableEncoder(columns, tuple(_condition(columns, *each) for each in told["asked"]))


def _condition(columns: tuple[Column, ...], number: Any, test: Any, value: Any) -> Condition:
    if type(number) is not int or not 0 <= number < len(columns):
        raise ValueError("a condition about no column")
    column, asked = columns[number], Test(test)
    if asked is Test.IS_MISSING:
        fits = value is None
    elif column.kind.is_number:
        fits = type(value) in (int, float) and bool(np.isfinite(value))
        value = float(value) if fits else value
    else:
        fits = type(value) is str and (asked is Test.IS or value in column.values)
    if not fits:
        raise ValueError("a condition about another kind of value")
    return Condition(number, asked, value)


def _read_learned(told: Any, arrays: dict[str, NDArray[Any]]) -> Learned:
    target = told["target"]
    labels = tuple(map(_text, target["labels"]))
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise ValueError("labels that repeat, or less than two")
    kind, step, expected = Kind(target["kind"]), told["step"], told["expected"]
    if kind.is_number and any(number(label) is None for label in labels):
        raise ValueError("labels that are no numbers")
    if type(step) not in (int, float) or not 0 <= step <= LARGEST_STEP:
        raise ValueError("a step that is no number, or out of range")
    if expected is not None and (type(expected) not in (int, float) or not 0 <= expected <= 1):
        raise ValueError("an accuracy that is no fraction")
    return Learned(
        Target(_text(target["name"]), labels, kind), committee_of(told["committee"], arrays),
        _text(told["way"]), float(step), expected,
    )  # fmt: skip


def _check(encoder: Encoder, learned: tuple[Learned, ...]) -> None:
    """Raise ValueError where committees hear something else than the encoder makes."""
    for each in learned:
        n_inputs = each.committee.layer.comparisons.n_inputs
        if n_inputs != len(encoder.names):
            raise ValueError(f"votes over {n_inputs} inputs, and {len(encoder.names)} conditions")
    if isinstance(encoder, PixelEncoder) and len(learned) != 1:
        raise ValueError("pictures with several targets")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise ValueError("a name that is no text")
    return value
