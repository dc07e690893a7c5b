"""Ways to learn the classes of encoded rows: votes of boosted members, one small network, votes of exact ones.

Each gives a committee within so many gates, so that whatever comes next knows committees alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from btfnet.committee.boosting import Boost
from btfnet.committee.committee import Committee
from btfnet.committee.layer import PlainLayer
from btfnet.committee.member import Member, groups_of
from btfnet.committee.room import Room
from btfnet.committee.training import MOST_MEMBERS, train_committee
from btfnet.engines.registry import LIGHTEST
from btfnet.errors import DataError, UsageError
from btfnet.halting import Stop
from btfnet.kernels.bits import words_for
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind
from btfnet.projections.rrr import Status
from btfnet.search.solve import solve
from btfnet.settings import Settings

SWEEPS, SWEPT = 10_000, 12_000_000
"""Iterations of an exact network, and these times inputs times words of items, at most; what it gets right by then
is taken."""
LEAST_MEMBERS, MEMBERS_A_GATE = 12, 3
"""Members that vote within so many gates, at most; one that is a condition alone takes none."""
MANY_ITEMS = 1 << 14
"""Items of which a single network is fitted."""
STARTS, MOST_VOTES = 6, 8
"""Starts of a single network of each size; seeds that are set aside for votes."""
SPARE, LEAST_VOTES = 2, 3
"""More exact networks that are looked for where some have too many gates; so many must vote, if not one alone."""


@dataclass(frozen=True)
class Order:
    """What all ways are asked: within so many gates (None: any number), from a seed, on so many cores.

    exact  circuits of `Exact` by their seeds, for other numbers of votes over the same problem
    """

    gates: int | None
    seed: int
    jobs: int | None = None
    stop: Stop | None = None
    exact: dict[int, Circuit] = field(default_factory=dict, compare=False)


class Way(Protocol):
    """How a problem of classes, whose inputs are bits, becomes a committee."""

    @property
    def name(self) -> str:
        """In a few words."""

    def fit(self, problem: Problem, order: Order) -> Committee | None:
        """Learn the training items; None where this way leads nowhere. KeyboardInterrupt where it was stopped."""


@dataclass(frozen=True)
class Boosted:
    """Votes of small networks, each fitted to what those before it leave open. See `Boost` for hidden and step."""

    hidden: int
    step: float

    @property
    def name(self) -> str:
        return f"votes of many small networks ({self.hidden} nodes, steps of {self.step:g})"

    def fit(self, problem: Problem, order: Order) -> Committee | None:
        boost, bounded = Boost(hidden=self.hidden, step=self.step), dict[str, Any]()
        if order.gates is not None and MEMBERS_A_GATE * order.gates <= MOST_MEMBERS:
            # few members are never too many; cross-validation has a say in the step
            bounded = {"members": max(LEAST_MEMBERS, MEMBERS_A_GATE * order.gates), "validation": 0}
        try:
            return train_committee(
                problem,
                gates=order.gates,
                boost=boost,
                jobs=order.jobs,
                seed=order.seed,
                stop=order.stop,
                **bounded,
            )
        except UsageError:  # not even a vote fits
            return None
        except DataError:  # no bit changes: nothing to hear
            return None


@dataclass(frozen=True)
class Single:
    """One free network of few nodes for two classes: it ignores noise, and is short. Of several sizes and starts
    the one that says most in the fewest words (`description_bits`).
    """

    sizes: tuple[int, ...] = (3, 4, 6, 12)

    @property
    def name(self) -> str:
        return "one small network"

    def fit(self, problem: Problem, order: Order) -> Committee | None:
        if problem.network.n_outputs != 2:
            return None
        items, n_inputs = min(problem.n_train, MANY_ITEMS), max(1, problem.network.n_inputs)
        found: list[Committee] = []
        for hidden in self.sizes:
            boost = Boost(items=items, inputs=n_inputs, hidden=hidden)
            for start in range(STARTS):
                seed = order.seed * STARTS + start
                try:
                    one = train_committee(
                        problem, members=1, validation=0, boost=boost, jobs=1, seed=seed, stop=order.stop
                    )
                except DataError:
                    return None
                if one.status is Status.INTERRUPTED:
                    raise KeyboardInterrupt
                found.append(one)
        best = min(found, key=description_bits)
        return best if _fits(best, order.gates) else None


@dataclass(frozen=True)
class Exact:
    """Free networks that reproduce all training items, or nearly so, from different starts; they vote."""

    votes: int

    @property
    def name(self) -> str:
        return "an exact network" if self.votes == 1 else f"votes of {self.votes} exact networks"

    def fit(self, problem: Problem, order: Order) -> Committee | None:
        n_train, n_classes = problem.n_train, problem.network.n_outputs
        outputs = problem.outputs[:n_train] > 0
        bits = Problem.from_bits(problem.inputs[:n_train] > 0, outputs[:, 1:] if n_classes == 2 else outputs)
        if bits.contradiction is not None:
            return None
        voters: list[list[Member]] = []
        for number in range(self.votes + SPARE):
            circuit = self._circuit(bits, number, order) if len(voters) < self.votes else None
            own = members_of(circuit, circuit.outputs, n_classes) if circuit else []
            if own and _fits(self._committee(problem, [*voters, own]), order.gates):
                voters.append(own)
        odd = voters[: len(voters) - 1 + len(voters) % 2]
        return self._committee(problem, odd) if len(odd) >= min(self.votes, LEAST_VOTES) else None

    @staticmethod
    def _committee(problem: Problem, voters: Sequence[Sequence[Member]]) -> Committee:
        members = [member for own in voters for member in own]
        return committee_of(problem.input_names, problem.network.n_outputs, problem.name, members)

    def _circuit(self, bits: Problem, number: int, order: Order) -> Circuit | None:
        seed = order.seed * MOST_VOTES + number
        if seed not in order.exact:
            sweeps = max(1, min(SWEEPS, SWEPT // (bits.network.n_inputs * words_for(bits.n_items))))
            result = solve(
                bits,
                Settings(max_iterations=sweeps),
                trials=1,
                circuits=1,
                engine=LIGHTEST,
                recognise=False,
                jobs=1,
                seed=seed,
                stop=order.stop,
            )
            if result.status is Status.INTERRUPTED:
                raise KeyboardInterrupt
            if result.circuit is None:
                return None
            order.exact[seed] = result.circuit.simplified()
        return order.exact[seed]


def description_bits(committee: Committee) -> float:
    """Bits that describe a committee's circuits, and which training items they get wrong.

    Each literal of a gate names a node and a sign; items that are wrong are told by their entropy.
    Source: minimum description length, J. Rissanen, Automatica 14 (1978), 465.
    """
    fit, n_inputs = committee.training, committee.comparisons.n_bits
    bits = 0.0
    for member in committee.members:
        n_literals = sum(len(gate.literals) for gate in member.circuit.gates) or 1
        bits += n_literals * (1 + np.log2(n_inputs + len(member.circuit.gates)))
    if fit is None or not 0 < fit.wrong_items < fit.n_items:
        return float(bits)
    part = fit.wrong_items / fit.n_items
    return float(bits - fit.n_items * (part * np.log2(part) + (1 - part) * np.log2(1 - part)))


def committee_of(names: Sequence[str], n_classes: int, name: str, members: Sequence[Member]) -> Committee:
    """Members that hear bits of these names, as a committee."""
    layer, groups = PlainLayer.of_bits(len(names)), groups_of(n_classes, OutputKind.CLASS)
    return Committee(layer, groups, tuple(members), (), name, InputKind.BITS, tuple(names))


def members_of(circuit: Circuit, outputs: Sequence[int], n_classes: int) -> list[Member]:
    """Some outputs of a circuit as members, one for each class, of two classes one that says whether it is the
    second; what they share stands in the whole circuit once.
    """
    found, inputs = [], np.arange(circuit.n_inputs)
    for place, output in enumerate(outputs):
        one = Circuit(circuit.n_inputs, circuit.gates, (output,)).simplified()
        code = np.zeros(n_classes, dtype=np.int8)
        code[place if n_classes > 2 else 1] = 1
        if n_classes == 2:
            code[0] = -1
        found.append(Member.of(inputs, one, code))
    return found


def _fits(committee: Committee, gates: int | None) -> bool:
    if gates is None:
        return True
    return Room(committee.layer, committee.groups, gates).fitting(committee.members) == list(
        committee.members
    )


WAYS: tuple[Way, ...] = (
    Boosted(3, 0.03), Boosted(6, 0.05), Boosted(3, 0.1), Boosted(6, 0.2), Boosted(2, 0.2), Exact(1), Exact(5),
    Single(),
)  # fmt: skip
"""Small steps err least where rows contradict each other, exact ones where they do not; the rows decide."""
METHODS: dict[str, tuple[Way, ...]] = {
    "auto": WAYS,
    "votes": tuple(way for way in WAYS if isinstance(way, Boosted)),
    "exact": tuple(way for way in WAYS if isinstance(way, Exact)),
    "single": tuple(way for way in WAYS if isinstance(way, Single)),
    "fast": (Boosted(3, 0.1),),
}
"""All ways, those of one kind, and one that is soon done."""
