"""Constraints that tie entries: groups whose entries are equal, rows that look their outputs up in one table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import said
from btfnet.errors import UsageError
from btfnet.projections.point import (
    Indices,
    Point,
    copied,
    frozen,
    groups_of,
    indices_of,
    levels_of,
    numbers_of,
    run_of,
)

MOST_INPUTS = 20


@dataclass(frozen=True, eq=False)
class Equal:
    """Within each group all entries are equal; entries of no group are free.

    The set is  { v : v[k] = v[l] for k, l in one group }.  Its member nearest to v, distances counted with
    the weights g, gives every entry of a group the weighted mean:

        out[k] = sum_{l in group} g[l] v[l] / sum_{l in group} g[l]

    It is `Agreement` for groups of one size that share their weights: quicker, above all where one place of all
    groups lies after the other, as in copies of a table.

    groups   indices, (n_groups, size), no index twice; a flat list is one group
    weights  g, one positive number for each place in a group, (size,); without them plain means

    Source: Gravel & Elser, Divide and concur, Phys. Rev. E 78, 036706 (2008).
    """

    groups: Indices
    shares: Point
    """Share of its group's weight that each place has, (size,); they sum to 1."""

    def __init__(self, groups: ArrayLike, weights: ArrayLike | None = None) -> None:
        table = groups_of("Equal: groups", groups)
        heavy = np.ones(table.shape[1]) if weights is None else numbers_of("Equal: weights", weights)
        if heavy.shape != table.shape[1:] or heavy.min() <= 0:
            raise UsageError(
                f"Equal has groups of {table.shape[1]} entries, but the weights {said(weights)}; "
                f"give one positive number for each place in a group."
            )
        object.__setattr__(self, "groups", table)
        object.__setattr__(self, "shares", frozen(heavy / heavy.sum()))

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, least=self._least)
        # Not by matrix products: their threads would cost more than they help, and may round otherwise.
        if isinstance(self._by_place, slice):
            copies = nearest[self._by_place].reshape(self.groups.shape[::-1])
            copies[:] = np.einsum("p,pg->g", self.shares, copies)
        else:
            nearest[self.groups] = np.einsum("gp,p->g", nearest[self.groups], self.shares)[:, None]
        return nearest

    @cached_property
    def _least(self) -> int:
        return 1 + int(self.groups.max())

    @cached_property
    def _by_place(self) -> slice | Indices:
        return run_of(self.groups.T.ravel())


