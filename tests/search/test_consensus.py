"""A circuit that says about unseen items what most of several exact ones say."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from numba import config
from support.search_samples import PAIRS, sixty_four

import btfnet
from btfnet.engines.descent.shrink import unseen_words
from btfnet.engines.registry import Engine
from btfnet.halting import Halted
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.training_fit import TrainingFit
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.consensus import agreed
from btfnet.search.options import SearchOptions
from btfnet.search.persistence.saved import TrialStore
from btfnet.search.plan import plan_for
from btfnet.search.records import Trial
from btfnet.search.score import Score
from btfnet.search.selection import Selection
from btfnet.search.side_by_side import Search
from btfnet.settings import Settings


def voter(problem: Problem, index: int, wrong: int | None) -> Trial:
    """Listens to input 5 in the place of 4, in one output."""
    network, gates = problem.network, []
    weights = np.zeros(network.n_edges, dtype=np.int64)
    for output, node in enumerate(network.btf_nodes):
        senders = [1 + one for one in (*PAIRS[output], 5 if output == wrong else 4)]
        weights[network.edges(node)] = np.isin(network.senders(node), senders)
        gates.append(Gate(2, tuple(senders)))
    circuit = Circuit(6, tuple(gates), tuple(range(7, 7 + len(PAIRS))))
    score, settings = Score(1.0, 1.0), Settings()
    return Trial(
        index, index, settings, Engine.DESCENT, Engine.DESCENT, Status.SOLVED, True, 1, 0.0, 0.0, score,
        weights.astype(float), circuit, [], 0, integer_weights=weights,
    )  # fmt: skip


def voters(problem: Problem) -> list[Trial]:
    """Each wrong in an output of its own."""
    return [voter(problem, index, index) for index in range(len(PAIRS))]


def never() -> bool:
    return False


def test_most_are_right_where_every_one_is_wrong_somewhere():
    problem = sixty_four()
    several = voters(problem)
    assert all(unseen_words(problem, trial.circuit) < 1 for trial in several)
    record = agreed(problem, several, seed=0, over=never)
    assert verify_items(record.circuit, problem.inputs[:32] > 0, problem.outputs[:32] > 0).exact
    assert unseen_words(problem, record.circuit) == 1
    assert record.words == (unseen_words(problem, several[record.trial].circuit), 1.0)
    assert record.against > 0
    assert record.counted == 1
    assert record.score == Score(1, 1, 1, 1)
    assert record.weights.shape == (problem.network.n_edges,)


def test_right_outputs_of_unseen_items_are_never_looked_at():
    problem = sixty_four()
    outputs = problem.outputs.copy()
    outputs[problem.n_train :] *= -1
    other = replace(problem, items=replace(problem.items, outputs=outputs))
    one, another = (agreed(each, voters(each), seed=0, over=never) for each in (problem, other))
    assert one.circuit == another.circuit
    assert another.words[1] == 0


def test_bits_on_which_too_few_agree_do_not_count():
    problem = sixty_four()
    half = [voter(problem, index, 0 if index % 2 else None) for index in range(4)]
    record = agreed(problem, half, seed=0, over=never)
    assert record.counted < 1
    assert record.against == 0
    right = problem.outputs[problem.n_train :, 1:] > 0
    said = record.circuit.predict(problem.inputs[problem.n_train :] > 0) > 0
    assert np.array_equal(said[:, 1:], right)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_have_no_majority(count):
    problem = sixty_four()
    assert agreed(problem, voters(problem)[:count], seed=0, over=never) is None


def test_when_it_is_over_it_is_given_up():
    problem = sixty_four()
    with pytest.raises(Halted):
        agreed(problem, voters(problem), seed=0, over=lambda: True)


def test_only_circuits_that_count_vote_and_none_once_one_is_confirmed():
    problem = sixty_four()
    several = voters(problem)
    choice = Selection(problem, 4, deterministic=True)
    for trial in several:
        choice.ended(trial)
    assert [trial.index for trial in choice.voters()] == [0, 1, 2, 3]
    choice.ended(replace(several[0], index=6))
    confirmed = Selection(problem, 4, deterministic=True)
    for index in range(2):
        confirmed.ended(replace(several[0], index=index))
    assert confirmed.voters() == []


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")
def test_a_search_ends_with_what_most_say_whatever_the_number_of_jobs():
    rows = np.array(list(itertools.product((0, 1), repeat=7)))
    rule = (110 >> (4 * np.roll(rows, 1, axis=1) + 2 * rows + np.roll(rows, -1, axis=1))) & 1
    order = np.random.default_rng(3).permutation(len(rows))
    network = Network.layered([7, 14, 14, 7])
    problem = Problem("rule", network, Items(2 * rows[order] - 1, 2 * rule[order] - 1), n_train=28)
    options = {"seed": 5, "deterministic": True, "circuits": 6, "trials": 60}
    one, two = (btfnet.solve(problem, Settings(), jobs=jobs, **options) for jobs in (1, 2))
    assert one.exact
    assert one.consensus is not None
    assert one.consensus.circuits == 6
    assert (one.circuit, one.consensus, one.best) == (two.circuit, two.consensus, two.best)
    assert one.score.test_words == unseen_words(problem, one.circuit)
    own = one.trials[one.best]
    assert own.score.test_words == unseen_words(problem, own.circuit)
    assert own.circuit != one.circuit


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")
def test_the_last_tenth_of_the_time_is_kept_once_there_are_enough_circuits():
    problem = sixty_four()
    options = SearchOptions(Settings(), tune=False, trials=9, time_limit=100.0, circuits=8)
    plan = plan_for(problem, Settings(), Engine.DESCENT, False)
    choice = Selection(problem, options.circuits, deterministic=False)
    search = Search(problem, plan, options, TrialStore(None, {}), choice)
    search.deadline = time.monotonic() + 9.0
    assert not search.is_late()
    for trial in voters(problem)[:3]:
        search.trials[trial.index] = trial
        search.choice.ended(trial)
    assert search.is_late()
    search.agree()
    result = search.result()
    assert result.consensus.circuits == 3
    given = [trial.score for trial in voters(problem)[:3]]
    assert [trial.score for trial in result.trials] == given
    assert (result.score, result.circuit) == (result.consensus.score, result.consensus.circuit)
    assert result.circuit.training == TrainingFit(0, 32 * len(PAIRS), 0, 32)
