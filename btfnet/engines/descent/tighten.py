"""An exact circuit of a free network becomes small, and says of unseen items what many small ones say.

First a walk among exact circuits (exact_walk.py). Where there are unseen items, bits of them on which nearly all
circuits of its later half agree then count as training items do (votes.py): the smallest circuit walks until it
has them all, and among the circuits that have them goes on to a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from btfnet.engines.descent.exact_walk import ExactWalk
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import move_gates, needed_nodes, places
from btfnet.engines.descent.votes import Sample, mended, unseen_inputs
from btfnet.halting import Halt, Halted
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

SHARE = 1.5
"""Work among exact circuits over work that it took to find the first, at most; where they vote, once more."""
LEAST_NS, MOST_NS = 0.5e9, 60e9
"""Bounds of that budget, in nanoseconds."""
STEP = 0.25
"""Work of a step that does not come back to exact circuits, over that of finding the first."""
STEP_NS = 0.02e9
"""But at least so much."""

Make = Callable[[int], GateSearch]
"""A search with so many hidden nodes."""


def tightened(
    problem: Problem,
    search: GateSearch,
    rng: np.random.Generator,
    *,
    work_ns: float,
    over: Callable[[], object],
    halt: Halt | None = None,
) -> Iterator[GateSearch]:
    """Exact searches from one in a free network of the problem's, each better than those before; maybe none.

    A smaller one is better, and one that says of unseen items what most say, which therefore has more items.
    work_ns  estimated nanoseconds that it took to find the circuit: never the clock's
    over     asked between two steps whether to give up

    Raises `Halted` when it was given up, by that or by the halt. Deterministic for the generator.
    """
    network, sigma = search.network, search.shape.sigma
    patience = search.words_in(max(STEP_NS, STEP * work_ns))
    budget = search.words_in(min(max(LEAST_NS, SHARE * work_ns), MOST_NS))

    def maker(sample: Sample) -> Make:
        ends, heard = (network.n_inputs, network.n_outputs), network.heard_inputs.tolist()
        return lambda hidden: sample.search_in(Network.free(*ends, hidden, inputs=heard), sigma, rng, halt)

    inputs = problem.train_inputs if problem.input_kind.known else search.codes()
    sample, unseen = Sample.of(problem, inputs), unseen_inputs(problem)
    walk = ExactWalk(search, maker(sample), rng, unseen=unseen, patience=patience)
    yield from _smaller(walk, budget, over)
    share = walk.agreed()
    if not len(share):
        return
    pinned = maker(sample.with_votes(unseen, share))
    voted = _moved(walk.smallest, pinned)
    if mended(voted, budget, over):
        yield voted
        yield from _smaller(ExactWalk(voted, pinned, rng, unseen=unseen[:0], patience=patience), budget, over)


def _smaller(walk: ExactWalk, budget: int, over: Callable[[], object]) -> Iterator[GateSearch]:
    """What becomes the smallest on a walk, until the budget, as `GateSearch.effort` counts it, is used up."""
    while walk.effort < budget and not walk.stands_still and walk.size:
        if over():
            raise Halted
        size = walk.size
        walk.step()
        if walk.size < size:
            yield walk.smallest


def _moved(search: GateSearch, make: Make) -> GateSearch:
    """The gates of a search in another one of as many hidden nodes, on items of its own."""
    moved = make(search.network.n_hidden)
    move_gates(search, moved, places(search, moved.network, needed_nodes(search)))
    return moved
