"""What a `.btf` file predicts with, by its version."""

from __future__ import annotations

import os

from btfnet.committee.classifier import Classifier
from btfnet.files.reading import read_bytes
from btfnet.formats.btf import model as btf
from btfnet.formats.btf.classifier import classifier_of
from btfnet.formats.btf.table_model import model_of
from btfnet.logic.circuit import Circuit
from btfnet.tables.model import TableModel


def read_predictor(path: str | os.PathLike[str]) -> Circuit | Classifier | TableModel:
    """A model of a table, a classifier of raw inputs, or the circuit where it holds nothing before its bits."""
    model, metadata, arrays = btf.decode_all(path, read_bytes(path))
    if metadata["version"] == str(btf.WITH_COMPARISONS):
        return classifier_of(path, model, metadata, arrays)
    if metadata["version"] == str(btf.WITH_TABLE):
        return model_of(path, model, metadata, arrays)
    return btf.circuit_of(path, model)
