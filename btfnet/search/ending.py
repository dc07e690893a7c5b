"""What is said once trials have ended: what their circuits get wrong, and how the search as a whole ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit
from btfnet.logic.verify import training_fit
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.ranking import stood_still
from btfnet.search.records import Consensus, Trial


def counted_trial(problem: Problem, trial: Trial) -> Trial:
    """The trial; its circuit, where it has one, says what it gets wrong."""
    if trial.circuit is None or (trial.codes is None and not problem.input_kind.known):
        return trial
    return replace(trial, circuit=_counted(problem, trial.circuit, trial.codes))


def counted_consensus(problem: Problem, made: Consensus) -> Consensus:
    """The consensus; its circuit says what it gets wrong."""
    return replace(made, circuit=_counted(problem, made.circuit, None))


def _counted(problem: Problem, circuit: Circuit, codes: NDArray[np.int8] | None) -> Circuit:
    """codes: what was found for unknown inputs"""
    n_train = problem.n_train
    inputs = problem.inputs[:n_train] if codes is None else codes
    fit = training_fit(circuit, inputs > 0, problem.outputs[:n_train] > 0, problem.train_care)
    return replace(circuit, training=fit)


def overall(trials: Sequence[Trial], kept: Trial, *, interrupted: bool = False) -> Status:
    """How the search ended, from its trials and the one that was kept.

    interrupted  somebody ended it before it had finished, whatever it had found by then
    A closed gap alone is not solved where there are gates to check, and limits do not explain trials that stood
    still before they reached them.
    """
    if interrupted:
        return Status.INTERRUPTED
    if kept.exact:  # though perhaps not made smaller any more
        return Status.SOLVED
    if kept.status is Status.SOLVED:
        return Status.SOLVED if kept.circuit is None else Status.NOT_EXACT
    statuses = {trial.status for trial in trials}
    for status in (Status.INTERRUPTED, Status.TIME_LIMIT):
        if status in statuses:
            return status
    if kept.circuit is not None and stood_still(trials):
        return Status.NOT_EXACT
    return Status.ITERATION_LIMIT if Status.ITERATION_LIMIT in statuses else kept.status
