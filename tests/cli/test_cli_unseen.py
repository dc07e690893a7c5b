"""What a report says about unseen items and about outputs: only what was looked at, and how much of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.cli_samples import HALF_ADDER, fake_result

import btfnet
from btfnet import Circuit, Gate, Network, Problem, Settings, Status
from btfnet.cli.reports.search_report import as_record, as_text
from btfnet.cli.runs.run_files import trace_of
from btfnet.engines.registry import Engine
from btfnet.problem.values import InputKind, OutputKind
from btfnet.projections.rrr import TraceRow
from btfnet.search.ending import counted_consensus, counted_trial, overall
from btfnet.search.notable_outputs import Notable, notable_outputs
from btfnet.search.ranking import nearness
from btfnet.search.records import Agreement, Consensus, Score

ROWS = np.array([[i >> bit & 1 for bit in range(8)] for i in range(256)])


def problem(**outputs):
    """Eight bits x0 … x7 in, outputs by their names."""
    network = Network.layered([8, 8, len(outputs)])
    made = Problem.from_arrays(ROWS, np.stack(list(outputs.values()), axis=1), network)
    return replace(made, items=replace(made.items, output_names=tuple(outputs)))


# -- outputs ----------------------------------------------------------------------------------------------


def test_outputs_that_hardly_change_and_copies_are_named_and_others_are_not():
    some = problem(
        carry=np.isin(np.arange(256), (7, 70, 200)),
        high=np.arange(256) != 9,
        never=np.zeros(256),
        always=np.ones(256),
        same=ROWS[:, 3],
        other=1 - ROWS[:, 5],
        parity=ROWS.sum(axis=1) % 2,
        rare=np.arange(256) < 13,
    )
    assert notable_outputs(some) == (
        Notable("carry", 256, 3),
        Notable("high", 256, 255),
        Notable("never", 256, 0),
        Notable("always", 256, 256),
        Notable("same", 256, 128, copy_of="x3"),
        Notable("other", 256, 128, complement_of="x5"),
    )


def test_items_to_test_are_not_looked_at():
    late = np.arange(256) >= 200
    assert notable_outputs(problem(late=late)) == ()
    assert notable_outputs(problem(late=late).with_train(200)) == (Notable("late", 200, 0),)


def test_bits_that_do_not_count_are_not_counted():
    wanted, care = ROWS[:, :1].copy(), np.ones((256, 1), dtype=bool)
    wanted[40:60] ^= 1
    care[40:60] = False
    network = Network.layered([8, 1])
    assert notable_outputs(Problem.from_arrays(ROWS, wanted, network, care=care)) == (
        Notable("y0", 236, 118, copy_of="x0"),
    )
    assert notable_outputs(Problem.from_arrays(ROWS, wanted, network)) == ()


def test_one_of_many_classes_is_rare_and_that_is_not_worth_a_note():
    labels = np.arange(256) % 32
    many = Problem.from_arrays(ROWS, labels, Network.layered([8, 33]), output_kind=OutputKind.CLASS)
    assert [(one.output, one.ones) for one in notable_outputs(many)] == [("y32", 0)]


def test_many_inputs_and_outputs_are_compared_without_comparing_all_pairs():
    bits = np.random.default_rng(0).integers(0, 2, (64, 20_000))
    outputs = np.concatenate([1 - bits[:, :4000], bits[:, 4000:8000]], axis=1)
    network = Network.from_edges(20_000, 8000, [(20_001 + k, 1 + k) for k in range(8000)], bias=False)
    notes = notable_outputs(Problem.from_arrays(bits, outputs, network))
    assert [one.complement_of for one in notes[:4000]] == [f"x{k}" for k in range(4000)]
    assert [one.copy_of for one in notes[4000:]] == [f"x{k}" for k in range(4000, 8000)]


@pytest.mark.parametrize("kind", [InputKind.ANALOG, InputKind.UNKNOWN_BITS])
def test_inputs_that_are_no_bits_have_no_copies(kind):
    inputs = None if kind is InputKind.UNKNOWN_BITS else (2 * ROWS[:, :2] - 1) / 2
    given = Problem.from_arrays(inputs, ROWS[:, :1], Network.layered([2, 1]), input_kind=kind)
    assert notable_outputs(given) == ()


def notes_of(some):
    text = as_text(fake_result(some, Settings(), circuit=None), None)
    return [line.removeprefix("Note      ") for line in text.splitlines() if line.startswith("Note")]


def test_notes_are_sentences_with_the_count():
    some = problem(carry=np.isin(np.arange(256), (7, 70, 200)), never=np.zeros(256), same=ROWS[:, 3])
    one = problem(one=np.arange(256) == 8, other=1 - ROWS[:, 0])
    assert notes_of(some) == [
        "carry is almost constant: 3 of 256 training items are 1",
        "never is constant: 0 of 256 training items are 1",
        "same is the same as the input x3 in all 256 training items",
    ]
    assert notes_of(one) == [
        "one is almost constant: 1 of 256 training items is 1",
        "other is the complement of the input x0 in all 256 training items",
    ]


def test_many_notes_are_counted():
    notes = notes_of(problem(**{f"y{index}": np.zeros(256) for index in range(20)}))
    assert (len(notes), notes[-1]) == (7, "14 more outputs of these kinds: see notable_outputs in the JSON")


# -- agreement --------------------------------------------------------------------------------------------


def compared(agreement):
    result = replace(fake_result(problem(y=ROWS[:, 0] & ROWS[:, 1]), Settings()), agreement=agreement)
    (line,) = [line for line in as_text(result, None).splitlines() if line.startswith("Compared")]
    return line.removeprefix("Compared  ")


@pytest.mark.parametrize(
    ("agreement", "words"),
    [
        (
            Agreement(7, 1, 0.0, 0.9957, 9488),
            "2 of 7 exact circuits give the same outputs on all 9 488 unseen items; all 7 on 99.57 %: "
            "the training items leave a choice",
        ),
        (Agreement(2, 1, 0.0, 1.0, 1), "all 2 exact circuits give the same outputs on all 1 unseen item"),
        (
            Agreement(3, 0, 0.25, 0.5, 8),
            "no other of 3 exact circuits gives the kept one's outputs on all 8 unseen items, the nearest "
            "differs on 25.00 %; all 3 say the same on 50.00 %: the training items leave a choice",
        ),
    ],
)
def test_agreement_says_how_many_circuits_on_how_many_items(agreement, words):
    assert compared(agreement) == words


def test_nothing_is_called_agreed_or_right_because_circuits_say_the_same():
    for agreement in (Agreement(2, 1, 0.0, 1.0, 40), Agreement(7, 1, 0.0, 0.9, 40)):
        assert not {"agreed", "right", "correct", "confirmed", "proven"} & set(
            compared(agreement).lower().split()
        )


# -- consensus --------------------------------------------------------------------------------------------


def with_consensus():
    some = problem(y=ROWS[:, 0] & ROWS[:, 1]).with_train(200)
    own, made = Circuit(8, (Gate(2, (1, 2)),), (9,)), Circuit(8, (Gate(2, (2, 1)),), (9,))
    result = fake_result(some, Settings(), circuit=own, n_trials=2)
    weights = np.full(some.network.n_edges, 2.0)
    consensus = Consensus(1, made, weights, Score(1, 1, 0.9, 0.9), 5, 0.8, 12, (1, 1), (0.5, 0.9))
    trials = tuple(replace(trial, score=Score(1, 1, 0.5, 0.5)) for trial in result.trials)
    return replace(result, trials=trials, best=1, consensus=consensus)


def test_the_kept_trial_keeps_its_own_scores_and_the_consensus_has_its_own():
    result = with_consensus()
    record = as_record(result, circuit=result.circuit, trials=2, model=None, seconds=1.0)
    assert [trial["test_words"] for trial in record["trials"]] == [0.5, 0.5]
    assert (record["best"], record["score"]["test_words"], record["consensus"]["test_words"]) == (1, 0.9, 0.9)
    assert record["consensus"].keys() >= {"circuits", "counted", "against", "gates", "words"}
    assert (result.circuit, result.kept.circuit.gates) == (result.consensus.circuit, (Gate(2, (1, 2)),))
    assert (result.weights == 2).all()
    text = as_text(result, result.circuit)
    assert "Consensus made from the trial's circuit, and kept in its place" in text
    assert next(line for line in text.splitlines() if line.startswith("  test items")).split()[2:4] == [
        "90.00",
        "%",
    ]


def test_the_consensus_is_counted_like_a_trial():
    result = with_consensus()
    made = counted_consensus(result.problem, result.consensus)
    assert (made.circuit.training.wrong_bits, made.circuit.training.n_items) == (0, 200)


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
