"""`Walker`: a network with a gate at every node, and the search that mends it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint import generator_state, overwrite, set_generator_state
from btfnet.circuit import Circuit, Gate
from btfnet.descent.codes import OneHotCodes
from btfnet.descent.cuts import TRIES, distinct_codes, narrow_cuts
from btfnet.descent.room import no_gates, room_for, slots_for, whole_vectors
from btfnet.errors import DataError
from btfnet.halting import Halt, Halted
from btfnet.kernels.bits import WORD_BITS, pack_bits, unpack_bits, words_for
from btfnet.kernels.choose import random_gate
from btfnet.kernels.descent import Shape, evaluate, literals_for
from btfnet.kernels.repeats import count_wrong, fill_slots
from btfnet.kernels.walk import copy_gates, improve_codes, tell_apart, walk
from btfnet.network import Network
from btfnet.problem import InputKind, Problem

NS_PER_WORD = 0.56
"""Nanoseconds for a unit of `Walker.effort`, measured once: budgets must not depend on timing."""
KICKS = 1
"""Nodes that get a random gate before two sweeps (docs/strategy.md)."""
DROPPED = 0.1
"""Fraction of the items that the first of the two sweeps does not see (docs/strategy.md)."""

SLOW_SECONDS = 0.1
"""Walks whose rounds take longer may be halted within a round; before one, the state is copied."""
CODES_AFTER = 10
"""Rounds with unknown bits as they are, so that what is wrong comes to weigh more; then codes move too."""


class Walker:
    """Gate descent on a problem's training items.

    One gate per node, Copy/Not or the majority of three (with the constant: And/Or), and with σ ≥ 5 larger
    ones where these are better; the state moves by exact changes of the number of wrong output bits.
    Deterministic for a generator.

    network  its shape; every node's gate chooses among the node's senders
    inputs   bool, (n_items, n_inputs): bits, or a start for unknown ones
    outputs  bool, (n_items, n_outputs); care  the output bits that count, all by default
    unknown  the inputs are ours to choose: items' codes move too
    one_hot  of the unknown inputs just one is true for an item, and it stays so
    sigma    the squares of a gate's integer weights add up to this at most (and to 31)
    repeats  items that are wrong for long come to weigh more; never with one-hot codes
    codes_after  with unknown bits: rounds until codes move, too; one-hot codes move after every round
    begin    make the random start a good one, which may take a second; not worth it before `start_from`
    halt     ends whatever runs, from another thread: `Halted` is raised, at once when rounds are slow

    Source: the method page on gate descent; the iteration it completes is arXiv 2602.17493's.
    """

    def __init__(
        self,
        network: Network,
        inputs: NDArray[np.bool_],
        outputs: NDArray[np.bool_],
        rng: np.random.Generator,
        *,
        care: NDArray[np.bool_] | None = None,
        unknown: bool = False,
        one_hot: bool = False,
        sigma: float = 3.0,
        repeats: bool = True,
        codes_after: int = CODES_AFTER,
        begin: bool = True,
        halt: Halt | None = None,
    ) -> None:
        self._halt, self._slow = halt or Halt(), True
        self.network, self.n_items, self.rng, self.unknown = network, len(outputs), rng, unknown
        everywhere = np.ones((self.n_items, network.n_outputs), dtype=bool)
        self._repeats = slots_for(self.n_items, some=repeats and not one_hot)
        self._shape = Shape(
            n_inputs=network.n_inputs,
            first_output=network.output_nodes.start,
            sigma=int(sigma),
            fan_in_start=network.fan_in_start,
            fan_in=network.fan_in,
            targets=self._rows(outputs),
            care=self._rows(everywhere if care is None else care),
            cuts=narrow_cuts(network, outputs, care, unknown=unknown and not one_hot),
        )
        literals = literals_for(sigma)
        self._gates, self._kept, self._best = (no_gates(network.n_nodes, literals) for _ in range(3))
        self._part = self._shape._replace(care=self._shape.care.copy())
        self._work = room_for(network, self._shape.targets.shape[1], literals, self._halt)
        self._steady_work = self._work._replace(halt=Halt().flag)
        self._one_hot: OneHotCodes | None = None
        self._codes_after = 1 if one_hot else codes_after
        if one_hot:
            n_words = whole_vectors(words_for(network.n_inputs))
            self._one_hot = OneHotCodes(
                self._shape, self.n_items, room_for(network, n_words, literals, self._halt)
            )
        self._set_inputs(inputs)
        self._kept_inputs = self._inputs.copy()
        self.sweeps = 0
        self.error = self._start_at_random(TRIES * self.n_items if begin else 0)

    @classmethod
    def of(
        cls,
        problem: Problem,
        rng: np.random.Generator,
        sigma: float = 3.0,
        *,
        repeats: bool = True,
        codes_after: int = CODES_AFTER,
        begin: bool = True,
        halt: Halt | None = None,
    ) -> Walker:
        """On a problem's training items, from random gates (and random codes for unknown inputs)."""
        outputs = problem.outputs[: problem.n_train] > 0
        n_inputs = problem.network.n_inputs
        if problem.input_kind.known:
            inputs = problem.inputs[: problem.n_train] > 0
        elif problem.input_kind is InputKind.UNKNOWN_ONE_HOT:
            inputs = np.arange(n_inputs) == rng.permutation(len(outputs))[:, None] % n_inputs
        else:
            inputs = distinct_codes(outputs, n_inputs, rng)
        return cls(
            problem.network,
            inputs,
            outputs,
            rng,
            care=problem.train_care,
            unknown=not problem.input_kind.known,
            one_hot=problem.input_kind is InputKind.UNKNOWN_ONE_HOT,
            sigma=sigma,
            repeats=repeats,
            codes_after=codes_after,
            begin=begin,
            halt=halt,
        )

    @property
    def _inputs(self) -> NDArray[np.uint64]:
        """Rows of the inputs, a view."""
        return self._work.values[1 : self.network.n_inputs + 1]

    def _set_inputs(self, inputs: NDArray[np.bool_]) -> None:
        self._inputs[:] = self._rows(inputs)

    def _rows(self, bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """Packed columns, whole vectors of words each; slots and what is added besides are empty."""
        words = pack_bits(bits)
        n_slots = self._repeats.item.size
        return np.pad(
            words, ((0, 0), (0, whole_vectors(words.shape[1] + n_slots // WORD_BITS) - words.shape[1]))
        )

    def _start_at_random(self, tries: int) -> int:
        for node in self.network.btf_nodes:
            self._halt.check()
            random_gate(self._shape, self._gates, node, self.rng)
        evaluate(self._shape, self._gates, self._work)
        tell_apart(self._shape, self._gates, self._work, tries, self.rng)
        self._halt.check()
        return self._begin()

    def _begin(self) -> int:
        """Stand at the present gates, every item standing once; returns the error."""
        self._repeats.item[:] = -1
        self._repeats.state[:] = 0
        fill_slots(self._shape, self._work, self._repeats)
        copy_gates(self._gates, self._kept)
        copy_gates(self._gates, self._best)
        self._kept_inputs[:] = self._inputs
        return int(evaluate(self._shape, self._gates, self._work))

    def start_at_random(self) -> None:
        self.error = self._start_at_random(TRIES * self.n_items)

    def start_from(self, weights: NDArray[np.int64], inputs: NDArray[np.bool_]) -> None:
        """Take the gates of integer weights, (n_edges,); of those too large, the three largest weights' signs."""
        network, gates = self.network, self._gates
        for node in network.btf_nodes:
            self._halt.check()
            row, senders = weights[network.edges(node)], network.senders(node)
            literals = self._literals(row)
            gates.arity[node] = literals.size
            gates.sender[node, : literals.size] = senders[literals]
            gates.sign[node, : literals.size] = np.where(row[literals] < 0, -1, 1)
        self._set_inputs(inputs)
        self.error = self._begin()

    def _literals(self, row: NDArray[np.int64]) -> NDArray[np.intp]:
        """The senders of a gate's literals, a weight of two twice."""
        largest = np.argsort(-np.abs(row), kind="stable")
        literals = np.repeat(largest, np.abs(row[largest]))
        odd = literals.size % 2 == 1
        if odd and literals.size <= self._gates.sender.shape[1] and (row**2).sum() <= self._shape.sigma:
            return literals
        return largest[: 3 if largest.size >= 3 and row[largest[2]] != 0 else 1]

    def walk(self, rounds: int, kicks: int = KICKS, dropped: float = DROPPED, *, merging: bool = True) -> int:
        """Iterated local search: so many times kick, two sweeps, keep it unless it is worse; ends early at 0.

        kicks    nodes that get a random gate first
        dropped  fraction of the items, others every time, that the first sweep does not see: what is good
                 for most items only is one way off a plateau
        merging  before each round, of two nodes with the same values one takes over for the other, so that
                 the other is free for something new (docs/strategy.md)
        What is worse is judged with items counted as often as they stand, after every ten rounds without a
        gain once more for those that are wrong: plateaus and local minima do not stay such.

        Returns the wrong output bits of the best gates, which are what it shows; the next walk goes on from
        where this one ended, which may be worse. A walk may be cut into several anywhere between two rounds:
        that changes nothing, neither what it finds nor its effort.

        Raises `Halted` when a slow walk was halted; it then stands where it stood before this call.
        """
        whole = {name: array.copy() for name, array in self.export().items()} if self._slow else None
        before, begun = self.sweeps, time.monotonic()
        if self.unknown:
            self._walk_with_codes(rounds, kicks, dropped, merging)
        else:
            self.sweeps += 2 * max(1, self._walk(rounds, kicks, dropped, merging))
        if whole is not None and self._halt.is_set():
            self.restore(whole)
            raise Halted
        done = max(1, (self.sweeps - before) // 2)
        self._slow = time.monotonic() - begun > SLOW_SECONDS * done
        return self.error

    def _walk(self, rounds: int, kicks: int, dropped: float, merging: bool) -> int:
        self._work.effort[0] -= 2 * self._evaluation  # at the beginning and at the end
        least, done = walk(
            self._shape, self._part, self._gates, self._kept, self._best,
            self._work if self._slow else self._steady_work, self._repeats, self.error,
            rounds, kicks, dropped, merging, self.rng,
        )  # fmt: skip
        self.error = int(least)
        return int(done)

    def _walk_with_codes(self, rounds: int, kicks: int, dropped: float, merging: bool) -> None:
        """Gates, and now and then codes too, where the walk stands; shows the best of both."""
        best, last = self._inputs.copy(), self.sweeps + 2 * rounds
        while self.sweeps < last:
            self._put_inputs(self._kept_inputs)
            before, until_codes = self.error, self._codes_after - self.sweeps // 2 % self._codes_after
            until_end = (last - self.sweeps) // 2
            self.sweeps += 2 * max(1, self._walk(min(until_codes, until_end), kicks, dropped, merging))
            if self.error < before or self._repeats.item.size == 0:
                best[:] = self._kept_inputs
            if self.error > 0 and until_codes <= until_end and self._move_codes():
                best[:] = self._kept_inputs
            if self.error == 0:
                break
        self._put_inputs(best)
        copy_gates(self._best, self._gates)
        evaluate(self._shape, self._gates, self._work)
        self._work.effort[0] -= self._evaluation

    @property
    def _evaluation(self) -> int:
        """The effort of evaluating all gates; what a walk does so only to begin and to end does not count."""
        return 4 * self._work.values.size

    @property
    def call_effort(self) -> int:
        """The work that every call of `walk` costs besides its effort, in the same unit."""
        return (3 if self.unknown else 2) * self._evaluation

    def _put_inputs(self, rows: NDArray[np.uint64]) -> None:
        self._inputs[:] = rows
        fill_slots(self._shape, self._work, self._repeats)

    def _move_codes(self) -> bool:
        """Move the codes where the walk stands; whether this is as good as the best, and now the best."""
        self._put_inputs(self._kept_inputs)
        copy_gates(self._kept, self._gates)
        evaluate(self._shape, self._gates, self._work)
        self._improve_codes()
        self._kept_inputs[:] = self._inputs
        wrong = int(count_wrong(self._work, self._repeats.first_word))
        if wrong > self.error:
            return False
        self.error = wrong
        copy_gates(self._kept, self._best)
        return True

    def _improve_codes(self) -> int:
        """Move the items' codes; returns the change of the error, never positive."""
        if self._one_hot is None:
            return int(improve_codes(self._shape, self._gates, self._work, self._repeats, self.rng))
        prices, items = self._one_hot.prices(self._gates), np.arange(self.n_items)
        before, after = self.codes().argmax(axis=1), self._one_hot.best(prices, self.rng)
        self._set_inputs(np.arange(self.network.n_inputs) == after[:, None])
        evaluate(self._shape, self._gates, self._work)
        self._work.effort[0] += self._one_hot.effort()
        return int(prices[items, after].sum() - prices[items, before].sum())

    def check_halt(self) -> None:
        """Raises `Halted` once its halt is set."""
        self._halt.check()

    # -- going on later -------------------------------------------------------------------------------

    def export(self) -> dict[str, NDArray[Any]]:
        """Where it stands between two walks, by name, its generator too; only the latter is a copy."""
        counts = np.array([self.sweeps, self.effort])
        return {**self._standing(), "work": counts, "generator": generator_state(self.rng)}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        done = np.zeros(2, dtype=np.int64)
        overwrite({**self._standing(), "work": done}, saved)
        set_generator_state(self.rng, saved.get("generator"))
        if not ((self._repeats.item >= -1) & (self._repeats.item < self.n_items)).all():
            raise DataError(f"The checkpoint repeats items that do not exist; there are {self.n_items}.")
        self._repeats.state[0] %= max(1, self._repeats.item.size)
        fill_slots(self._shape, self._work, self._repeats)
        copy_gates(self._gates, self._best)
        evaluate(self._shape, self._gates, self._work)
        self.error = int(count_wrong(self._work, self._repeats.first_word))
        self.sweeps, self._work.effort[0] = int(done[0]), int(done[1])

    def _standing(self) -> dict[str, NDArray[Any]]:
        """Gates, inputs, and which items are repeated; everything else follows from them."""
        kept = {f"kept_{name}": array for name, array in self._kept._asdict().items()}
        return {
            **self._gates._asdict(),
            **kept,
            "inputs": self._inputs,
            **({"kept_inputs": self._kept_inputs} if self.unknown else {}),
            "repeated": self._repeats.item,
            "repeats_state": self._repeats.state,
        }

    # -- what it has found ----------------------------------------------------------------------------

    @property
    def effort(self) -> int:
        """Work so far, in words read; a visit to a node counts as some more. The same at any load, however the
        walks were cut (see `call_effort`)."""
        return int(self._work.effort[0])

    def add_work(self, sweeps: int, effort: int) -> None:
        """Count work done elsewhere, on the way to its gates."""
        self.sweeps += sweeps
        self._work.effort[0] += effort

    @property
    def output_bits(self) -> int:
        """Output bits that count."""
        return int(np.bitwise_count(self._shape.care[:, : self._repeats.first_word]).sum())

    def codes(self) -> NDArray[np.bool_]:
        """The inputs as they are now; (n_items, n_inputs)."""
        return unpack_bits(self._inputs, self.n_items)

    def values(self) -> NDArray[np.bool_]:
        """What every node computes; (n_items, n_nodes), the constant and the inputs first."""
        return unpack_bits(self._work.values, self.n_items)

    def gate(self, node: int) -> dict[int, int]:
        """A node's gate: its senders' integer weights."""
        weights: dict[int, int] = {}
        for place in range(int(self._gates.arity[node])):
            sender = int(self._gates.sender[node, place])
            weights[sender] = weights.get(sender, 0) + int(self._gates.sign[node, place])
        return weights

    def integer_weights(self) -> NDArray[np.int64]:
        """The gates as integer weights; (n_edges,)."""
        weights = np.zeros(self.network.n_edges, dtype=np.int64)
        for node in self.network.btf_nodes:
            row, senders, gate = (
                weights[self.network.edges(node)],
                self.network.senders(node),
                self.gate(node),
            )
            row[np.searchsorted(senders, list(gate))] = list(gate.values())
        return weights

    def weights(self) -> NDArray[np.float64]:
        """The gates as integer weights, each node's scaled to norm sqrt(fan-in); (n_edges,)."""
        return scaled_weights(self.network, self.integer_weights())

    def circuit(
        self, name: str, input_names: tuple[str, ...] = (), output_names: tuple[str, ...] = ()
    ) -> Circuit:
        """The gates, one for each threshold node, not simplified."""
        network, gates = self.network, []
        for node in network.btf_nodes:
            gates.append(Gate.from_weights(self.gate(node)))
        outputs = tuple(network.output_nodes)
        return Circuit(network.n_inputs, tuple(gates), outputs, input_names, output_names, name)


def scaled_weights(network: Network, weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Integer weights of gates, each node's scaled to norm sqrt(fan-in); (n_edges,) both."""
    scaled = weights.astype(np.float64)
    for node in network.btf_nodes:
        row = scaled[network.edges(node)]
        row *= np.sqrt(row.size / (row**2).sum())
    return scaled
