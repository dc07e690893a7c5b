"""Tables that have every combination of their values: nothing is unseen, and the rule is exact."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.problem.problem import Problem
from btfnet.search.solve import solve
from btfnet.tables.cells import Values, as_texts
from btfnet.tables.columns import Kind, column_of
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.model import Learned, TableModel
from btfnet.tables.table import Table
from btfnet.tables.targets import Target, output_bits, spans
from btfnet.tables.ways import Order, committee_of, members_of

LEAST_ROWS, FEW_ROWS = 4, 30
"""Of a table that has every combination; fewer rows tell nothing about ways to learn: they are reproduced."""
STEP = 8.0
"""Of the logit for a vote that is always right."""


def is_complete(encoder: TableEncoder, table: Table, labels: NDArray[np.int64]) -> bool:
    """Whether every combination of the values of the used columns is there, and none with two labels.

    labels  (n_rows, n_targets)
    """
    if table.n_rows < LEAST_ROWS or (labels < 0).all():
        return False
    kinds = [encoder.columns[number].kind for number in encoder.used]
    return _is_complete([table.columns[number] for number in encoder.used], kinds, labels)


def is_truth_table(encoder: TableEncoder, table: Table, labels: NDArray[np.int64]) -> bool:
    """Whether all rows are to be reproduced: every combination is there, or few rows without a measured number."""
    return is_complete(encoder, table, labels) or (table.n_rows < FEW_ROWS and encoder.is_discrete)


def has_every_combination(table: Table, targets: Sequence[str]) -> bool:
    """The same of a table's columns but these, for those that a rule would use."""
    inputs = [name for name in table.names if name not in targets]
    kinds = {name: column_of(name, table.column(name)).kind for name in inputs}
    some = [name for name in inputs if kinds[name].used]
    labels = [np.unique(as_texts(table.column(name)).astype(str), return_inverse=True)[1] for name in targets]
    return table.n_rows >= LEAST_ROWS and _is_complete(
        [table.column(name) for name in some], [kinds[name] for name in some], np.stack(labels, axis=1)
    )


def _is_complete(columns: Sequence[Values], kinds: Sequence[Kind], labels: NDArray[np.int64]) -> bool:
    codes, wanted = [], 1
    for column, kind in zip(columns, kinds, strict=True):
        if kind.is_number and not _is_range(column):
            return False
        _, inverse = np.unique(as_texts(column).astype(str), return_inverse=True)
        codes.append(inverse)
        wanted *= int(inverse.max()) + 1
        if wanted > len(column):
            return False
    rows = np.column_stack([*codes, np.zeros(len(labels), dtype=np.int64)])
    both = np.column_stack([rows, labels])
    return len(np.unique(rows, axis=0)) == wanted == len(np.unique(both, axis=0))


def _is_range(column: Values) -> bool:
    """Whether no number could stand between those that are there: whole ones, each of them."""
    there = np.unique(column[~np.isnan(column)]) if column.dtype == np.float64 else np.array([0.5])
    return bool((there == np.round(there)).all() and np.ptp(there) == len(there) - 1)


def every_row(
    encoder: TableEncoder,
    table: Table,
    targets: Sequence[Target],
    labels: NDArray[np.int64],
    order: Order,
    name: str,
) -> TableModel | None:
    """All targets at once, exactly, so that they share gates; None where no exact circuit was found."""
    bits, known = output_bits(targets, labels)
    try:
        problem = Problem.from_bits(encoder.encode(table), bits, name=name, care=known)
    except DataError:  # a condition that nothing depends on may hide what tells two rows apart
        return None
    if problem.contradiction is not None:
        return None
    result = solve(problem, jobs=order.jobs, seed=order.seed, stop=order.stop, recognise=True)
    if result.circuit is None or not result.exact:
        return None
    circuit = result.circuit.simplified()
    learned = []
    for target, span in zip(targets, spans(targets), strict=True):
        members = members_of(circuit, circuit.outputs[span], target.n_classes)
        votes = committee_of(encoder.names, target.n_classes, target.name, members)
        learned.append(Learned(target, votes, "an exact network for every row", STEP))
    return TableModel(name, encoder, tuple(learned))
