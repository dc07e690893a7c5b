"""What scikit-learn calls X, as a table: checked as scikit-learn checks it, with the columns that `fit` saw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from btfnet.errors import DataError, UsageError
from btfnet.matching.columns import name_shown
from btfnet.matching.frames import column_labels
from btfnet.tables.table import Table

SIDE = "X"


@contextmanager
def as_value_errors() -> Iterator[None]:
    """Scikit-learn and its users expect ValueError for data and parameters that do not fit."""
    try:
        yield
    except (DataError, UsageError) as error:
        raise ValueError(str(error)) from error


def table_of(estimator: BaseEstimator, X: Any, *, reset: bool) -> Table:
    """The rows of X, an array, lists, or a data frame of pandas, polars or pyarrow; NaN and None are missing.

    reset  whether the estimator is fitted: then it remembers how many columns there are, and their names
    Raises ValueError for columns that are not those of `fit`, for infinity and for no rows; TypeError for sparse
    matrices.
    """
    if _is_frame(X):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        with as_value_errors():
            table = Table.of(X, SIDE)
        _check_frame(X, table)
    else:
        kind = None if _is_plain(X) else object
        checked = validate_data(estimator, X, reset=reset, dtype=kind, ensure_all_finite="allow-nan")
        with as_value_errors():
            table = Table.of(checked, SIDE)
    names = column_names(estimator)
    orders = {names[table.names.index(name)]: order for name, order in table.orders.items()}
    return replace(table, names=names, orders=orders)


def column_names(estimator: BaseEstimator) -> tuple[str, ...]:
    """Of the columns that `fit` saw: their own, else x0, x1, … as scikit-learn calls them."""
    if hasattr(estimator, "feature_names_in_"):
        return tuple(map(str, estimator.feature_names_in_))
    return tuple(f"x{place}" for place in range(estimator.n_features_in_))


def _is_frame(X: Any) -> bool:
    return hasattr(X, "column_names") or (hasattr(X, "columns") and hasattr(X, "__getitem__"))


def _is_plain(X: Any) -> bool:
    """Whether all values have one type as they are; lists of numbers and text would all become text."""
    if hasattr(X, "dtype") or hasattr(X, "__array__") or hasattr(X, "format"):
        return True
    try:
        return np.asarray(X).dtype.kind in "biufc"
    except (ValueError, TypeError):
        return True  # scikit-learn says what is wrong


def _check_frame(X: Any, table: Table) -> None:
    shape = (table.n_rows, len(table.names))
    if 0 in shape:
        what = "sample" if table.n_rows == 0 else "feature"
        raise ValueError(f"Found array with 0 {what}(s) (shape={shape}) while a minimum of 1 is required.")
    for label in column_labels(X):
        column = X[label]
        if "float" in str(getattr(column, "dtype", getattr(column, "type", ""))).lower():
            values = np.asarray(column, dtype=np.float64)
            if np.isinf(values).any():
                row = int(np.flatnonzero(np.isinf(values))[0]) + 1
                raise ValueError(
                    f"{SIDE}: row {row} has infinity in the column {name_shown(str(label))}; give finite "
                    f"numbers, or NaN."
                )
