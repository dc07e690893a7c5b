"""`GateSearch`: a network with a gate at every node, and the search that mends it."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.buffers import buffers_for
from btfnet.engines.descent.codes import OneHotCodes
from btfnet.engines.descent.cuts import TRIES, distinct_codes
from btfnet.engines.descent.state import SearchState, set_gate, whole_vectors
from btfnet.halting import Halt, Halted
from btfnet.kernels.bits import words_for
from btfnet.kernels.descent.best_gate import random_gate
from btfnet.kernels.descent.breakout import count_wrong, fill_slots
from btfnet.kernels.descent.gate_arrays import evaluate
from btfnet.kernels.descent.walk import WalkPlan, WalkState, copy_gates, improve_codes, separate_kinds, walk
from btfnet.problem.network import Network
from btfnet.problem.packed_bits import Bits
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind
from btfnet.ranks.ranks import ALONE, Ranks

NS_PER_WORD, NS_SEEING_FEW, NS_SHRINKING = 0.56, 0.18, 0.9
"""Nanoseconds for a unit of `GateSearch.effort`, measured once: budgets must not depend on timing. In layers;
where visits see few of many senders, whose rows stay in the nearest cache (0.12 to 0.3); of shrinking there."""
KICKS = 1
"""Nodes that get a random gate before two sweeps (docs/strategy.md)."""
DROPPED = 0.1
"""Fraction of the items that the first of the two sweeps does not see (docs/strategy.md)."""

ALL_SENDERS, MOST_SEEN = 2**31, 24
"""Senders that a visit sees in layers, and in other networks, where nodes may hear hundreds (docs/free.md)."""

SLOW_SECONDS = 0.1
"""Walks whose rounds take longer may be halted within a round; before one, the state is copied."""
CODES_AFTER = 10
"""Rounds with unknown bits as they are, so that what is wrong comes to weigh more; then codes move too."""


def seen_in(network: Network) -> int:
    """Of more senders of a node, visits in a network see so many."""
    return ALL_SENDERS if network.widths else MOST_SEEN


class GateSearch(SearchState):
    """Gate descent on a problem's training items.

    One gate per node, Copy/Not or the majority of three (with the constant: And/Or), and with σ ≥ 5 larger
    ones where these are better; the state moves by exact changes of the number of wrong output bits.
    Deterministic for a generator.

    network  its shape; every node's gate chooses among the node's senders
    inputs   bool or packed, (n_items, n_inputs): bits, or a start for unknown ones
    outputs  bool, (n_items, n_outputs); care  the output bits that count, all by default
    unknown  the inputs are ours to choose: items' codes move too
    one_hot  of the unknown inputs just one is true for an item, and it stays so
    sigma    the squares of a gate's integer weights add up to this at most (and to 31)
    repeats  items that are wrong for long come to weigh more; never with one-hot codes
    codes_after  with unknown bits: rounds until codes move, too; one-hot codes move after every round
    begin    make the random start a good one, which may take a second; not worth it before `start_from`
    halt     ends whatever runs, from another thread: `Halted` is raised, at once when rounds are slow
    ranks    which share the items' words; walks are not halted there, all ranks make the same calls
    most_seen  of more senders of a node, a visit sees the gate's own and a random sample of so many in all

    Source: the method page on gate descent; the iteration it completes is arXiv 2602.17493's.
    """

    def __init__(
        self,
        network: Network,
        inputs: Bits,
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
        most_seen: int = ALL_SENDERS,
        ranks: Ranks = ALONE,
    ) -> None:
        self._halt, self._slow = halt or Halt(), not ranks.many
        super().__init__(
            network,
            inputs,
            outputs,
            rng,
            care=care,
            unknown=unknown,
            one_hot=one_hot,
            sigma=sigma,
            repeats=repeats,
            halt=self._halt,
            most_seen=most_seen,
            ranks=ranks,
        )
        self.partial_shape = self.shape._replace(care=self.shape.care.copy())
        self.steady_buffers = self.buffers._replace(halt=Halt().flag)
        self.one_hot_codes: OneHotCodes | None = None
        self._codes_after = 1 if one_hot else codes_after
        if one_hot:
            n_words = whole_vectors(words_for(network.n_inputs))
            room = buffers_for(network, n_words, self.n_literals, self._halt)
            self.one_hot_codes = OneHotCodes(self.shape, self.n_items, room)
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
        ranks: Ranks = ALONE,
    ) -> GateSearch:
        """On a problem's training items, from random gates (and random codes for unknown inputs)."""
        outputs = problem.outputs[: problem.n_train] > 0
        n_inputs = problem.network.n_inputs
        if problem.input_kind.known:
            inputs: Bits = problem.train_inputs
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
            most_seen=seen_in(problem.network),
            ranks=ranks if problem.input_kind.known else ALONE,
        )

    def _start_at_random(self, tries: int) -> int:
        for node in self.network.btf_nodes:
            self._halt.check()
            random_gate(self.shape, self.gates, node, self.rng)
        evaluate(self.shape, self.gates, self.buffers)
        separate_kinds(self.shape, self.gates, self.buffers, tries, self.rng)
        self._halt.check()
        return self.stand_here()

    def stand_here(self) -> int:
        """Stand at the present gates, every item standing once; returns the error."""
        self.item_weights.item[:] = -1
        self.item_weights.state[:] = 0
        fill_slots(self.shape, self.buffers, self.item_weights)
        copy_gates(self.gates, self.kept_gates)
        copy_gates(self.gates, self.best_gates)
        self.kept_input_rows[:] = self.input_rows
        self.error = int(evaluate(self.shape, self.gates, self.buffers))
        return self.error

    def start_from(self, weights: NDArray[np.int64], inputs: Bits) -> None:
        """Take the gates of integer weights, (n_edges,); of those too large, the three largest weights' signs."""
        for node in self.network.btf_nodes:
            self._halt.check()
            set_gate(self.gates, self.network, node, weights[self.network.edges(node)], self.shape.sigma)
        self.set_inputs(inputs)
        self.stand_here()

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
        self._slow = not self.ranks.many and time.monotonic() - begun > SLOW_SECONDS * done
        return self.error

    def _walk(self, rounds: int, kicks: int, dropped: float, merging: bool) -> int:
        self.buffers.effort[0] -= 2 * self._evaluation  # at the beginning and at the end
        work = self.buffers if self._slow else self.steady_buffers
        state = WalkState(
            self.shape,
            self.partial_shape,
            self.gates,
            self.kept_gates,
            self.best_gates,
            work,
            self.item_weights,
        )
        least, done = walk(state, self.error, WalkPlan(rounds, kicks, dropped, merging), self.rng)
        self.error = int(least)
        return int(done)

    def _walk_with_codes(self, rounds: int, kicks: int, dropped: float, merging: bool) -> None:
        """Gates, and now and then codes too, where the walk stands; shows the best of both."""
        best, last = self.input_rows.copy(), self.sweeps + 2 * rounds
        while self.sweeps < last:
            self._put_inputs(self.kept_input_rows)
            before, until_codes = self.error, self._codes_after - self.sweeps // 2 % self._codes_after
            until_end = (last - self.sweeps) // 2
            self.sweeps += 2 * max(1, self._walk(min(until_codes, until_end), kicks, dropped, merging))
            if self.error < before or self.item_weights.item.size == 0:
                best[:] = self.kept_input_rows
            if self.error > 0 and until_codes <= until_end and self._move_codes():
                best[:] = self.kept_input_rows
            if self.error == 0:
                break
        self._put_inputs(best)
        copy_gates(self.best_gates, self.gates)
        evaluate(self.shape, self.gates, self.buffers)
        self.buffers.effort[0] -= self._evaluation

    @property
    def _evaluation(self) -> int:
        """The effort of evaluating all gates; what a walk does so only to begin and to end does not count."""
        return 4 * self.network.n_nodes * self.share.words

    @property
    def ns_per_word(self) -> float:
        """Estimated nanoseconds for a unit of `effort`."""
        return NS_PER_WORD if self.shape.most_seen == ALL_SENDERS else NS_SEEING_FEW

    def words_in(self, ns: float, *, shrinks: bool = False) -> int:
        """As much work as `effort` counts, of a walk or of shrinking, in estimated nanoseconds."""
        layered = self.shape.most_seen == ALL_SENDERS
        return int(ns / (NS_SHRINKING if shrinks and not layered else self.ns_per_word))

    @property
    def call_effort(self) -> int:
        """The work that every call of `walk` costs besides its effort, in the same unit."""
        return (3 if self.unknown else 2) * self._evaluation

    def _put_inputs(self, rows: NDArray[np.uint64]) -> None:
        self.input_rows[:] = rows
        fill_slots(self.shape, self.buffers, self.item_weights)

    def _move_codes(self) -> bool:
        """Move the codes where the walk stands; whether this is as good as the best, and now the best."""
        self._put_inputs(self.kept_input_rows)
        copy_gates(self.kept_gates, self.gates)
        evaluate(self.shape, self.gates, self.buffers)
        self.improve_codes()
        self.kept_input_rows[:] = self.input_rows
        wrong = int(count_wrong(self.buffers, self.item_weights.first_word))
        if wrong > self.error:
            return False
        self.error = wrong
        copy_gates(self.kept_gates, self.best_gates)
        return True

    def improve_codes(self) -> int:
        """Move the items' codes; returns the change of the error, never positive."""
        if self.one_hot_codes is None:
            return int(improve_codes(self.shape, self.gates, self.buffers, self.item_weights, self.rng))
        prices, items = self.one_hot_codes.prices(self.gates), np.arange(self.n_items)
        before, after = self.codes().argmax(axis=1), self.one_hot_codes.best(prices, self.rng)
        self.set_inputs(np.arange(self.network.n_inputs) == after[:, None])
        evaluate(self.shape, self.gates, self.buffers)
        self.buffers.effort[0] += self.one_hot_codes.effort()
        return int(prices[items, after].sum() - prices[items, before].sum())

    def check_halt(self) -> None:
        """Raises `Halted` once its halt is set."""
        self._halt.check()
