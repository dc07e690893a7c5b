"""Which trials of a search that learns count, and when no other is needed."""

import numpy as np

from btfnet import Problem, Settings
from btfnet.logic.circuit import Circuit, Gate
from btfnet.projections.rrr import Status
from btfnet.search.learning.choice import LEAST_TRIALS, SHORT_NS, ValidatedChoice
from btfnet.search.learning.task import LearningTask
from btfnet.search.records import Trial
from btfnet.search.score import Score

INPUTS = np.random.default_rng(0).random((900, 9)) < 0.5
OUTPUTS = INPUTS.sum(axis=1) >= 5
TASK = LearningTask(Problem.from_bits(INPUTS, OUTPUTS, n_train=300, n_validation=300))
WORK = SHORT_NS / LEAST_TRIALS


def circuit(*literals):
    """The majority of these; each is right more often than not."""
    return Circuit(9, (Gate(len(literals) // 2 + 1, literals),), (10,))


def trial(index, *literals):
    found = circuit(*literals)
    return Trial(
        index=index, seed=index, settings=Settings(), engine="descent", found_by=None, status=Status.LEARNED,
        exact=False, iterations=1, gap=None, seconds=1.0, score=Score.of(TASK.problem, found),
        weights=np.zeros(0), circuit=found, trace=[], work_ns=WORK,
    )  # fmt: skip


def decided_after(trials):
    choice = ValidatedChoice(TASK)
    for each in trials:
        choice.ended(each)
    return choice.needed(100)


def test_a_trial_that_ended_early_does_not_count_before_those_with_smaller_numbers():
    mine = [trial(0, 1, 2, 3), *(trial(n, 1) for n in range(1, LEAST_TRIALS))]
    assert decided_after(mine) == LEAST_TRIALS
    assert decided_after([mine[0], *mine[2:], mine[1]]) == LEAST_TRIALS
    assert decided_after([mine[0], *mine[2:]]) == 100


def test_trials_go_on_while_they_make_the_vote_better():
    alike = [trial(0, 1, 2, 3), *(trial(n, 1) for n in range(1, LEAST_TRIALS))]
    assert decided_after(alike) == LEAST_TRIALS
    voters = [trial(0, 7, 8, 9), trial(1, 1), trial(2, 4, 5, 6), trial(3, 1, 2, 3)]
    single = [TASK.judged(each.circuit) for each in voters]
    assert min(single[:2]) <= min(single[2:])
    assert decided_after(voters) == 100
