"""Why an item has its class: which features decided between it and the class next to it, and by how many votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import a, need, whole
from btfnet.committee.committee import Committee
from btfnet.committee.layer import Features
from btfnet.committee.raw import raw_rows
from btfnet.errors import UsageError
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.circuit import Circuit


@dataclass(frozen=True)
class Reason:
    """A feature that members hear.

    feature  its number in the committee's layer
    value    whether the item has it
    effect   so many votes of the lead would be lost if that were otherwise; negative: gained
    """

    feature: int
    value: bool
    effect: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why an item has its class, and not the one next to it.

    row      float32, (n_inputs,): the raw inputs
    chosen   the class with the most votes; of a Boolean output its value, as one of all classes
    rival    the class next to it
    votes    int64, (n_classes,): votes for minus votes against each class
    lead     votes by which the class is before its rival
    asked    so many members told the two apart; agreed: so many of them are for the class
    reasons  features by their effect, the largest first; those without any effect are left out
    """

    row: NDArray[np.float32]
    chosen: int
    rival: int
    votes: NDArray[np.int64]
    asked: int
    agreed: int
    reasons: tuple[Reason, ...]

    @property
    def lead(self) -> int:
        return int(self.votes[self.chosen] - self.votes[self.rival])


def explain(committee: Committee, row: Any, *, output: int = 0) -> Explanation:
    """Why a committee names the class that it names.

    row     (n_inputs,): raw inputs, as `Committee.predict` takes them
    output  which one of several Boolean outputs; 0 for classes
    Raises `DataError` for a row of another length or with other values.
    """
    need("explain", committee=(committee, a(Committee)), output=(output, whole(0)))
    if output >= committee.n_groups:
        raise UsageError(f"output is {output}; expected less than {committee.n_groups}.")
    rows = raw_rows([row], committee.ports, committee.comparisons.n_inputs, committee.input_kind)
    features = Features.of(committee.layer, iter([rows]), 1)
    has = unpack_bits(features.columns, 1)[0]
    votes, own = np.zeros(len(committee.groups), dtype=np.int64), []
    for member in committee.members:
        answers = _answers(member.circuit, has[member.inputs])
        votes += np.where(answers[0], member.code, -member.code).astype(np.int64)
        own.append(answers)
    some = np.flatnonzero(committee.groups == output)
    order = some[np.argsort(-votes[some], kind="stable")]
    chosen, rival = int(order[0]), int(order[1])
    effects: dict[int, int] = {}
    asked = agreed = 0
    for member, answers in zip(committee.members, own, strict=True):
        difference = int(member.code[chosen]) - int(member.code[rival])
        if not difference:
            continue
        asked += 1
        agreed += bool(answers[0]) == (difference > 0)
        for feature, flipped in zip(member.inputs.tolist(), answers[1:].tolist(), strict=True):
            change = difference * 2 * (int(answers[0]) - int(flipped))
            effects[feature] = effects.get(feature, 0) + change
    reasons = [Reason(feature, bool(has[feature]), effect) for feature, effect in effects.items() if effect]
    reasons.sort(key=lambda reason: (-reason.effect, reason.feature))
    return Explanation(rows[0], chosen, rival, votes, asked, agreed, tuple(reasons))


def _answers(circuit: Circuit, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of the values, and of the values with each one of them turned; (1 + n,)."""
    n = len(values)
    turned = np.tile(values, (n + 1, 1))
    turned[np.arange(1, n + 1), np.arange(n)] ^= True
    answers: NDArray[np.bool_] = circuit.predict(turned, kind="bool")[:, 0]
    return answers
