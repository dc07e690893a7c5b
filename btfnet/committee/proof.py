"""Is a model the committee that it was made of? Proven, not tried: gate by gate, member by member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.classifier import Classifier
from btfnet.committee.committee import Committee, chosen
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import literal_over

MOST_TRIED = 16
"""Bits of a circuit of which every input is tried."""
FIRST = 1 << 32
"""Numbers of gates begin here, those of inputs below."""


@dataclass(frozen=True)
class Agreement:
    """What was found.

    same_bits      the model makes its bits of raw inputs as the committee does; names and kinds are the same
    same_gates     every output of the model is gate for gate that of the committee's circuit, so that both
                   compute the same of every input
    members        so many members' answers in it are, gate for gate, the member's own circuit over what it hears
    n_members      of so many
    tried          so many inputs on which votes and model were compared: all there are; None where these are
                   too many
    wrong          of which so many differ
    """

    same_bits: bool
    same_gates: bool
    members: int
    n_members: int
    tried: int | None
    wrong: int

    @property
    def proven(self) -> bool:
        return self.same_bits and self.same_gates and self.members == self.n_members and not self.wrong


def agreement(committee: Committee, model: Circuit | Classifier) -> Agreement:
    """Compare a model with the committee that it was made of.

    model  a classifier; or a circuit, bits in, Boolean outputs or one-hot classes out
    """
    circuit, parts = committee.circuit(), committee.assembled
    given = model.model.to_circuit() if isinstance(model, Classifier) else model
    numbers: Numbers = {}
    nodes = _numbered(circuit, numbers)
    right = 0
    for member, answer in zip(committee.members, parts.answers, strict=True):
        heard = [literal_over(parts.features[feature], nodes) for feature in member.inputs.tolist()]
        own = _numbered(member.circuit, numbers, heard)
        right += literal_over(member.circuit.outputs[0], own) == literal_over(answer, nodes)
    n_bits, tried, wrong = given.n_inputs, None, 0
    fits = (n_bits, given.n_outputs) == (circuit.n_inputs, circuit.n_outputs)
    if fits and n_bits <= MOST_TRIED:
        bits = (np.arange(1 << n_bits)[:, None] >> np.arange(n_bits) & 1).astype(bool)
        different = given.predict(bits, kind="bool") != _voted(committee, bits)
        tried, wrong = len(bits), int(different.any(axis=1).sum())
    same = fits and same_gates(given, circuit)
    return Agreement(_same_bits(committee, model), same, right, len(committee.members), tried, wrong)


def _same_bits(committee: Committee, model: Circuit | Classifier) -> bool:
    """Whether bits are made of raw inputs in the same way, and inputs and classes stand in the same order."""
    if committee.circuit().output_names != (
        model.class_names if isinstance(model, Classifier) else model.output_names
    ):
        return False
    if not isinstance(model, Classifier):
        return committee.is_of_bits or committee.circuit().input_names == model.input_names
    one, other = committee.comparisons, model.comparisons
    return (
        committee.input_kind is model.input_kind
        and np.array_equal(one.weight, other.weight)
        and np.array_equal(one.level, other.level)
        and (not committee.input_names or committee.input_names == model.input_names)
    )


Numbers = dict[tuple[int, tuple[int, ...]], int]


def same_gates(one: Circuit, other: Circuit) -> bool:
    """Whether the outputs of two circuits are gate for gate the same, in whatever order the gates stand.

    True means that they compute the same of every input; False says nothing.
    """
    numbers: Numbers = {}
    found = []
    for circuit in (one, other):
        nodes = _numbered(circuit, numbers)
        found.append([literal_over(output, nodes) for output in circuit.outputs])
    return one.n_inputs == other.n_inputs and found[0] == found[1]


def _numbered(circuit: Circuit, numbers: Numbers, inputs: Sequence[int] | None = None) -> list[int]:
    """Of every node a literal, where equal gates over equal literals have one number; numbers grows.

    inputs  literals in the place of the circuit's inputs, if they are others' nodes
    """
    nodes = [0, *(range(1, circuit.n_inputs + 1) if inputs is None else inputs)]
    for gate in circuit.gates:
        key = gate.at_least, tuple(sorted(literal_over(literal, nodes) for literal in gate.literals))
        nodes.append(numbers.setdefault(key, FIRST + len(numbers)))
    return nodes


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
