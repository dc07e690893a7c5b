"""What is recognised by name, as a candidate like any other: kept where it explains every output."""

from __future__ import annotations

import time
from dataclasses import replace
from math import inf

import numpy as np

from btfnet.families.recognise import Recognised, joint_circuit, recognise
from btfnet.halting import QUESTION_SECONDS
from btfnet.logic.verify import training_fit
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.options import SearchOptions
from btfnet.search.records import Result, Trial
from btfnet.search.score import Score

FAMILIES = "families"
"""What stands where a trial has the name of its engine."""
MOST_ANDS = 50_000
"""Larger circuits are not made: a name without one is told, and the search goes on."""


LONGEST = 0.5
"""Part of the time limit that names may take: the search has the rest."""


def recognised_in(problem: Problem, options: SearchOptions, *, learns: bool) -> tuple[Recognised, ...]:
    """The outputs of known families, where that was asked for, or training items may stay wrong.

    It may take LONGEST of the time limit; cut short by that, or stopped, it has found nothing: a better name may
    be among those not tried, and the search goes on.
    Circuits of names keep to no widths: where somebody gave some, they are made only when asked for.
    """
    asked = learns and problem.network.grows if options.recognise is None else options.recognise
    if not asked:
        return ()
    patience = Patience(options)
    found = recognise(problem, error=min(options.error or 0.0, 0.5), max_ands=MOST_ANDS, stop=patience)
    return () if patience.ended else found


class Patience:
    """A question whether the time for names is up, which remembers that it was; `stop` is asked now and then."""

    def __init__(self, options: SearchOptions) -> None:
        self.ended, self._stop, self._next = False, options.stop, 0.0
        begun = time.monotonic() if options.begun is None else options.begun
        self._last = inf if options.time_limit is None else begun + LONGEST * options.time_limit

    def __call__(self) -> bool:
        now = time.monotonic()
        self.ended |= now > self._last
        if now >= self._next:
            self._next = now + QUESTION_SECONDS
            self.ended |= self._stop()
        return self.ended


def result_by_name(
    problem: Problem, options: SearchOptions, found: tuple[Recognised, ...], *, learns: bool
) -> Result | None:
    """The result of a search that need not begin; None where outputs, or items that must be right, are left.

    Its only trial has no weights: the circuit comes from the names.
    """
    if not all(each.exact for each in found) or (circuit := joint_circuit(problem, found)) is None:
        return None
    outputs = problem.outputs[: problem.n_train] > 0
    fit = training_fit(circuit, problem.train_inputs, outputs, problem.train_care)
    score = Score.of(problem, circuit)
    solved = fit.exact and not score.validation_bits < 1  # NaN where none validate
    if not (solved or learns):
        return None
    begun = time.monotonic() if options.begun is None else options.begun
    trial = Trial(
        index=0,
        seed=options.seed,
        settings=options.settings,
        engine=FAMILIES,
        found_by=FAMILIES,
        status=Status.SOLVED if solved else Status.LEARNED,
        exact=fit.exact,
        iterations=0,
        gap=None,
        seconds=time.monotonic() - begun,
        score=score,
        weights=np.zeros(problem.network.n_edges),
        circuit=replace(circuit, training=fit),
        trace=[],
        wrong_bits=fit.wrong_bits,
    )
    return Result(
        problem, options.settings, trial.status, (trial,), 0, trial.seconds, options.seed, recognised=found
    )
