"""Is a model the committee that it was made of? Proven, not tried: gate by gate, member by member."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.committee import Committee, chosen
from btfnet.committee.member import Member
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate
from btfnet.logic.proof.equivalence import prove_equal

MOST_TRIED = 16
"""Bits of a circuit of which every input is tried."""


@dataclass(frozen=True)
class Agreement:
    """What was found.

    same_gates     every output of the model is gate for gate that of the committee's circuit, so that both
                   compute the same of every input
    members        so many members' gates in it compute what the member does, on all values of what it hears
    n_members      of so many
    tried          so many inputs on which votes and model were compared: all there are; None where these are
                   too many
    wrong          of which so many differ
    """

    same_gates: bool
    members: int
    n_members: int
    tried: int | None
    wrong: int

    @property
    def proven(self) -> bool:
        return self.same_gates and self.members == self.n_members and not self.wrong


def agreement(committee: Committee, model: Circuit) -> Agreement:
    """Compare a model with the committee that it was made of.

    model  bits in, one-hot classes or Boolean outputs out, such as the circuit of a `Classifier`'s model
    """
    circuit, assembled = committee.circuit(), committee.assembled
    right = sum(
        _computes(circuit, assembled.features, member, answer)
        for member, answer in zip(committee.members, assembled.answers, strict=True)
    )
    n_bits, tried, wrong = model.n_inputs, None, 0
    fits = (n_bits, model.n_outputs) == (circuit.n_inputs, circuit.n_outputs)
    if fits and n_bits <= MOST_TRIED:
        bits = (np.arange(1 << n_bits)[:, None] >> np.arange(n_bits) & 1).astype(bool)
        tried, wrong = (
            len(bits),
            int((model.predict(bits, kind="bool") != _voted(committee, bits)).any(axis=1).sum()),
        )
    return Agreement(fits and same_gates(model, circuit), right, len(committee.members), tried, wrong)


def same_gates(one: Circuit, other: Circuit) -> bool:
    """Whether the outputs of two circuits are gate for gate the same, in whatever order the gates stand.

    True means that they compute the same of every input; False says nothing.
    """
    numbers: dict[tuple[int, tuple[int, ...]], int] = {}
    return one.n_inputs == other.n_inputs and _numbered(one, numbers) == _numbered(other, numbers)


def _numbered(circuit: Circuit, numbers: dict[tuple[int, tuple[int, ...]], int]) -> list[int]:
    """The outputs, where equal gates have one number."""
    nodes = list(range(circuit.n_inputs + 1))
    for gate in circuit.gates:
        key = gate.at_least, tuple(sorted(_over(literal, nodes) for literal in gate.literals))
        nodes.append(numbers.setdefault(key, circuit.n_inputs + 1 + len(numbers)))
    return [_over(output, nodes) for output in circuit.outputs]


def _over(literal: int, nodes: list[int]) -> int:
    return nodes[literal] if literal > 0 else -nodes[-literal]


def _computes(circuit: Circuit, features: dict[int, int], member: Member, answer: int) -> bool:
    """Whether a member's literal in the circuit is its answer, on all values of the features that it hears."""
    heard = {abs(features[feature]): place for place, feature in enumerate(member.inputs.tolist())}
    cone = _cone(circuit, answer, heard)
    if cone is None:
        return False
    flips = [features[feature] < 0 for feature in member.inputs.tolist()]
    literals = [0, *(-place if flip else place for place, flip in enumerate(flips, start=1))]
    turned = _with_inputs(member.circuit, literals)
    return bool(prove_equal(cone, turned).equal)


def _cone(circuit: Circuit, answer: int, heard: dict[int, int]) -> Circuit | None:
    """The gates above some nodes, which become inputs; None where it reads anything else."""
    needed, waiting = set[int](), [abs(answer)]
    while waiting:
        node = waiting.pop()
        if node in heard or node in needed:
            continue
        if node <= circuit.n_inputs:
            return None
        needed.add(node)
        waiting += map(abs, circuit.gate(node).literals)
    place = {node: index + 1 for node, index in heard.items()}
    gates: list[Gate] = []
    for node in sorted(needed):
        gate = circuit.gate(node)
        literals = tuple(place[abs(each)] * (1 if each > 0 else -1) for each in gate.literals)
        gates.append(Gate(gate.at_least, literals))
        place[node] = len(heard) + len(gates)
    return Circuit(len(heard), tuple(gates), (place[abs(answer)] * (1 if answer > 0 else -1),))


def _with_inputs(circuit: Circuit, literals: list[int]) -> Circuit:
    """The same circuit, some of its inputs negated."""
    over = [*literals, *range(circuit.n_inputs + 1, circuit.n_nodes + 1)]
    gates = tuple(gate.over(over) for gate in circuit.gates)
    return Circuit(circuit.n_inputs, gates, tuple(_over(output, over) for output in circuit.outputs))


def _voted(committee: Committee, bits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What the votes say, by the members' own circuits and plain sums."""
    features = committee.layer.circuit(committee.features.tolist()).predict(bits, kind="bool")
    column = {feature: place for place, feature in enumerate(committee.features.tolist())}
    votes = np.zeros((len(bits), len(committee.groups)), dtype=np.int64)
    for member in committee.members:
        heard = features[:, [column[feature] for feature in member.inputs.tolist()]]
        answers = member.circuit.predict(heard, kind="bool")[:, 0]
        votes += np.where(answers[:, None], member.code, -member.code)
    if committee.is_of_bits:
        return chosen(votes, committee.groups) > 0
    return np.arange(votes.shape[1]) == votes.argmax(axis=1)[:, None]
