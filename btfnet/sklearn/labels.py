"""What scikit-learn calls y, as columns of labels for `btfnet.learn`, and from its classes back to labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_array, check_consistent_length, column_or_1d

from btfnet.tables.cells import Values, is_missing, plain, text_of
from btfnet.tables.targets import MOST_NUMBERS, Target

NAME = "y"


@dataclass(frozen=True, eq=False)
class Labels:
    """The classes of some outputs, and which one each row has.

    names    of the outputs
    classes  of each output, ascending
    codes    (n_rows, n_outputs): places in them
    flat     whether y had one axis
    """

    names: tuple[str, ...]
    classes: tuple[NDArray[Any], ...]
    codes: NDArray[np.int64]
    flat: bool

    @classmethod
    def of(cls, y: Any, n_rows: int) -> Labels:
        """Raises ValueError for quantities, for missing labels, and for as many as there are not rows."""
        names, columns = _names(y), _columns(y)
        check_consistent_length(np.empty(n_rows), columns[0])
        for column in columns:
            check_classification_targets(column)
        flat = len(columns) == 1
        pairs = [np.unique(column, return_inverse=True) for column in columns]
        if len(names) != len(pairs):
            names = [NAME] if flat else [f"{NAME}{place}" for place in range(len(pairs))]
        return cls(
            tuple(names),
            tuple(pair[0] for pair in pairs),
            np.stack([pair[1] for pair in pairs], axis=1),
            flat,
        )

    def varying(self) -> dict[str, Values]:
        """Columns for `btfnet.learn`: of the outputs that have two classes at least."""
        return {
            name: written(classes)[codes]
            for name, classes, codes in zip(self.names, self.classes, self.codes.T, strict=True)
            if len(classes) > 1
        }


def written(classes: NDArray[Any]) -> Values:
    """Classes as `btfnet.learn` takes them, each one distinct and none of them missing: numbers, or text."""
    if classes.dtype.kind in "iuf" and len(classes) <= MOST_NUMBERS:
        numbers = plain(classes)
        if len(set(map(text_of, numbers.tolist()))) == len(classes):
            return numbers
    texts = [text_of(label) for label in classes.tolist()]
    if len(set(texts)) < len(texts) or any(is_missing(text) or not text for text in texts):
        texts = [f"class {place}" for place in range(len(classes))]
    return np.array(texts, dtype=object)


def places(target: Target, classes: NDArray[Any]) -> NDArray[np.int64]:
    """Of each class that the model knows, its place in the classes of scikit-learn."""
    found: NDArray[np.int64] = np.argsort(target.codes(written(classes)))
    return found


def together(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Columns of labels side by side, of the type that they share, else as objects."""
    kinds = {column.dtype.kind for column in columns}
    if len(kinds) > 1 and kinds - set("biuf"):
        return np.column_stack([column.astype(object) for column in columns])
    return np.column_stack(columns)


def kind_of(y: Any) -> str:
    """What scikit-learn calls it: binary, multiclass, continuous, …"""
    return str(type_of_target(y, input_name="y"))


def _columns(y: Any) -> list[NDArray[Any]]:
    """The outputs, each with a type of its own where y is a frame, or objects."""
    values = y.toarray() if hasattr(y, "toarray") else y
    array = np.asarray(values)
    if array.dtype == object and any(
        not isinstance(label, str) and is_missing(label) for label in array.flat
    ):
        raise ValueError("Input y contains NaN or None; leave out the rows that have no label.")
    array = check_array(array, ensure_2d=False, dtype=None, input_name="y", allow_nd=True)
    if array.ndim != 2 or array.shape[1] == 1:
        return [column_or_1d(array, warn=True)]
    return [_of_one_type(column) for column in array.T]


def _of_one_type(column: NDArray[Any]) -> NDArray[Any]:
    """Objects of one type as an array of that type; text as it is."""
    kinds = set(map(type, column.tolist()))
    return column if column.dtype != object or len(kinds) > 1 or str in kinds else np.array(column.tolist())


def _names(y: Any) -> list[str]:
    labels = getattr(y, "columns", getattr(y, "column_names", None))
    if labels is not None:
        return [str(label) for label in labels]
    name = getattr(y, "name", None)
    return [name] if isinstance(name, str) and name else []
