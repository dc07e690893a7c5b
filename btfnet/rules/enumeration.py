"""All rules of a kind, where they are few enough to be tried one by one."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.halting import Halt
from btfnet.kernels.cells.all_hypotheses import Pairs, try_pairs, try_tables
from btfnet.kernels.cells.anneal import change, price, remember
from btfnet.kernels.cells.thresholds import Nodes, set_node
from btfnet.rules.arrays import PackedRun, packed
from btfnet.rules.attempt import CellKind
from btfnet.rules.lattice import MAX_INPUTS
from btfnet.rules.records import AnyRule
from btfnet.rules.rule import seen_by_cells
from btfnet.rules.tables import TableCell
from btfnet.rules.thresholds import ThresholdForm, ThresholdRule, empty_nodes

MOST_BITS = 20
"""Bits of tables, and unknown cells at the start, that are tried in all combinations."""
MOST_PAIRS = 1 << 24
KEPT = 64
"""Explanations that are looked at."""
CHUNK_NS = 2e7
"""Between two looks at the halt."""
MOST_NS, MOST_CHUNK_NS = 1e12, 5e8
"""Of one core, estimated: what takes longer is not tried."""
SLICE = 256
Guess = tuple[AnyRule, NDArray[np.int64]]
"""A rule, and the states at step 0 with it."""


@dataclass(frozen=True)
class Enumerated:
    """What came of it.

    tried    hypotheses
    n_exact  those that explain the observations, of which `exact` has some
    wrong    bits of the best one, `best`
    """

    tried: int
    n_exact: int
    exact: tuple[Guess, ...]
    wrong: int
    best: Guess


class _Chunk(NamedTuple):
    n_exact: int
    found: list[int]
    wrong: int
    best: int


def can_be_tried(run: PackedRun, kind: CellKind) -> bool:
    """Whether there are few enough, and none takes too long."""
    unknown = int((~run.observations.bits(0)[1]).sum())
    if kind.name == "table":
        if run.observations.n_states != 1 << run.observations.n_channels:
            return False
        entries = run.observations.n_states**run.neighbourhood.size * run.observations.n_channels
        bits = entries + unknown
        return bits <= MOST_BITS and kind.move_ns(run) * (1 << bits) <= MOST_NS
    if kind.name != "masks" or unknown or len(kind.form.above) > 2 or run.neighbourhood.size > MAX_INPUTS:
        return False
    if len(kind.form.above) == 1 and kind.form.bounds is not None:
        return False
    lists = [len(_choices(run.neighbourhood.size, kind.form, node)) for node in range(len(kind.form.above))]
    pairs, move_ns = math.prod(lists), kind.move_ns(run)
    return pairs <= MOST_PAIRS and pairs * move_ns <= MOST_NS and lists[-1] * move_ns <= MOST_CHUNK_NS


def all_tried(run: PackedRun, kind: CellKind, jobs: int, halt: Halt, *, noisy: bool) -> Enumerated:
    """Every rule of the kind. Raises `Halted`.

    noisy  whether the best one counts where none explains everything; else what is wrong early on is given up
    """
    task = _Tables(run) if kind.name == "table" else _Pairs(run, kind.form, noisy=noisy)
    size = max(1, int(CHUNK_NS / (kind.move_ns(run) * task.weight)))
    chunks = [(first, min(first + size, task.n_chunked)) for first in range(0, task.n_chunked, size)]

    def work(part: tuple[int, int]) -> _Chunk:
        halt.check()
        return task.chunk(*part)

    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(work, chunks))
    best = min(results, key=lambda result: result.wrong)
    numbers = [number for result in results for number in result.found][:KEPT]
    return Enumerated(
        task.n_chunked * task.weight,
        sum(result.n_exact for result in results),
        tuple(task.rule(number) for number in numbers),
        best.wrong,
        task.rule(best.best),
    )


def _kept() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.zeros(KEPT, dtype=np.int64), np.array([np.iinfo(np.int64).max, 0])


class _Tables:
    """Numbers are entries, then unknown cells of the start, as bits."""

    weight = 1

    def __init__(self, run: PackedRun) -> None:
        self.run = run
        cell = TableCell(run, 1, np.random.default_rng(0))
        self.n_chunked = 1 << len(cell.entries) + len(cell.walks.loose)

    def _standing(self, number: int) -> TableCell:
        cell = TableCell(self.run, 1, np.random.default_rng(0))
        walks = cell.walks
        walks.nibbles[:], walks.after[:], walks.start[0] = 0, 0, self.run.observed.start
        for place in range(len(walks.entries) + len(walks.loose)):
            if number >> place & 1:
                change(walks, 0, place)
        return cell

    def chunk(self, first: int, last: int) -> _Chunk:
        cell, (found, least) = self._standing(first ^ first >> 1), _kept()
        count = try_tables(cell.walks, first, last, 0, self.run.observed, self.run.scratch(), found, least)
        return _Chunk(count, found[: min(count, KEPT)].tolist(), int(least[0]), int(least[1]))

    def rule(self, number: int) -> Guess:
        cell = self._standing(number)
        cell.walks.wrong[0] = price(cell.walks, 0, self.run.observed, self.run.scratch())
        remember(cell.walks, 0)
        return cell.found(0)


def _choices(size: int, form: ThresholdForm, node: int) -> list[tuple[NDArray[np.int8], int]]:
    """Weights and bounds of all nodes that differ."""
    values, nobody = 3 if form.signed else 2, np.zeros(size, dtype=np.int8)
    above, bound = form.above[node], None if form.bounds is None else form.bounds[node]
    idle, deciding = _without_neighbours(form, node)
    found = [(nobody, each) for each in idle]
    for number in range(1, values**size):
        digits = number // values ** np.arange(size) % values
        weights = np.where(digits == 2, -1, digits).astype(np.int8)
        low, high = int((weights < 0).sum()), int((weights > 0).sum())
        bounds = range(1 - low, high + 1) if above else range(-low, high)
        if bound is not None:
            bounds = range(bound, bound + 1) if bound in bounds else range(0)
        found += [(weights, each) for each in bounds]
    return found + [(nobody, each) for each in deciding]


def _without_neighbours(form: ThresholdForm, node: int) -> tuple[list[int], list[int]]:
    """Bounds of nodes that are always true or false, as no other is.

    Of those that do not count where they are joined with another, and of those that decide alone; where bounds are
    free, that of one node is enough.
    """
    above, true, false = form.above[node], 0, 1 if form.above[node] else -1
    idle, deciding = (true, false) if form.joined else (false, true)
    if form.bounds is None:
        return [idle], [deciding] if node == 0 else []
    bound = form.bounds[node]
    is_true = bound <= 0 if above else bound >= 0
    return ([bound], []) if is_true == form.joined else ([], [bound])


class _Pairs:
    """A pair's number is that of its first node times the length of the second list, plus that of its second."""

    def __init__(self, run: PackedRun, form: ThresholdForm, *, noisy: bool) -> None:
        self.run, self.form = run, form
        known, care = run.observed.known[-1], run.observed.care[-1]
        ones = int(np.bitwise_count(known & care).sum())
        alike = min(ones, int(np.bitwise_count(care).sum()) - ones)
        if not run.observations.lattice.periodic:
            alike = 0  # cells at an end see what others do not, and need not stay as the others are
        enough = int(np.iinfo(np.int64).max) if noisy else 0
        size = run.neighbourhood.size
        self.lists = [_choices(size, form, node) for node in range(len(form.above))]
        self.above = form.above
        if len(self.lists) == 1:
            self.lists.append(_choices(size, form, 0)[:1])
            self.above = (form.above[0], form.above[0])
        self.n_chunked, self.weight = len(self.lists[0]), len(self.lists[1])
        seen = seen_by_cells(run.states(run.observed.start), run.observations.lattice, run.neighbourhood)
        a, b = (self._nodes(*each) for each in zip(self.lists, self.above, strict=True))
        at_a, at_b = (self._values(*each, seen) for each in zip(self.lists, self.above, strict=True))
        self.pairs = Pairs(a, b, at_a, at_b, enough, alike)

    def _nodes(self, choices: list[tuple[NDArray[np.int8], int]], above: bool) -> Nodes:
        nodes = empty_nodes(len(choices), self.run, self.form)
        for index, (weights, bound) in enumerate(choices):
            set_node(nodes, index, weights, bound, above)
        return nodes

    def _values(
        self, choices: list[tuple[NDArray[np.int8], int]], above: bool, seen: NDArray[np.int64]
    ) -> NDArray[np.uint64]:
        rows = []
        for first in range(0, len(choices), SLICE):
            some = choices[first : first + SLICE]
            sums = np.array([weights for weights, _ in some], dtype=np.int64) @ seen
            bounds = np.array([bound for _, bound in some])[:, None]
            says = sums >= bounds if above else sums <= bounds
            rows.append(packed(np.roll(says, self.run.frame, axis=1)))
        return np.concatenate(rows)

    def chunk(self, first: int, last: int) -> _Chunk:
        found, least = _kept()
        nodes = empty_nodes(2, self.run, self.form)
        scratch = self.run.scratch(tables=False)
        count = try_pairs(
            self.pairs, first, last, nodes, self.run.observed, scratch, found, least
        )  # fmt: skip
        return _Chunk(count, found[: min(count, KEPT)].tolist(), int(least[0]), int(least[1]))

    def rule(self, number: int) -> Guess:
        places = divmod(number, self.weight)[: len(self.form.above)]
        chosen = [self.lists[node][place] for node, place in enumerate(places)]
        weights = np.array([weights for weights, _ in chosen], dtype=np.int8)
        rule = ThresholdRule(self.run.neighbourhood, weights, tuple(bound for _, bound in chosen), self.form)
        return rule, self.run.states(self.run.observed.start)
