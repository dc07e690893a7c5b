"""Gates that matter to neither training nor validation items go: a circuit no larger than its items can speak for.

A gate gives way to one of its senders, or to a constant, where that makes the description of the items shorter:
that of the circuit's gates, and of the bits that it gets wrong. Of N bits e are wrong, which takes about
log C(N, e) to say, and a gate of three of m senders about 3 log 2m. So gates stay that mend many bits, and where
items are noisy those go that mend a few by chance. The validation items have a veto: they may lose no more than
chance takes.

What is right then stays right, and what is wrong need not stay wrong: with that the circuit is exact, and shrunk
like any other.

Source: J. Rissanen, Automatica 14 (1978), 465; of trees, J. R. Quinlan and R. L. Rivest, Information and
Computation 80 (1989), 227.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import lgamma, log, log2

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.completion.completion_check import Candidate, complete_and_verify
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import n_listeners
from btfnet.engines.descent.shrink import shrink_found
from btfnet.halting import Halt, Halted
from btfnet.kernels.bits import unpack_bits
from btfnet.kernels.descent.gate_arrays import evaluate
from btfnet.kernels.descent.prices import price_node
from btfnet.problem.problem import Problem
from btfnet.search.learning.task import LearningTask

MOST_PASSES = 10
SHRINK_NS = 2e9
"""Work of a trial that shrinking is allowed for, in nanoseconds; it takes shares of it (shrink.py, tighten.py)."""


def simpler(
    task: LearningTask,
    found: Candidate,
    *,
    seed: int,
    work_ns: float,
    over: Callable[[], object],
    halt: Halt,
) -> Candidate:
    """The circuit without gates that do not matter. Deterministic for the seed.

    work_ns  what it took to find it, and over, halt  as for `shrink_found`
    Raises `Halted` when it was given up.
    """
    if found.weights is None:
        return found
    problem = task.all_items(found.network)
    search = _search(problem, found.weights, seed, halt)
    pruned = _Pruning(task, problem, search).run(over)
    right = _of_what_is_right(problem, search)
    if right is None:
        return _checked(task, problem, pruned, found)
    kept = complete_and_verify(
        right, search.circuit(problem.name), right.items.bits(), weights=pruned, network=found.network
    )
    largest = float(search.shape.sigma)
    work = min(work_ns, SHRINK_NS)
    right = right.with_network(task.problem.network)  # that may grow
    small, _, whole = shrink_found(right, kept, sigma=largest, seed=seed, work_ns=work, over=over, halt=halt)
    if not whole:
        over()  # which has not been asked where it was halted
    assert small.weights is not None
    return _checked(task, task.all_items(small.network), small.weights, small)


def _search(problem: Problem, weights: NDArray[np.int64], seed: int, halt: Halt) -> GateSearch:
    """At the gates of these integer weights, on all items of the problem."""
    network = problem.network
    largest = max(int((weights[network.edges(node)] ** 2).sum()) for node in network.btf_nodes)
    rng = np.random.default_rng([seed, 6])
    search = GateSearch.of(problem, rng, sigma=max(3, largest), repeats=False, begin=False, halt=halt)
    search.start_from(weights, problem.items.bits())
    return search


def _of_what_is_right(problem: Problem, search: GateSearch) -> Problem | None:
    """The items, of which only those bits count that the circuit gets right; None where there are none."""
    wrong = unpack_bits(search.buffers.wrong, problem.n_items)
    care = ~wrong if problem.care is None else problem.care & ~wrong
    if not care.any():
        return None
    return replace(problem, items=problem.items.but(care=care))


def _checked(task: LearningTask, problem: Problem, weights: NDArray[np.int64], found: Candidate) -> Candidate:
    """The circuit of these weights, its wrong bits counted on what is fitted."""
    search = _search(problem, weights, 0, Halt())
    fitting = task.fitting.with_network(found.network)
    circuit = search.circuit(fitting.name, fitting.input_names, fitting.output_names)
    return complete_and_verify(fitting, circuit, fitting.train_inputs, weights=weights, network=found.network)


def _code_length(n_bits: float, wrong: float) -> float:
    """Bits to say which of so many bits are wrong: how many there are, and then which.

    Beyond half of them, one more for each: that all are wrong is said as shortly as that none is.
    """
    half = n_bits / 2
    few = min(max(0.0, wrong), half)
    ways = lgamma(n_bits + 1) - lgamma(few + 1) - lgamma(n_bits - few + 1)
    return log2(n_bits + 1) + ways / log(2) + max(0.0, wrong - half)


@dataclass
class _Pruning:
    """Passes over the nodes of a search, from the outputs on; each node may become a Copy, a Not or a constant."""

    task: LearningTask
    problem: Problem
    search: GateSearch

    def __post_init__(self) -> None:
        task, training = self.task, self.task.training
        self.n_train, self.step = training.items.n_items, training.step
        self.n_bits = task.problem.items.targets.n_bits(task.problem.first_test)
        self.always_wrong = training.wrong_bits
        self.validation_before = self._wrong()[self.n_train :]
        self.lost = np.zeros(self.problem.n_items - self.n_train)

    def run(self, over: Callable[[], object]) -> NDArray[np.int64]:
        """Integer weights, (n_edges,), of what is left."""
        for _ in range(MOST_PASSES):
            if not sum(self._visit(node, over) for node in self._live()):
                break
        return self.search.integer_weights()

    def _wrong(self) -> NDArray[np.float64]:
        """Wrong bits of each item."""
        rows = unpack_bits(self.search.buffers.wrong, self.problem.n_items)
        return rows.sum(axis=1).astype(np.float64)

    def _live(self) -> list[int]:
        """Threshold nodes that an output needs, the last first."""
        needed = np.flatnonzero(n_listeners(self.search))
        return needed[needed > self.problem.network.n_inputs][::-1].tolist()

    def _visit(self, node: int, over: Callable[[], object]) -> bool:
        """Whether the node's gate became another one."""
        if over():
            raise Halted
        gate, search = self.search.gate(node), self.search
        if len(gate) < 2 or node not in self._live():
            return False
        top = price_node(search.shape, search.gates, search.buffers, node)
        change = self._changes(top)
        own = self._value(node)
        wrong = self._wrong()
        saved = self._saved(node, gate)
        best: tuple[float, int, int] | None = None
        before = self._length(wrong)
        for sender, sign, value in self._simpler(gate):
            differs = own != value
            after = wrong + np.where(differs, change, 0)
            gain = before - self._length(after) + saved[sender]
            if gain > 0 and (best is None or gain > best[0]) and self._allowed(after[self.n_train :]):
                best = (gain, sender, sign)
        if best is None:
            return False
        gates = search.gates
        gates.arity[node], gates.sender[node, 0], gates.sign[node, 0] = 1, best[1], best[2]
        search.error = int(evaluate(search.shape, gates, search.buffers))
        return True

    def _changes(self, top: int) -> NDArray[np.int64]:
        """d of every item: by how much its wrong bits change where the node's value flips."""
        planes, n_items = self.search.buffers.planes, self.problem.n_items
        if top == 0:
            return np.zeros(n_items, dtype=np.int64)
        bits = unpack_bits(planes[:top], n_items).astype(np.int64)
        sign = unpack_bits(planes[-1:], n_items)[:, 0]
        return np.where(sign, -1, 1) * (bits @ (1 << np.arange(top)))

    def _value(self, node: int) -> NDArray[np.bool_]:
        """What a node computes, (n_items,)."""
        return unpack_bits(self.search.buffers.values[node : node + 1], self.problem.n_items)[:, 0]

    def _simpler(self, gate: dict[int, int]) -> Iterator[tuple[int, int, NDArray[np.bool_]]]:
        """Senders, signs and values of what may take its place."""
        for sender in sorted({0, *gate}):
            value = self._value(sender)
            yield sender, 1, value
            yield sender, -1, ~value

    def _saved(self, node: int, gate: dict[int, int]) -> dict[int, float]:
        """For each sender alone, the bits of the description that are saved by it."""
        before = self._description()
        gates, saved = self.search.gates, {}
        held = int(gates.arity[node]), int(gates.sender[node, 0])
        for sender in {0, *gate}:
            gates.arity[node], gates.sender[node, 0] = 1, sender
            saved[sender] = before - self._description()
        gates.arity[node], gates.sender[node, 0] = held
        return saved

    def _description(self) -> float:
        """Bits that say which gates there are."""
        network, total = self.problem.network, 0.0
        for node in self._live():
            literals = int(self.search.gates.arity[node])
            if literals > 1:
                total += literals * log2(2 * len(network.senders(node))) - lgamma(literals + 1) / log(2)
        return total

    def _length(self, wrong: NDArray[np.float64]) -> float:
        total = self.step * wrong[: self.n_train].sum() + self.always_wrong + wrong[self.n_train :].sum()
        return _code_length(self.n_bits, min(total, self.n_bits))

    def _allowed(self, validation: NDArray[np.float64]) -> bool:
        """Whether the validation items lose no more than chance takes of as many changes."""
        change = validation - self.validation_before
        return bool(change.sum() <= np.sqrt(np.abs(change).sum()))
