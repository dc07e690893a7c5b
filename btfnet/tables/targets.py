"""Targets: which columns are to be learned, and their classes."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import similar
from btfnet.committee.training import MOST_CLASSES
from btfnet.errors import BtfnetWarning, DataError, UsageError
from btfnet.matching.columns import listed, name_shown
from btfnet.printable import one_word, printable
from btfnet.tables.cells import Values, as_numbers_are, as_texts
from btfnet.tables.columns import Column, Kind, column_of
from btfnet.tables.table import Table, labels_table

USUAL_NAMES = ("class", "target", "label", "labels", "y", "output", "outcome", "result", "classification")
"""Of columns that are to be learned, in this order of preference, in any case."""
MOST_NUMBERS = 20
"""Distinct numbers that are taken for classes; more are a quantity."""
NO_LABEL, OTHER_LABEL = -1, -2
"""In the place of a class."""
FEW_CLASSES = 32
"""Texts of a last column that are taken for classes when nobody says what the target is."""


@dataclass(frozen=True)
class Target:
    """A column that is learned.

    labels  of its classes 0, 1, …, as they are written, at least two
    kind    what the column is: whether labels are numbers, Booleans or words
    """

    name: str
    labels: tuple[str, ...]
    kind: Kind

    @property
    def n_classes(self) -> int:
        return len(self.labels)

    @property
    def is_bit(self) -> bool:
        """Whether its name alone says what is true."""
        return Column(self.name, self.kind, self.labels).is_plain_bit

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the circuit's outputs: the target's own of Booleans, of two classes that of the second, else
        one for each class.
        """
        if self.is_bit:
            return (printable(self.name),)
        some = self.labels if self.n_classes > 2 else self.labels[1:]
        return tuple(one_word(f"{self.name}={label}") for label in some)

    @property
    def n_outputs(self) -> int:
        """Of the circuit: of two classes one, which says whether it is the second, else one for each class."""
        return self.n_classes if self.n_classes > 2 else 1

    def bits(self, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """What the circuit's outputs are where these classes are right, (n_rows, n_outputs)."""
        one_hot: NDArray[np.bool_] = codes[:, None] == np.arange(self.n_classes)
        return one_hot if self.n_classes > 2 else one_hot[:, 1:]

    def values(self) -> NDArray[Any]:
        """The labels as they were in the table: numbers, or text."""
        if self.kind.is_number or set(self.labels) <= {"0", "1", "-1"}:
            numbers = np.array([float(label) for label in self.labels])
            whole = (numbers == np.round(numbers)).all()
            return numbers.astype(np.int64) if whole else numbers
        return np.array(self.labels, dtype=object)

    def codes(self, values: Values) -> NDArray[np.int64]:
        """The class of each row, (n_rows,); NO_LABEL where none is known, OTHER_LABEL where it is a new one."""
        place: dict[str | None, int] = {label: number for number, label in enumerate(self.labels)}
        place[None] = NO_LABEL
        texts = as_texts(values)
        if self.kind.is_number or self.kind is Kind.BOOLEAN:
            texts = as_numbers_are(texts)
        return np.array([place.get(text, OTHER_LABEL) for text in texts], dtype=np.int64)

    @classmethod
    def of(cls, name: str, values: Values) -> Target:
        """From the training rows. Raises `DataError` for a column of one value, or of a quantity."""
        column = column_of(name, values)
        texts = as_texts(values)
        there = texts[texts != None]  # noqa: E711 - elementwise
        labels = list(column.values) if column.kind in (Kind.BOOLEAN, Kind.ORDERED) else _sorted(there)
        if len(labels) < 2:
            found = f"one value only, {name_shown(labels[0])}" if labels else "no value"
            raise DataError(
                f"the target {name_shown(name)} has {found}; a rule tells at least two classes apart. Name "
                f"another column (--target, target=)."
            )
        if values.dtype == np.float64 and len(labels) > MOST_NUMBERS:
            raise DataError(
                f"the target {name_shown(name)} is a quantity of {len(labels)} different numbers, and btfnet "
                f"learns classes. Cut it into classes first (such as high: above 100), or use a regression, such "
                f"as scikit-learn's HistGradientBoostingRegressor."
            )
        if len(labels) > MOST_CLASSES or 2 * len(labels) > len(there) > 2 * MOST_NUMBERS:
            raise DataError(
                f"the target {name_shown(name)} has {len(labels)} different values in {len(there)} rows, so that "
                f"it looks like a name and not like a class. Name another column (--target, target=)."
            )
        return cls(name, tuple(labels), column.kind)


def output_bits(
    targets: Sequence[Target], codes: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The outputs of a circuit for all targets, and which of them are known, both (n_rows, n_outputs).

    codes  (n_rows, n_targets): classes, -1 where none is known
    """
    bits = [target.bits(own) for target, own in zip(targets, codes.T, strict=True)]
    known = np.repeat(codes >= 0, [target.n_outputs for target in targets], axis=1)
    return np.concatenate(bits, axis=1), known


def spans(targets: Sequence[Target]) -> list[slice]:
    """Of each target the places of its outputs among those of a circuit for all."""
    ends = np.cumsum([target.n_outputs for target in targets]).tolist()
    return [slice(end - target.n_outputs, end) for target, end in zip(targets, ends, strict=True)]


def inputs_and_outputs(table: Any, target: str | Sequence[str] | None, labels: Any) -> tuple[Table, Table]:
    """The columns to learn from, and those to learn."""
    whole_table = Table.of(table)
    if labels is not None:
        outputs = labels_table(labels)
        if isinstance(target, str) and len(outputs.names) == 1:
            outputs = replace(outputs, names=(target,))
        if outputs.n_rows != whole_table.n_rows:
            raise DataError(
                f"found {whole_table.n_rows} rows and {outputs.n_rows} labels; give one for each row."
            )
        return whole_table, outputs
    asked = (target,) if isinstance(target, str) else tuple(target or ())
    names = target_names(whole_table, asked)
    inputs = [name for name in whole_table.names if name not in names]
    return whole_table.chosen(inputs), whole_table.chosen(names)


def target_names(table: Table, asked: Sequence[str]) -> tuple[str, ...]:
    """The columns that are to be learned: those asked for; else those that the table knows of; else one with a
    usual name; else the last one, where it holds classes.

    Raises `UsageError` for a name that is none of the table's, and where nobody can tell.
    """
    for name in asked:
        if name not in table.names:
            near = similar(name, table.names)
            raise UsageError(
                f"{table.side}: there is no column {name_shown(name)}{near or '.'} Its columns: "
                f"{listed(table.names)}."
            )
    if len(set(asked)) < len(asked):
        raise UsageError("one target is named twice; name each once.")
    if asked:
        chosen = tuple(asked)
    else:
        chosen = _telling(table) or table.targets or (_found(table),)
    if len(chosen) >= len(table.names):
        raise UsageError(f"{table.side}: no column is left to learn from beside {listed(chosen)}.")
    return chosen


def _telling(table: Table) -> tuple[str, ...]:
    """Of the columns that the table says are to be learned those of several values; others are warned of."""
    values = {name: set(as_texts(table.column(name)).tolist()) - {None} for name in table.targets}
    telling = tuple(name for name, found in values.items() if len(found) > 1)
    constant = [name for name in table.targets if name not in telling]
    if telling and constant:
        warnings.warn(
            f"{table.side}: {listed(constant)} never changes, and is not learned.",
            BtfnetWarning,
            stacklevel=2,
        )
    return telling


def _found(table: Table) -> str:
    lower = {name.lower(): name for name in reversed(table.names)}
    for usual in USUAL_NAMES:
        if usual in lower:
            return lower[usual]
    last = table.names[-1]
    texts = as_texts(table.columns[-1])
    n_distinct = len(set(texts.tolist()) - {None})
    numbers = table.columns[-1].dtype == np.float64
    if 2 <= n_distinct <= (MOST_NUMBERS if numbers else FEW_CLASSES) and 2 * n_distinct <= len(texts):
        return last
    raise UsageError(
        f"{table.side}: which column is to be learned? Say it with --target NAME (target=). Its columns: "
        f"{listed(table.names)}."
    )


def _sorted(texts: Values) -> list[str]:
    """Distinct labels, numbers by their size."""
    distinct = sorted(set(texts.tolist()))
    try:
        return sorted(distinct, key=float)
    except ValueError:
        return distinct
