"""Wide first: gate descent in wider layers, squeezed step by step into the network that was asked for.

A walk through layers that have room to spare soon fits all items; in layers as wide as the circuit sought it
may stand still. An exact wide circuit still contradicts unseen items. With every step a part of the
nodes goes, and descent mends what that broke; with fewer nodes more unseen items become right (measured:
docs/wide.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import generator_state, set_generator_state
from btfnet.engines.descent.cuts import narrow_cuts
from btfnet.engines.descent.driven import DrivenSearch
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import n_listeners
from btfnet.errors import DataError
from btfnet.halting import Halt, Halted
from btfnet.problem.network import CONSTANT, Network
from btfnet.problem.packed_bits import Bits
from btfnet.problem.problem import Problem

STEP = 0.5
"""Of a hidden layer's nodes so many stay in a step, fewer where fewer are needed."""

Widths = tuple[int, ...]


def can_widen(problem: Problem) -> bool:
    """Whether descent may begin in wider layers: known inputs, hidden layers, and none of them a narrow cut."""
    network = problem.network
    if not problem.input_kind.known or not problem.has_boolean_inputs or network.widths is None:
        return False
    outputs = problem.outputs[: problem.n_train] > 0
    narrow = narrow_cuts(network, outputs, problem.train_care, unknown=False).unseparated.size
    return len(network.widths) > 2 and not narrow


def widened(problem: Problem, factor: float) -> Problem:
    """The same items for a network whose hidden layers are so many times as wide, rounded up."""
    widths = _widths_of(problem.network)
    hidden = (int(np.ceil(factor * width)) for width in widths[1:-1])
    return problem.with_network(Network.layered([widths[0], *hidden, widths[-1]]))


class WideStart(DrivenSearch):
    """A walk that begins in a wider network and ends in the problem's own; like a `GateSearch` for who drives it.

    Where its network is wider than asked for, it is at once made narrower when it is exact: `error` is 0 only
    for an exact circuit in the problem's network. One generator draws for all its networks, one after another;
    deterministic for it.

    problem  with a network that `can_widen`
    factor   hidden layers are so many times as wide at first; above 1
    sigma, halt  as for `GateSearch`
    """

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        factor: float,
        *,
        sigma: float = 3.0,
        halt: Halt | None = None,
    ) -> None:
        self.problem, self.rng, self.sigma, self._halt = problem, rng, sigma, halt
        self.search = GateSearch.of(widened(problem, factor), rng, sigma, halt=halt)
        self._first = self.widths
        self._narrow_while_exact()

    @property
    def widths(self) -> Widths:
        """Of the network it walks in now, inputs first."""
        return _widths_of(self.search.network)

    @property
    def narrower(self) -> bool:
        """Whether a circuit was exact already, in the network it began with, at least."""
        return self.widths != self._first

    def walk(self, rounds: int) -> int:
        """So many rounds of `GateSearch.walk`, in narrower networks as soon as a circuit is exact; the error."""
        last = self.sweeps + 2 * rounds
        while self.error > 0 and self.sweeps < last:
            self.search.walk((last - self.sweeps + 1) // 2)
            self._narrow_while_exact()
        return self.error

    def _narrow_while_exact(self) -> None:
        """Raises `Halted`, and then has drawn nothing."""
        while self.search.error == 0 and self.search.network != self.problem.network:
            before = generator_state(self.rng)
            try:
                self.search = self._narrowed(self._next_widths(), self.rng, self._halt)
            except Halted:
                set_generator_state(self.rng, before)
                raise

    def _next_widths(self) -> Widths:
        """A part of every hidden layer, or what is needed of it, but no less than was asked for."""
        needed, asked, now = n_listeners(self.search) > 0, _widths_of(self.problem.network), self.widths
        hidden = (
            max(final, min(int(STEP * width), int(needed[layer].sum())))
            for final, width, layer in zip(asked[1:-1], now[1:-1], _layers(now)[1:-1], strict=True)
        )
        return (asked[0], *hidden, asked[-1])

    def _narrowed(self, widths: Widths, rng: np.random.Generator, halt: Halt | None = None) -> GateSearch:
        """A search in narrower layers: the nodes with most listeners, and what is left of their gates."""
        kept, listeners = [np.array([CONSTANT])], n_listeners(self.search)
        for layer, width in zip(_layers(self.widths), widths, strict=True):
            order = layer[np.argsort(-listeners[layer], kind="stable")]
            kept.append(np.sort(order[:width]))
        problem = self.problem.with_network(Network.layered(widths))
        search = GateSearch.of(problem, rng, self.sigma, begin=False, halt=halt)
        search.start_from(_part_of(self.search, problem.network, np.concatenate(kept)), self._inputs)
        search.add_work(self.search.sweeps, self.search.effort)
        return search

    @property
    def _inputs(self) -> Bits:
        return self.problem.train_inputs

    def fitted(self) -> GateSearch:
        """Its gates in the problem's network, where some bits may be wrong; draws nothing."""
        if self.search.network == self.problem.network:
            return self.search
        return self._narrowed(_widths_of(self.problem.network), np.random.default_rng(0))

    def export(self) -> dict[str, NDArray[Any]]:
        """Where it stands between two walks, by name, its generator too; see `GateSearch.export`."""
        return {**self.search.export(), "widths": np.array(self.widths)}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        arrays = dict(saved)
        widths = arrays.pop("widths", np.zeros(0, dtype=np.int64))
        asked, most = _widths_of(self.problem.network), self._first
        between = len(widths) == len(asked) and all(
            low <= width <= high for low, width, high in zip(asked, widths, most, strict=True)
        )
        if not between:
            raise DataError(
                f"The checkpoint's widths are {widths.tolist()}; expected are {list(asked)} to {list(most)}."
            )
        if tuple(widths) != self.widths:
            problem = self.problem.with_network(Network.layered([int(width) for width in widths]))
            self.search = GateSearch.of(problem, self.rng, self.sigma, begin=False, halt=self._halt)
        self.search.restore(arrays)  # the generator, too, whatever was drawn from it to get here
        self._narrow_while_exact()  # where this was halted


def _widths_of(network: Network) -> Widths:
    assert network.widths is not None
    return network.widths


def _layers(widths: Widths) -> list[NDArray[np.int64]]:
    """The nodes of each layer, inputs first."""
    return [np.arange(first, last) for first, last in pairwise(np.cumsum([1, *widths]))]


def _part_of(search: GateSearch, network: Network, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """Integer weights, (n_edges,), of the kept nodes' gates in a network of these; a gate left empty: constant."""
    place = np.full(search.network.n_nodes, -1)
    place[kept] = np.arange(kept.size)
    weights = np.zeros(network.n_edges, dtype=np.int64)
    for node in network.btf_nodes:
        row, senders = weights[network.edges(node)], network.senders(node)
        for sender, weight in search.gate(int(kept[node])).items():
            if place[sender] >= 0:
                row[np.searchsorted(senders, place[sender])] = weight
        if not row.any():
            row[0] = 1
    return weights
