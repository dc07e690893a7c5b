"""Learning as well as items allow: validation items choose, noise is not learned, and searches can go on."""

import threading

import numpy as np
import pytest

import btfnet
from btfnet import Checkpoint, Problem, Settings, UsageError
from btfnet.logic.circuit import Circuit, Gate
from btfnet.search.learning.task import LearningTask, with_validation
from btfnet.search.learning.vote import best_vote, majority_of

pytestmark = pytest.mark.needs_jit
SQUARE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def noisy_xor(noise, seed=1, n_items=600, n_inputs=6):
    """Exclusive or of two of the inputs, some outputs of the first half flipped; the other half is clean."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((n_items, n_inputs)) < 0.5
    outputs = inputs[:, 0] ^ inputs[:, 1]
    outputs[: n_items // 2] ^= rng.random(n_items // 2) < noise
    return Problem.from_bits(inputs, outputs, n_train=n_items // 2)


@pytest.mark.parametrize("noise", [0.1, 0.3])
def test_the_rule_behind_noisy_items_is_found_and_the_noise_is_not(noise):
    result = btfnet.solve(noisy_xor(noise), jobs=1, recognise=False)
    assert result.status.key == "learned"
    assert result.learned
    assert not result.exact
    assert result.score.test_bits == 1
    assert result.score.validation_bits < 1
    assert len(result.circuit.gates) <= 3
    problem = result.problem
    assert (problem.n_train + problem.n_validation, problem.n_test) == (300, 300)


def test_without_shrinking_gates_that_fit_noise_stay():
    options = {"jobs": 1, "recognise": False, "trials": 2, "seed": 5}
    small, whole = (btfnet.solve(noisy_xor(0.3), shrink=shrink, **options) for shrink in (True, False))
    assert len(small.circuit.gates) < len(whole.circuit.gates)


def test_the_same_circuit_is_kept_for_any_number_of_jobs():
    one, two = (btfnet.solve(noisy_xor(0.2), jobs=jobs, seed=3, recognise=False) for jobs in (1, 2))
    assert one.circuit == two.circuit
    assert one.score == two.score


def test_consistent_items_are_solved_exactly_unless_validation_or_error_is_asked_for():
    inputs = np.array([[int(bit) for bit in f"{number:05b}"] for number in range(32)])
    problem = Problem.from_bits(inputs, inputs.sum(axis=1) % 2)
    assert btfnet.solve(problem, jobs=1).exact
    learned = btfnet.solve(problem, jobs=1, validation=0.3, recognise=False)
    assert learned.problem.n_validation == 10
    accepted = btfnet.solve(problem, jobs=1, error=0.6, recognise=False)
    assert len(accepted.trials) == 1
    assert accepted.status.key in ("learned", "solved")


def test_items_that_need_not_be_right_are_learned_in_a_network_of_given_widths():
    problem = Problem.from_bits(SQUARE[[0, 1, 2, 3] * 6], [0, 1, 1, 0] * 5 + [0, 1, 1, 1], hidden=(3,))
    result = btfnet.solve(problem, jobs=1, recognise=False)
    assert result.circuit.predict(SQUARE)[:, 0].tolist() == [0, 1, 1, 0]
    assert result.score.train_bits < 1 or result.score.validation_bits < 1


def test_classes_are_learned_as_well_as_they_allow():
    rng = np.random.default_rng(0)
    inputs = rng.random((200, 4)) < 0.5
    labels = inputs[:, 0].astype(int) + inputs[:, 1]
    labels[:20] = rng.integers(0, 3, 20)
    problem = Problem.from_arrays(
        inputs, labels, btfnet.Network.layered([4, 6, 3]), output_kind="class", n_train=150
    )
    result = btfnet.solve(problem, jobs=1, recognise=False)
    assert result.score.test_bits == result.score.test_words >= 0.95


@pytest.mark.parametrize("engine", ["rrr", "rrr+descent"])
def test_other_engines_learn_too(engine):
    settings = Settings(beta=0.5, gamma=1e-3, max_iterations=300)
    problem = Problem.from_bits(SQUARE[[0, 1, 2, 3] * 6], [0, 1, 1, 0] * 5 + [0, 1, 1, 1], hidden=(3,))
    result = btfnet.solve(problem, settings, jobs=1, engine=engine, trials=2, recognise=False)
    assert result.status.key == "learned"
    assert result.circuit is not None


def test_an_interrupted_search_goes_on_as_if_nothing_had_happened(tmp_path):
    problem, stop = noisy_xor(0.2), threading.Event()
    whole = btfnet.solve(problem, jobs=1, recognise=False)
    seen = []

    def watch(progress):
        seen.append(progress)
        if len(seen) == 5:
            stop.set()

    checkpoint = Checkpoint(tmp_path / "checkpoint")
    part = btfnet.solve(problem, jobs=1, checkpoint=checkpoint, spectator=watch, stop=stop, recognise=False)
    assert part.status.key == "interrupted"
    again = Checkpoint(tmp_path / "checkpoint", resume=True)
    rest = btfnet.solve(problem, jobs=1, checkpoint=again, recognise=False)
    assert rest.circuit == whole.circuit
    assert [trial.iterations for trial in rest.trials] == [trial.iterations for trial in whole.trials]


# -- the split ----------------------------------------------------------------------------------------------


def test_the_seed_decides_which_training_items_validate():
    problem = noisy_xor(0.2)
    split = with_validation(problem, 0.25, 7)
    assert split.items == with_validation(problem, 0.25, 7).items
    assert split.items != with_validation(problem, 0.25, 8).items
    assert (split.n_train, split.n_validation) == (225, 75)
    rows = [sorted(map(tuple, inputs[:300].tolist())) for inputs in (split.inputs, problem.inputs)]
    assert rows[0] == rows[1]
    assert np.array_equal(split.inputs[split.first_test :], problem.inputs[problem.n_train :])


@pytest.mark.parametrize(
    "problem, arguments, complaint",
    [
        (
            Problem.from_bits(SQUARE, [0, 1, 1, 0], n_validation=1),
            {"validation": 0.5},
            "1 items validate already",
        ),
        (Problem.from_bits([[0]], [1]), {"error": 0.1}, "1 training item is too few"),
        (Problem.from_bits(SQUARE, [0, 1, 1, 0]), {"validation": 0.01}, "0.01, none of 4 training items"),
        (Problem.from_bits(SQUARE, [0, 1, 1, 0]), {"validation": 0.99}, "0.99, all of 4 training items"),
        (Problem.from_bits(SQUARE, [0, 1, 1, 0]), {"error": 2}, "error is 2"),
        (Problem.from_bits(SQUARE, [0, 1, 1, 0]), {"validation": 0}, "validation is 0"),
    ],
)
def test_absurd_arguments_are_refused(problem, arguments, complaint):
    with pytest.raises(UsageError, match=complaint):
        btfnet.solve(problem, **arguments, recognise=False)


# -- votes --------------------------------------------------------------------------------------------------


def random_circuit(rng, n_inputs=3):
    gates = []
    for node in range(n_inputs + 1, n_inputs + 5):
        senders = rng.choice(np.arange(1, node), 3, replace=False) * rng.choice([-1, 1], 3)
        gates.append(Gate(2, tuple(int(sender) for sender in senders)))
    return Circuit(n_inputs, tuple(gates), (n_inputs + 4, -(n_inputs + 3)), (), (), "some")


@pytest.mark.parametrize("seed", range(5))
def test_the_majority_of_circuits_says_what_most_of_them_say(seed):
    rng = np.random.default_rng(seed)
    circuits = [random_circuit(rng) for _ in range(5)]
    rows = np.array([[bool(number >> bit & 1) for bit in range(3)] for number in range(8)])
    votes = sum(circuit.predict(rows) > 0 for circuit in circuits)
    assert np.array_equal(majority_of(circuits).predict(rows) > 0, votes > 2)


def test_a_vote_is_kept_only_where_it_mends_more_than_chance():
    rows = np.array([[bool(number >> bit & 1) for bit in range(3)] for number in range(8)] * 20)
    majority = rows.sum(axis=1) > 1
    task = LearningTask(Problem.from_bits(rows, majority, n_train=8, n_validation=152))
    alone = [Circuit(3, (), (literal,), (), (), "one") for literal in (1, 2, 3)]
    assert best_vote(task, alone) == (0, 1, 2)
    assert best_vote(task, alone[:2]) is None
    assert best_vote(task, [majority_of(alone), *alone]) is None


def test_a_search_whose_time_is_up_hands_back_the_best_circuit_by_the_validation_items():
    seen = []
    result = btfnet.solve(noisy_xor(0.3), jobs=1, stop=lambda: len(seen) > 2, spectator=seen.append)
    assert result.status.key == "interrupted"
    assert not result.learned
    best = max(trial.score.validation_bits for trial in result.trials)
    assert result.score.validation_bits == best


def test_nothing_makes_a_learned_circuit_smaller_behind_the_back_of_the_validation_items(monkeypatch):
    def never(*arguments, **options):
        raise AssertionError("on training items alone")

    monkeypatch.setattr("btfnet.search.trial.shrink_found", never)
    numbers = np.arange(32)
    problem = Problem.from_bits(numbers[:, None] >> np.arange(5) & 1, np.bitwise_count(numbers) > 2)
    result = btfnet.solve(problem, jobs=1, validation=0.3, trials=2, recognise=False)
    assert any(trial.exact for trial in result.trials)
    assert all(trial.shrunk is None for trial in result.trials)


def test_circuits_that_learned_nothing_do_not_agree(monkeypatch):
    monkeypatch.setattr("btfnet.search.learning.attempt.LEAST_NS", 2e7)
    rng = np.random.default_rng(0)
    inputs = rng.random((400, 6)) < 0.5
    chance = Problem.from_bits(inputs, rng.random(400) < 0.5)
    assert len(btfnet.solve(chance, jobs=1, recognise=False).trials) >= 4
    rule = Problem.from_bits(inputs, inputs[:, 0] ^ (rng.random(400) < 0.2))
    assert len(btfnet.solve(rule, jobs=1, recognise=False).trials) == 2


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [([*SQUARE, SQUARE[0]], [1, 1, 1, 1, 1]), ([SQUARE[1]] * 7, [1, 1, 1, 1, 1, 1, 0])],
    ids=["always", "nearly always"],
)
def test_what_is_true_is_not_learned_as_false(inputs, outputs):
    """A circuit with every bit wrong is told as shortly as one with every bit right, and was taken for as good."""
    result = btfnet.solve(Problem.from_bits(inputs, outputs), validation=0.2, jobs=1, recognise=False)
    assert result.score.train_bits > 0.8
