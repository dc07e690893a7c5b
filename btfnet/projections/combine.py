"""Joining constraints: on separate blocks of a point, or on copies of a whole point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from btfnet.arguments import Wanted, is_iterable, need, said
from btfnet.errors import UsageError
from btfnet.projections.point import (
    Constraint,
    Indices,
    Point,
    check_start,
    copied,
    indices_of,
    need_projections,
    numbers_of,
    projected,
    run_of,
)


@dataclass(frozen=True, eq=False)
class Blocks:
    """Each constraint holds on its own entries of the point; entries of no block are free.

    The set is the product of the parts' sets, so it is projected part by part. Made by `on_blocks`.
    """

    parts: tuple[tuple[Indices, Constraint], ...]

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, least=self._least)
        for number, (place, (_, constraint)) in enumerate(zip(self._places, self.parts, strict=True)):
            nearest[place] = projected(constraint, nearest[place], f"block {number}")
        return nearest

    @cached_property
    def _least(self) -> int:
        return 1 + max(int(indices.max()) for indices, _ in self.parts)

    @cached_property
    def _places(self) -> list[slice | Indices]:
        return [run_of(indices) for indices, _ in self.parts]

    def check_start(self, start: Point) -> None:
        """Raise `UsageError` for a start that one of the parts refuses on its entries."""
        for indices, constraint in self.parts:
            if indices.max() < start.size:
                check_start(constraint, start[indices])


def on_blocks(parts: Iterable[tuple[ArrayLike | slice | range, Constraint]]) -> Blocks:
    """One constraint from several, each on its own entries of the point.

        on_blocks([(slice(0, 64), Permutation(8)), ([64, 65, 66], Sphere(1.0))])

    parts  pairs of indices (a list, a range, or a slice with a stop) and a constraint; it sees the entries in
           the order of its indices. No entry may be in two blocks; entries of no block are free.
    """
    need("on_blocks", parts=(parts, Wanted("a list of pairs (indices, constraint)", is_iterable)))
    pairs = list(parts)
    if any(not isinstance(pair, tuple) or len(pair) != 2 for pair in pairs):
        raise UsageError("on_blocks needs pairs (indices, constraint); one of the parts is no pair.")
    need_projections([constraint for _, constraint in pairs], "on_blocks")
    blocks = [indices_of(f"on_blocks: block {number}", indices) for number, (indices, _) in enumerate(pairs)]
    indices_of("on_blocks", np.concatenate(blocks))
    return Blocks(tuple(zip(blocks, (constraint for _, constraint in pairs), strict=True)))


class _Copies:
    """A point that holds several copies of a smaller one, one after the other."""

    shares: Point
    """Each copy's share of the weight; they sum to 1."""
    sizes: set[int]
    """Sizes of the points that were spread or joined, known to both constraints: those that a start may hold."""

    @property
    def n_copies(self) -> int:
        return len(self.shares)

    def spread(self, start: ArrayLike) -> Point:
        """The point that holds a copy of `start` for each constraint: a start for `reconcile`."""
        short = copied(self, numbers_of("spread: start", start))
        self.sizes.add(short.size)
        return np.tile(short, self.n_copies)

    def join(self, rows: ArrayLike) -> Point:
        """The point that holds such copies, (n_copies, size), one a row: a start whose copies differ."""
        copies = np.array(numbers_of("join: rows", rows))
        if copies.ndim != 2 or len(copies) != self.n_copies or not copies.size:
            raise UsageError(
                f"join got an array of shape {copies.shape}; give one row for each of the {self.n_copies} copies."
            )
        self.sizes.add(copies.shape[1])
        return copies.ravel()

    def check_start(self, start: Point) -> None:
        """Raise `UsageError` for a start of `reconcile` that is no such point.

        A point of any size that the number of copies divides could be meant as copies of a smaller one, which is
        another problem: only sizes that were spread or joined are known to be meant.
        """
        if self.n_copies > 1 and start.size not in {self.n_copies * size for size in self.sizes}:
            raise UsageError(
                f"the start has {start.size} values, but on_copies needs a point that holds {self.n_copies} "
                f"copies of the start, one for each constraint; give reconcile a.spread(start), with a and b from "
                f"one call of on_copies."
            )

    def split(self, point: ArrayLike) -> Point:
        """The copies as rows, (n_copies, size)."""
        flat = copied(self, point)
        if flat.size % self.n_copies:
            raise UsageError(
                f"a point of {flat.size} values cannot hold {self.n_copies} copies of equal size; "
                f"make the start with spread()."
            )
        return flat.reshape(self.n_copies, -1)

    def merge(self, point: ArrayLike) -> Point:
        """The weighted mean of the copies: the answer that a solution's point holds."""
        return self.shares @ self.split(point)


@dataclass(frozen=True, eq=False)
class EachCopy(_Copies):
    """Constraint A of `on_copies`: copy k lies in the set of constraint k ("divide")."""

    constraints: tuple[Constraint, ...]
    shares: Point
    sizes: set[int] = field(default_factory=set, repr=False)

    def check_start(self, start: Point) -> None:
        super().check_start(start)
        for copy, constraint in zip(self.split(start), self.constraints, strict=True):
            check_start(constraint, copy)

    def project(self, point: Point) -> Point:
        copies = self.split(point)
        for number, constraint in enumerate(self.constraints):
            copies[number] = projected(constraint, copies[number], f"copy {number}")
        return copies.ravel()


@dataclass(frozen=True, eq=False)
class CopiesAgree(_Copies):
    """Constraint B of `on_copies`: all copies are equal ("concur").

    Distances being counted with each copy's weight, the nearest member repeats the copies' weighted mean.
    """

    shares: Point
    sizes: set[int] = field(default_factory=set, repr=False)

    def project(self, point: Point) -> Point:
        return np.tile(self.merge(point), self.n_copies)


def on_copies(
    constraints: Sequence[Constraint], *, weights: ArrayLike | None = None
) -> tuple[EachCopy, CopiesAgree]:
    """Turn any number of constraints on one point into the two that `reconcile` needs.

        a, b = btfnet.on_copies([c1, c2, c3])
        solution = btfnet.reconcile(a, b, a.spread(start))
        answer = b.merge(solution.point)

    The long point holds a copy of the short one for each constraint, in their order. `a` lets each constraint
    project its own copy, `b` makes the copies agree. Both have `spread` (short to long), `merge` (long to
    short, the weighted mean), `split` (long to rows, one a copy) and `join` (rows to long). `reconcile` takes no
    start that came from neither `spread` nor `join`.

    weights  one positive number for each copy: a heavier copy yields less. Without them all weigh the same.

    Source: Gravel & Elser, Divide and concur, Phys. Rev. E 78, 036706 (2008).
    """
    if callable(getattr(constraints, "project", None)):
        raise UsageError(
            f"on_copies got {said(constraints)} alone; give a list of constraints, such as [c1, c2]."
        )
    need("on_copies", constraints=(constraints, Wanted("a list of constraints", is_iterable)))
    members = list(constraints)
    need_projections(members, "on_copies")
    heavy = np.ones(len(members)) if weights is None else numbers_of("on_copies: weights", weights)
    if heavy.shape != (len(members),) or heavy.min() <= 0:
        raise UsageError(
            f"on_copies has {len(members)} constraints, but the weights {heavy.tolist()}; "
            f"give one positive number for each."
        )
    shares = heavy / heavy.sum()
    sizes: set[int] = set()
    return EachCopy(tuple(members), shares, sizes), CopiesAgree(shares, sizes)
