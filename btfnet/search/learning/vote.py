"""The majority of several circuits, as one: right more often than any of them, where each errs in its own way.

Source: L. Breiman, Machine Learning 24 (1996), 123. Whether a difference is more than chance: Q. McNemar,
Psychometrika 12 (1947), 153.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit, Gate
from btfnet.search.learning.task import LearningTask
from btfnet.search.records import Trial

VOTERS = (3, 5, 7)
DEVIATIONS = 1.0
"""A vote is kept where it mends so many standard deviations more training and validation items than it spoils, and
no fewer of the latter: where these are few, they show nothing by themselves."""


def circuits_of(trials: Iterable[Trial]) -> list[Circuit]:
    """Those that have one."""
    return [trial.circuit for trial in trials if trial.circuit is not None]


def best_vote(task: LearningTask, circuits: Sequence[Circuit]) -> tuple[int, ...] | None:
    """How many of the circuits, the best first, vote better than the first alone; None where no number does.

    Returns their places.
    """
    answers = [circuit.predict(task.seen_inputs) > 0 for circuit in circuits[: VOTERS[-1]]]
    if len(answers) < VOTERS[0]:
        return None
    kept, n_train, alone = 0, task.problem.n_train, task.costs(np.where(answers[0], 1, -1))
    least = alone.sum()
    for count in VOTERS:
        if count > len(answers):
            break
        says = np.array(answers[:count]).sum(axis=0) * 2 > count
        change = task.costs(np.where(says, 1, -1)) - alone
        better = alone.sum() + change.sum() < least and change[n_train:].sum() <= 0
        if better and beyond_chance(change, DEVIATIONS):
            kept, least = count, alone.sum() + change.sum()
    return tuple(range(kept)) if kept else None


def beyond_chance(change: NDArray[np.float64], deviations: float) -> bool:
    """Whether changes of what is wrong, (n_items,), mend more than as many whose signs were drawn.

    deviations  by so many standard deviations of the latter's sum
    """
    return bool(-change.sum() > deviations * np.sqrt((change**2).sum()))


def majority_of(circuits: Sequence[Circuit]) -> Circuit:
    """One circuit whose outputs say what most of an odd number of circuits say; they share inputs and names."""
    first, gates, outputs = circuits[0], list[Gate](), list[list[int]]()
    n_inputs = first.n_inputs
    for circuit in circuits:
        shift = len(gates)

        def moved(literal: int, shift: int = shift) -> int:
            node = abs(literal)
            there = node if node <= n_inputs else node + shift
            return there if literal > 0 else -there

        gates += [Gate(gate.at_least, tuple(map(moved, gate.literals))) for gate in circuit.gates]
        outputs.append([moved(literal) for literal in circuit.outputs])
    ends = []
    for literals in zip(*outputs, strict=True):
        gates.append(Gate(len(circuits) // 2 + 1, literals))
        ends.append(n_inputs + len(gates))
    whole = Circuit(n_inputs, tuple(gates), tuple(ends), first.input_names, first.output_names, first.name)
    return whole.simplified()
