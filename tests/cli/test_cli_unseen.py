"""What a report says about unseen items and about outputs: only what was looked at, and how much of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.cli_samples import fake_result

from btfnet import Circuit, Gate, Network, Problem, Settings
from btfnet.cli.reports.search_report import as_record, as_text
from btfnet.problem.values import InputKind, OutputKind
from btfnet.search.notable_outputs import Notable, notable_outputs
from btfnet.search.records import Agreement, Consensus
from btfnet.search.score import Score
from btfnet.search.selection import counted_consensus

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
