"""Smaller is truer: the last step of a trial, in which its exact circuit walks to simpler ones, verified again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np

from btfnet.engines.completion.completion_check import Candidate, complete_and_verify
from btfnet.engines.descent.buffers import shrink_buffers
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.tighten import tightened
from btfnet.halting import Halt, Halted
from btfnet.kernels.descent.cheapest_gate import total_cost
from btfnet.kernels.descent.shrink import shrink_sweep
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem

SHARE = 0.5
"""Work spent on shrinking a circuit over work spent on finding it, at most."""
LEAST_NS, MOST_NS = 0.2e9, 60e9
"""Bounds of that budget, in nanoseconds; it ends earlier where nothing improves."""
PATIENCE, AFTER_TIGHTENING = 500, 50
"""It ends after so many sweeps without improvement, or as many as it took to the last one if these are more. Each
step of tightening has shrunk, too."""


@dataclass(frozen=True, slots=True)
class Shrinking:
    """What shrinking an exact circuit did to it: (before, after), of the simplified circuits.

    senders  the distinct senders of each gate, added up
    words    the fraction of test items that are right in all bits; NaN without any
    """

    gates: tuple[int, int]
    senders: tuple[int, int]
    words: tuple[float, float]
    seconds: float

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self:
        """From these four values, whatever kind of sequences the pairs are."""
        gates, senders, words, seconds = values
        return cls(
            (int(gates[0]), int(gates[1])),
            (int(senders[0]), int(senders[1])),
            (float(words[0]), float(words[1])),
            float(seconds),
        )


class Shrunk(NamedTuple):
    """An exact circuit as it became.

    by     how much smaller it is; None where it could not be shrunk
    whole  whether it was not given up on the way
    """

    candidate: Candidate
    by: Shrinking | None
    whole: bool = True


def shrink_found(
    problem: Problem,
    found: Candidate,
    *,
    sigma: float,
    seed: int,
    work_ns: float,
    over: Callable[[], object],
    halt: Halt | None = None,
) -> Shrunk:
    """An exact circuit made smaller; of a network that grows and has no window, tightened first (tighten.py).

    work_ns  estimated nanoseconds that it took to find the circuit: never the clock's
    over     asked between two sweeps whether to give up; then, or halted, it hands back what it has come to
    """
    begun, whole = time.monotonic(), True
    if not found.exact or found.weights is None or not problem.has_boolean_inputs:
        return Shrunk(found, None)
    searches: list[GateSearch] = []
    try:
        for search in _smaller(problem, found, sigma, seed, work_ns, over=over, halt=halt):
            searches[1:] = [search]
    except Halted:
        whole = False
    if not searches:
        return Shrunk(found, None, whole)
    problem, best = problem.with_network(found.network), searches[-1]
    small, before = _checked(problem, best, found), found.circuit.simplified()
    voted = (
        best.n_items > searches[0].n_items
    )  # it may have more gates, and is more often right on unseen items
    kept = small if small.exact and (voted or size(small.circuit) < size(before)) else found
    gates, senders = zip(size(before), size(kept.circuit.simplified()), strict=True)
    words = (unseen_words(problem, found.circuit), unseen_words(problem, kept.circuit))
    return Shrunk(kept, Shrinking(gates, senders, words, time.monotonic() - begun), whole)


def _smaller(
    problem: Problem,
    found: Candidate,
    sigma: float,
    seed: int,
    work_ns: float,
    *,
    over: Callable[[], object],
    halt: Halt | None,
) -> Iterator[GateSearch]:
    """A search at the circuit, and better ones, of which the last shrinks; none where gates are too large."""
    growth, problem = problem.network.growth, problem.with_network(found.network)
    best = _search_at(problem, found, sigma, seed, halt)
    if best.error:
        return
    yield best
    patience = PATIENCE
    if growth is not None and growth.window is None:
        rng = np.random.default_rng([seed, 7])
        for better in tightened(problem, best, rng, work_ns=work_ns, over=over, halt=halt):
            best = better
            yield best
        patience = AFTER_TIGHTENING
    budget = best.words_in(min(max(LEAST_NS, SHARE * work_ns), MOST_NS), shrinks=True)
    shrink(best, budget, over, patience=patience)


def _checked(problem: Problem, search: GateSearch, found: Candidate) -> Candidate:
    """A search's circuit, checked on the training items; it may have more items, and a network of its own."""
    return complete_and_verify(
        problem,
        search.circuit(problem.name, problem.input_names, problem.output_names),
        problem.train_inputs if problem.input_kind.known else search.codes()[: problem.n_train],
        weights=search.integer_weights(),
        network=None if found.network is None else search.network,
    )


def _search_at(problem: Problem, found: Candidate, sigma: float, seed: int, halt: Halt | None) -> GateSearch:
    assert found.weights is not None
    edges = map(problem.network.edges, problem.network.btf_nodes)
    largest = max(int((found.weights[row] ** 2).sum()) for row in edges)
    rng = np.random.default_rng([seed, 2])
    search = GateSearch.of(problem, rng, sigma=max(sigma, largest), repeats=False, begin=False, halt=halt)
    inputs = problem.train_inputs if found.codes is None else found.codes > 0
    search.start_from(found.weights, inputs)
    return search


def shrink(
    search: GateSearch,
    budget: int,
    over: Callable[[], object] = lambda: None,
    *,
    patience: int = PATIENCE,
) -> int:
    """Sweep over an exact search's nodes; each takes the cheapest gate that keeps the error at 0.

    budget  work at most, as `GateSearch.effort` counts it
    over    asked between sweeps; a true answer ends it
    patience  sweeps without improvement after which it ends; more where it took more to the last one

    Returns the sweeps done. Raises `Halted` when it was ended, by that or by the search's halt, within a sweep.
    The search is exact at any time, and a sweep never raises
    the cost: live gates first, then their senders. Deterministic for the search's generator.
    """
    if search.error != 0:
        raise ValueError(f"{search.error} output bits are wrong, but only exact circuits can be shrunk")
    shape, gates, work = search.shape, search.gates, search.buffers
    buffers = shrink_buffers(search.network, search.shape.targets.shape[1])
    last, sweeps, improved = search.effort + budget, 0, 0
    least = total_cost(shape, gates, buffers)
    while search.effort < last and sweeps - improved < max(patience, improved):
        if over():
            raise Halted
        search.error += int(shrink_sweep(shape, gates, work, buffers, search.rng))
        search.check_halt()
        sweeps += 1
        cost = total_cost(shape, gates, buffers)
        if cost < least:
            least, improved = cost, sweeps
    return sweeps


def size(circuit: Circuit) -> tuple[int, int]:
    """Gates, and their senders."""
    return len(circuit.gates), sum(len({abs(i) for i in gate.literals}) for gate in circuit.gates)


def unseen_words(problem: Problem, circuit: Circuit) -> float:
    """The fraction of test items that are right in all bits that count; NaN where there are none."""
    if problem.n_test == 0 or not problem.input_kind.known:
        return float("nan")
    outputs = circuit.predict(problem.items.bits(problem.n_train))
    return problem.fractions_right(outputs, problem.n_train)[1]
