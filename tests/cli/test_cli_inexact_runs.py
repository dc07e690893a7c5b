"""What a report says of runs that are not exact: scores of circuits, gaps in one unit, statuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.cli_samples import HALF_ADDER, fake_result

import btfnet
from btfnet import Circuit, Gate, Network, Problem, Settings, Status
from btfnet.cli.reports.search_report import as_record, as_text
from btfnet.cli.runs.saved import trace_of
from btfnet.engines.registry import Engine
from btfnet.projections.rrr import TraceRow
from btfnet.search.score import Score
from btfnet.search.selection import counted_trial, nearness, overall

ROWS = np.array([[i >> bit & 1 for bit in range(8)] for i in range(256)])


def problem(**outputs):
    """Eight bits x0 … x7 in, outputs by their names."""
    network = Network.layered([8, 8, len(outputs)])
    made = Problem.from_arrays(ROWS, np.stack(list(outputs.values()), axis=1), network)
    return replace(made, items=replace(made.items, output_names=tuple(outputs)))


# -- what is not exact ------------------------------------------------------------------------------------


def test_the_score_is_the_circuits_and_not_that_of_the_weights_it_was_read_from():
    """Weights had 96.89 % of the training bits right, the circuit that was saved 96.67 %: told was 96.89."""
    some = problem(y=ROWS[:, 0] & ROWS[:, 1]).with_train(200)
    wrong = Circuit(8, (Gate(1, (1, 2)),), (9,))
    result = fake_result(some, Settings(), circuit=wrong, exact=False, status=Status.NOT_EXACT)
    outputs = wrong.predict(ROWS[:200] > 0) > 0
    right = (outputs[:, 0] == (ROWS[:200, 0] & ROWS[:200, 1])).mean()
    assert result.kept.score.train_bits == 1 > right
    assert result.score.train_bits == result.score.train_words == right
    assert as_record(result, circuit=None, trials=1, model=None, seconds=1.0)["score"]["train_bits"] == right
    line = next(line for line in as_text(result, None).splitlines() if line.startswith("  training items"))
    assert line.split()[2:4] == [f"{100 * right:.2f}", "%"]


def test_the_table_of_trials_tells_of_circuits_whatever_the_engine():
    some = problem(y=ROWS[:, 0] & ROWS[:, 1])
    wrong = Circuit(8, (Gate(1, (1, 2)),), (9,))
    result = fake_result(
        some, Settings(), circuit=wrong, exact=False, status=Status.ITERATION_LIMIT, n_trials=2
    )
    with_weights = replace(result.trials[1], circuit=None)
    trials = (counted_trial(some, result.trials[0]), with_weights)
    lines = as_text(replace(result, trials=trials), None).splitlines()
    assert [line.split()[-2] for line in lines if "iteration_limit" in line] == ["50.00", "100"]


def test_of_circuits_that_are_not_exact_the_nearest_is_kept_whatever_its_weights_do():
    (one,) = fake_result(problem(y=ROWS[:, 0]), Settings(), exact=False, status=Status.ITERATION_LIMIT).trials
    near, far = (
        replace(one, wrong_bits=3, score=Score(0.9, 0.9)),
        replace(one, wrong_bits=9, score=Score(0.99, 0.99)),
    )
    analog = replace(one, wrong_bits=None, circuit=None, score=Score(0.99, 0.99))
    exact = replace(one, exact=True, wrong_bits=0)
    assert sorted([far, exact, near], key=lambda trial: nearness(trial, False)) == [exact, near, far]
    worse = replace(analog, score=Score(0.5, 0.5))
    assert min([worse, analog], key=lambda trial: nearness(trial, False)) is analog


# -- gaps and statuses ------------------------------------------------------------------------------------


def descent(result):
    """The same, as if gate descent had run, whose measure is a number of wrong bits."""
    trace = [TraceRow(20, 30.0, 30.0, 0.1, train_bits=0.9), TraceRow(100, 12.0, 7.0, 0.2, train_bits=0.95)]
    trials = tuple(replace(one, engine=Engine.DESCENT, gap=None, trace=trace) for one in result.trials)
    return replace(result, trials=trials)


def test_a_gap_is_a_distance_everywhere_or_is_not_shown():
    result = descent(fake_result(problem(y=ROWS[:, 0] & ROWS[:, 1]), Settings(), n_trials=2))
    record = as_record(result, circuit=None, trials=2, model=None, seconds=1.0)
    assert [trial["gap"] for trial in record["trials"]] == [None, None]
    text = as_text(result, None)
    assert "gap" not in next(line for line in text.splitlines() if line.startswith("Kept"))
    rows = [line for line in text.splitlines() if "solved  " in line]
    assert [row.split()[-4:-2] for row in rows] == [["234", "–"]] * 2
    assert trace_of(result).splitlines()[1:] == ["20,,,,,,0.9,,0.1", "100,,,,,,0.95,,0.2"]
    assert all(np.isnan((look.gap, look.least_gap)).all() for look in result.trace)


@pytest.mark.filterwarnings("ignore:data. no circuit of this network:btfnet.BtfnetWarning")
@pytest.mark.parametrize("engine", ["descent", "rrr"])
def test_searches_give_gaps_in_one_unit(engine):
    some = Problem.from_arrays(
        ROWS[:16, :4], ROWS[:16, :4].sum(axis=1, keepdims=True) % 2, Network.layered([4, 1])
    )
    seen = []
    result = btfnet.solve(
        some,
        Settings(max_iterations=200),
        engine=engine,
        trials=1,
        spectator=lambda one: seen.append(one.look),
    )
    has_gap = engine == "rrr"
    assert (result.kept.gap is not None) == has_gap
    assert all(np.isfinite(look.gap) == has_gap for look in (*seen, *result.trace))


def ended(gaps, *, status=Status.ITERATION_LIMIT, iterations=300, circuit=HALF_ADDER, exact=False):
    """A trial with a look every hundred iterations."""
    some = Problem.from_bits([[0, 0], [0, 1], [1, 0], [1, 1]], [[0, 0], [0, 1], [0, 1], [1, 1]])
    (trial,) = fake_result(some, Settings(), circuit=circuit, exact=exact, status=status).trials
    looks, least = [], float("inf")
    for index, gap in enumerate(gaps, start=1):
        least = min(least, gap)
        looks.append(TraceRow(100 * index, gap, least, 0.1 * index))
    return counted_trial(some, replace(trial, trace=looks, iterations=iterations))


@pytest.mark.parametrize(
    ("trial", "status"),
    [
        (ended([0.5, 0.5, 0.5]), Status.NOT_EXACT),
        (ended([0.5, 0.4, 0.1]), Status.ITERATION_LIMIT),
        (ended([0.5], iterations=100), Status.ITERATION_LIMIT),
        (ended([0.5, 0.5, 0.5], circuit=None), Status.ITERATION_LIMIT),
        (ended([0.5, 0.5, 0.5], status=Status.TIME_LIMIT), Status.TIME_LIMIT),
        (ended([0.5, 0.5, 0.5], status=Status.INTERRUPTED), Status.INTERRUPTED),
        (ended([0.5, 0.1, 0.0], status=Status.SOLVED, exact=True), Status.SOLVED),
        (ended([0.5, 0.1, 0.0], status=Status.SOLVED), Status.NOT_EXACT),
        (ended([0.5, 0.1, 0.0], status=Status.SOLVED, circuit=None), Status.SOLVED),
    ],
)
def test_a_search_is_called_what_it_was(trial, status):
    assert overall([trial], trial) is status


def test_a_trial_that_was_cut_off_decides_before_those_that_stood_still():
    still, late = ended([0.5, 0.5, 0.5]), ended([0.5, 0.5], status=Status.TIME_LIMIT)
    assert overall([still, late], still) is Status.TIME_LIMIT
    stopped = ended([0.5, 0.1, 0.01], status=Status.STOPPED)
    assert overall([stopped, still], still) is Status.NOT_EXACT


def test_trials_are_counted_on_what_they_found_for_unknown_inputs():
    task = btfnet.load("decoder-16")
    result = btfnet.solve(task.problem, task.settings, trials=1, seed=1)
    fit = result.circuit.training
    assert (fit.n_items, fit.wrong_bits) == (task.problem.n_train, result.kept.wrong_bits)
