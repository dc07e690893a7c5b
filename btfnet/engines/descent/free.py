"""Gate descent in a network that grows: few nodes at first, more where the error stands still.

A walk among few nodes is quick, and small circuits are more often right on unseen items. Where it gains little
for some time, it goes on among more: its gates stay, in another order, and new nodes stand evenly between those
that are needed. Of many inputs it hears a choice at first; others join when it grows (see inputs.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import generator_state, overwrite, set_generator_state
from btfnet.engines.descent.driven import DrivenSearch
from btfnet.engines.descent.inputs import InputChoice, Task
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import move_gates, needed_nodes, places, shuffled
from btfnet.errors import CapacityError, DataError
from btfnet.halting import Halt, Halted
from btfnet.kernels.bits import unpack_bits, words_for
from btfnet.problem.packed_bits import PackedBits, packed
from btfnet.problem.problem import Problem

LEAST, PER_OUTPUT, MOST_AT_FIRST = 8, 2, 32
"""Hidden nodes at first: so many for each output, but at least, and at most."""
GROWTH = 1.4
"""So many times as many nodes in a step."""
MOST = 4000
"""Hidden nodes that it grows to."""
LOOK = 20
"""Sweeps from one look at the error to the next."""
WINDOW, LONGER = 60, 1.5
"""Sweeps before the first look at the error; from each look to the next the walk gets so many times as long."""
FALL = 0.85
"""The network grows where the error is more than so many times that of the look before (docs/free.md)."""
STILL = 500
"""It also grows where the error stood still for so many sweeps, and for a quarter of the walk."""


class FreeSearch(DrivenSearch):
    """A walk in a network that grows while it walks; like a `GateSearch` for who drives it.

    `error` is that of the present network's gates. One generator draws for all its networks, one after another;
    deterministic for it.

    problem  with a network that grows
    sigma, halt, repeats  as for `GateSearch`
    """

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        *,
        sigma: float = 3.0,
        halt: Halt | None = None,
        repeats: bool = True,
    ) -> None:
        self.problem, self.rng, self.sigma, self._halt = problem, rng, sigma, halt
        self._repeats = repeats
        self.choice = InputChoice(_task(problem), halt or Halt())
        self.choice.begin(rng)
        self._most = MOST
        first = min(max(LEAST, PER_OUTPUT * problem.network.n_outputs), MOST_AT_FIRST)
        self.search = self._search(first, begin=True)
        self._last = self._least = self.search.error
        self._next, self._gained = WINDOW, 0

    def _search(self, hidden: int, *, begin: bool) -> GateSearch:
        network = self.problem.network
        heard = network.heard_inputs[self.choice.present]
        problem = self.problem.with_network(network.grown(hidden, heard.tolist()))
        return GateSearch.of(
            problem, self.rng, self.sigma, repeats=self._repeats, begin=begin, halt=self._halt
        )

    def walk(self, rounds: int) -> int:
        """So many rounds of `GateSearch.walk`, among more nodes when it is time; the error.

        A walk may be cut into several anywhere between two rounds. Raises `Halted`, and then has drawn nothing.
        """
        last = self.sweeps + 2 * rounds
        while self.error > 0 and self.sweeps < last:
            if self.sweeps % LOOK == 0:
                self._look()
            self.search.walk((min(last, self.sweeps - self.sweeps % LOOK + LOOK) - self.sweeps) // 2)
        return self.error

    def _look(self) -> None:
        """Grow where little was gained since the last look, or nothing for long."""
        now, still = self.sweeps, max(STILL, self.sweeps // 4)
        if self.error < self._least:
            self._least, self._gained = self.error, now
        if now < self._next and now - self._gained < still:
            return
        if self.network.n_hidden < self._most and (
            now - self._gained >= still or self.error > FALL * self._last
        ):
            self._grow()
        self._last, self._gained = self.error, now
        self._next = max(now + WINDOW, int(LONGER * now))

    def _grow(self) -> None:
        """More nodes; as many as before where more do not fit."""
        before, present = generator_state(self.rng), self.choice.present
        try:
            if not self.choice.is_complete:
                self._choose_inputs()
            self.search = self._grown(min(MOST, int(np.ceil(GROWTH * self.network.n_hidden))))
        except CapacityError:
            self.choice.present, self._most = present, self.network.n_hidden
        except Halted:
            set_generator_state(self.rng, before)
            self.choice.present = present
            raise

    def _choose_inputs(self) -> None:
        """Others join, seeing where the present circuit is wrong."""
        search, outputs = self.search, self.network.output_nodes
        values, n_words = search.buffers.values, words_for(search.n_items)
        signals = PackedBits(values[needed_nodes(search), :n_words], search.n_items)
        self.choice.grow(unpack_bits(values[outputs], search.n_items), signals, self.rng)

    def _grown(self, hidden: int) -> GateSearch:
        """The present gates in a network of so many hidden nodes; others are random, and nothing hears them."""
        old, search = self.search, self._search(hidden, begin=False)
        order, growth = needed_nodes(old), self.problem.network.growth
        if growth is not None and growth.window is None:
            order = shuffled(old, order, self.rng)
        if old.unknown:
            search.set_inputs(old.codes())
        move_gates(old, search, places(old, search.network, order))
        search.add_work(old.sweeps, old.effort)
        return search

    def fitted(self) -> GateSearch:
        """Its gates, in the present network."""
        return self.search

    def export(self) -> dict[str, NDArray[Any]]:
        """Where it stands between two walks, by name, its generator too; see `GateSearch.export`."""
        return {**self.search.export(), "growth": self._growth(), **self.choice.export()}

    def _growth(self) -> NDArray[np.int64]:
        state = (self.network.n_hidden, self._most, self._last, self._next, self._least, self._gained)
        return np.array(state, dtype=np.int64)

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        growth = self._growth()
        overwrite({"growth": growth}, saved)
        hidden, *state = growth.tolist()
        if not 1 <= hidden <= MOST:
            raise DataError(f"The checkpoint's network has {hidden} hidden nodes; expected are 1 to {MOST}.")
        before = self.choice.present
        self.choice.restore(saved)
        if hidden != self.network.n_hidden or not np.array_equal(before, self.choice.present):
            self.search = self._search(hidden, begin=False)
        self.search.restore(saved)  # the generator, too, whatever was drawn from it to get here
        self._most, self._last, self._next, self._least, self._gained = state


def _task(problem: Problem) -> Task:
    """Over the inputs that its network may hear; without items, so that all are chosen, where they are unknown."""
    n_items = problem.n_train if problem.input_kind.known and problem.has_boolean_inputs else 0
    heard, outputs = problem.network.heard_inputs, problem.outputs[:n_items] > 0
    care = np.ones(outputs.shape, dtype=bool) if problem.train_care is None else problem.train_care[:n_items]
    none = np.zeros((0, heard.size), dtype=bool)
    inputs = packed(problem.train_inputs).of_columns(heard) if n_items else none
    return Task(inputs, outputs, care.view(np.int8))