@dataclass(frozen=True, eq=False)
class Table:
    """Every row looks its output up in its own copy of a table; entries of no row are free.

    A row has n inputs x, an output y, and a copy z of the 2^n entries of a table. Its inputs are one of the 2^n
    patterns s of `low` and `high`, its output is `low` or `high` (or the value known of it), and so is the entry
    of the table at this pattern:

        x = s,   y = z[s];   the other entries of z are free.

    Pattern s is the number whose most significant bit is the first input, 1 for `high`. That the copies are one
    table is another constraint's concern: `Equal`.

    Distances being counted with the weights g, the nearest member is found row by row: for low = -1, high = 1 the
    pattern of the largest

        g_x x·s + |g_y y + g_z z[s]| - g_z z[s]² / 2

    and the sign of g_y y + g_z z[s] as y and as z[s]; where the output is known this sign is the known one.
    Tie: of equal patterns the first is chosen; a sum of 0 goes to `low`.

    inputs     indices, (n_rows, n), n from 1 to 20
    outputs    indices, (n_rows,)
    tables     indices, (n_rows, 2^n); no index twice among all three
    known      what is known of the outputs: for each row `low`, `high`, or NaN where nothing is
    weights    g: of an input, of an output, of an entry of a table; positive
    low, high  the two values, low below high
    Cost: a few passes over the tables, and n_rows n 2^n multiplications.

    Source: V. Elser, Reconstructing cellular automata rules from observations at nonconsecutive times, Phys. Rev.
    E 104, 034301 (2021), arXiv 2012.02179. The scales η and ζ of its program are the weights (1, η², ζ²).
    """

    inputs: Indices
    outputs: Indices
    tables: Indices
    known: Point
    weights: Point
    low: float
    high: float

    def __init__(
        self,
        inputs: ArrayLike,
        outputs: ArrayLike,
        tables: ArrayLike,
        *,
        known: ArrayLike | None = None,
        weights: ArrayLike = (1.0, 1.0, 1.0),
        low: float = -1.0,
        high: float = 1.0,
    ) -> None:
        rows, copies = groups_of("Table: inputs", inputs), groups_of("Table: tables", tables)
        places = indices_of("Table: outputs", outputs)
        _check_shapes(rows, places, copies)
        indices_of("Table", np.concatenate([rows.ravel(), places, copies.ravel()]))
        low, high = levels_of("Table", low, high)
        values = {
            "inputs": rows,
            "outputs": places,
            "tables": copies,
            "known": _known(known, places.size, low, high),
            "weights": _weights(weights),
            "low": low,
            "high": high,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, least=self._least)
        scores, sides = self._scores(*(nearest[place] for place in self._places))
        chosen = scores.argmax(axis=1)
        row = np.arange(len(chosen))
        high = np.where(self._signs == 0, sides[row, chosen], self._signs) > 0
        answers = np.where(high, self.high, self.low)
        nearest[self._places[0]] = np.where(self._patterns > 0, self.high, self.low)[chosen].ravel()
        nearest[self._places[1]] = answers
        nearest[self.tables[row, chosen]] = answers
        return nearest

    def _scores(self, x: Point, y: Point, z: Point) -> tuple[Point, Point]:
        """What each pattern promises, divided by half the distance of the levels, and g_y y + g_z z[s]."""
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        if middle:
            x, y, z = x - middle, y - middle, z - middle
        on_input, on_output, on_entry = self.weights
        x, z = x.reshape(self.inputs.shape), z.reshape(self.tables.shape)
        sides = on_entry * z
        sides += (on_output * y)[:, None]
        scores = np.abs(sides)
        scores[self._told] = self._signs[self._told, None] * sides[self._told]
        squares = z * z
        squares *= on_entry / (2 * half)
        scores -= squares
        scores += (on_input * x) @ self._patterns.T
        return scores, sides

    @cached_property
    def _least(self) -> int:
        return 1 + int(max(self.inputs.max(), self.outputs.max(), self.tables.max()))

    @cached_property
    def _places(self) -> list[slice | Indices]:
        return [run_of(indices.ravel()) for indices in (self.inputs, self.outputs, self.tables)]

    @cached_property
    def _patterns(self) -> Point:
        """All patterns as rows of -1 and +1, (2^n, n)."""
        n = self.inputs.shape[1]
        return np.where(np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1, 1.0, -1.0)

    @cached_property
    def _signs(self) -> Point:
        """Of the known outputs, 0 where nothing is known."""
        return np.where(np.isnan(self.known), 0.0, np.where(self.known == self.high, 1.0, -1.0))

    @cached_property
    def _told(self) -> slice | NDArray[np.intp]:
        """The rows whose output is known."""
        told = np.flatnonzero(self._signs)
        return run_of(told) if told.size else slice(0, 0)


def _check_shapes(inputs: Indices, outputs: Indices, tables: Indices) -> None:
    n_rows, n = inputs.shape
    if n > MOST_INPUTS:
        raise UsageError(f"Table has rows of {n} inputs, but at most {MOST_INPUTS} are possible.")
    if outputs.shape != (n_rows,) or tables.shape != (n_rows, 2**n):
        raise UsageError(
            f"Table has inputs of the shape {inputs.shape}, outputs of {outputs.shape} and tables of "
            f"{tables.shape}; expected ({n_rows},) outputs and ({n_rows}, {2**n}) entries of tables."
        )


def _known(known: ArrayLike | None, n_rows: int, low: float, high: float) -> Point:
    if known is None:
        return frozen(np.full(n_rows, np.nan))
    try:
        values = np.array(known, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise UsageError(f"Table: known is {said(known)} and cannot be read as numbers: {error}.") from error
    if values.shape != (n_rows,):
        raise UsageError(
            f"Table has {n_rows} rows, but known of shape {values.shape}; give one value for each."
        )
    strange = values[~np.isnan(values) & (values != low) & (values != high)]
    if strange.size:
        raise UsageError(
            f"Table: known has the value {strange[0]:g}; give {low:g}, {high:g} or NaN for unknown."
        )
    return frozen(values)


def _weights(weights: ArrayLike) -> Point:
    values = numbers_of("Table: weights", weights)
    if values.shape != (3,) or values.min() <= 0:
        raise UsageError(
            f"Table has the weights {said(weights)}; give three positive numbers: of an input, of an output, and "
            f"of an entry of a table."
        )
    return values
