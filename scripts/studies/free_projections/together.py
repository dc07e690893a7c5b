"""Gate descent in a network that grows, with help of the projections: the hand-overs that study.py compares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from btfnet import Network, Problem
from btfnet.engines.completion.completion_check import complete_at, iteration_ns
from btfnet.engines.descent.free import FreeSearch
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import move_gates, needed_nodes
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.engines.tuning.information import sized
from btfnet.problem.items import Items
from scripts.studies.free_projections.alone import in_layers, start_from_gates, stepper_of

SHARE = 0.5
"""Work of the projections over all work of descent so far, whenever they get a turn."""
TRIAL = 20
"""Rounds that two searches walk before they are compared."""
FIRST, ROOM = 300, 1.2
"""Iterations on a layered network before descent, and nodes of the free one over those that its circuit needs."""
EXTRA, MOST_ITEMS = 8, 256
"""Hidden nodes and items of a small network for one wrong output."""


class Helped(FreeSearch):
    """Whenever it stands still it grows, and then gets help."""

    def _grow(self) -> None:
        super()._grow()
        if self.search.error:
            self.help()

    def help(self) -> None:
        raise NotImplementedError

    def iterations(self, problem: Problem) -> int:
        """Of the projections on a problem: as many as their share pays for."""
        return max(10, int(SHARE * self.effort * self.ns_per_word / iteration_ns(problem)))


class Diversified(Helped):
    """The projections start from its gates, and descent from theirs; the better one goes on."""

    def help(self) -> None:
        problem = self.problem.with_network(self.network)
        stepper = self.started(problem)
        stepper.advance(self.iterations(problem), 0.01)
        reading = complete_at(problem, stepper, self.sigma)
        other = GateSearch.of(problem, self.rng, self.sigma, begin=False)
        other.start_from(reading.completion.weights, reading.inputs)
        for search in (other, self.search):
            search.walk(TRIAL)
        if other.error <= self.search.error:
            other.add_work(self.sweeps, self.effort)
            self.search = other

    def started(self, problem: Problem) -> NetworkStepper:
        return start_from_gates(stepper_of(problem, self.rng), self.search, self.rng)


class DiversifiedAnew(Diversified):
    """The same, but the projections start at random."""

    def started(self, problem: Problem) -> NetworkStepper:
        return stepper_of(problem, self.rng)


class Widened(Helped):
    """So many nodes more whenever it grows, as `Mended` has them, and nothing else."""

    def help(self) -> None:
        old = self.search
        self.search = self._with_extra()
        self.search.walk(TRIAL)
        self.search.add_work(old.sweeps, old.effort)

    def _with_extra(self) -> GateSearch:
        """The present gates in a network with more nodes at its end."""
        old = self.search
        new = self._search(old.network.n_hidden + EXTRA, begin=False)
        place = np.arange(old.network.n_nodes)
        place[old.network.output_nodes] = new.network.output_nodes
        move_gates(old, new, place)
        return new


class Mended(Widened):
    """The projections look for one wrong output in a small free network above the signals of the circuit."""

    def help(self) -> None:
        search, network = self.search, self.network
        values = search.values()
        wrong = values[:, network.output_nodes] != (self.problem.outputs[: self.problem.n_train] > 0)
        output = int(wrong.sum(axis=0).argmax())
        nodes = np.r_[1 : network.n_inputs + 1, needed_nodes(search)]
        problem = self._small(values[:, nodes], output, wrong[:, output])
        stepper = stepper_of(problem, self.rng)
        stepper.advance(self.iterations(problem), 0.01)
        reading = complete_at(problem, stepper, self.sigma)
        small = GateSearch.of(problem, self.rng, self.sigma, begin=False)
        small.start_from(reading.completion.weights, reading.inputs)
        other = self._spliced(small, nodes, output)
        for walker in (other, search):
            walker.walk(TRIAL)
        if other.error <= search.error:
            other.add_work(search.sweeps, search.effort)
            self.search = other

    def _small(self, signals: NDArray[np.bool_], output: int, wrong: NDArray[np.bool_]) -> Problem:
        """Its inputs are inputs and signals; its items those where the output is wrong, and as many others."""
        bad, good = np.flatnonzero(wrong), np.flatnonzero(~wrong)
        some = self.rng.permutation(good)[: max(bad.size, MOST_ITEMS - bad.size)]
        items = np.sort(np.r_[bad[:MOST_ITEMS], some])
        target = self.problem.outputs[: self.problem.n_train][items, output : output + 1]
        inputs = np.where(signals[items], 1, -1).astype(np.float32)
        return Problem("one output", Network.free(signals.shape[1], 1, EXTRA), Items(inputs, target))

    def _spliced(self, small: GateSearch, nodes: NDArray[np.int64], output: int) -> GateSearch:
        """The present gates in a larger network, the small one's gates at its end, and its output there."""
        new = self._with_extra()
        first = new.network.output_nodes.start - EXTRA
        target = new.network.output_nodes.start + output
        at = np.r_[0, nodes, first : first + EXTRA, target]
        for node in small.network.btf_nodes:
            arity = int(small.gates.arity[node])
            new.gates.arity[at[node]] = arity
            new.gates.sender[at[node], :arity] = at[small.gates.sender[node, :arity]]
            new.gates.sign[at[node], :arity] = small.gates.sign[node, :arity]
        new.stand_here()
        return new


def begun_in_layers(free: Problem, rng: np.random.Generator, iterations: int) -> FreeSearch:
    """A search that grows, from the gates to which projections on two layers complete; 0: random ones."""
    layers = in_layers(sized(free), 2)
    begun = GateSearch.of(layers, rng, begin=False)
    if iterations:
        stepper = stepper_of(layers, rng)
        stepper.advance(iterations, 0.01)
        reading = complete_at(layers, stepper, stepper.settings.sigma)
        begun.start_from(reading.completion.weights, reading.inputs)
    whole = FreeSearch(free, rng)
    first = whole.network.n_hidden
    whole.search = begun
    whole.search = whole._grown(max(first, int(ROOM * needed_nodes(begun).size)))
    whole._last = whole.error
    return whole


Begun = Callable[[Problem, np.random.Generator], FreeSearch]
"""From a problem with a network that grows, and a generator."""

TOGETHER: dict[str, Begun] = {
    "descent": lambda free, rng: FreeSearch(free, rng),
    "diversified": lambda free, rng: Diversified(free, rng),
    "diversified anew": lambda free, rng: DiversifiedAnew(free, rng),
    "mended": lambda free, rng: Mended(free, rng),
    "widened": lambda free, rng: Widened(free, rng),
    "layers first": lambda free, rng: begun_in_layers(free, rng, FIRST),
    "random layers first": lambda free, rng: begun_in_layers(free, rng, 0),
}
