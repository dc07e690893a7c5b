"""The search: exact circuits, honest failure, the same trials whatever the jobs."""

from __future__ import annotations

import re
import threading
import time

import numpy as np
import pytest
from numba import config

import btfnet
from btfnet.engines.completion.completion_check import recode
from btfnet.engines.projections.stepper import state_bytes
from btfnet.errors import UsageError
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings

pytestmark = [
    pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels"),
    pytest.mark.filterwarnings("ignore:parity. no circuit of this network:btfnet.BtfnetWarning"),
]

QUICK = Settings(beta=0.5, gamma=2e-3, max_iterations=10_000)


def multiplier():
    return btfnet.load("multiplier-2x2").problem


def impossible():
    """Parity of four bits by a single node: no weights can do it."""
    inputs = np.array([[1 if number >> bit & 1 else -1 for bit in range(4)] for number in range(16)])
    return Problem("parity", Network.layered([4, 1]), Items(inputs, inputs.prod(axis=1, keepdims=True)))


def test_an_exact_result_reproduces_every_training_item_by_gates_alone():
    problem = multiplier()
    result = btfnet.solve(problem, QUICK, trials=10)
    assert result.exact
    assert result.status is Status.SOLVED
    assert verify_items(result.circuit, problem.inputs > 0, problem.outputs > 0).exact
    assert result.kept.found_by in ("rrr", "rrr+descent", "descent")
    assert result.kept.score.train_words == 1


def test_the_result_names_inputs_and_outputs_as_the_problem_does():
    result = btfnet.solve(multiplier(), QUICK)
    assert result.circuit.input_names == ("a1", "a0", "b1", "b0")


def test_a_trial_is_the_same_for_any_number_of_jobs():
    settings = QUICK.but(max_iterations=1500)
    runs = [btfnet.solve(multiplier(), settings, trials=4, all_trials=True, jobs=jobs) for jobs in (1, 3)]
    for one, other in zip(runs[0].trials, runs[1].trials, strict=True):
        assert (one.seed, one.status, one.exact, one.iterations) == (
            other.seed, other.status, other.exact, other.iterations
        )  # fmt: skip
        np.testing.assert_array_equal(one.weights, other.weights)
        assert one.circuit == other.circuit


def test_any_trial_can_be_repeated_alone_from_its_seed():
    settings = QUICK.but(max_iterations=800)
    third = btfnet.solve(multiplier(), settings, trials=3, all_trials=True, seed=5).trials[2]
    alone = btfnet.solve(multiplier(), settings, trials=1, seed=third.seed).trials[0]
    np.testing.assert_array_equal(alone.weights, third.weights)


def test_deterministic_keeps_the_lowest_numbered_exact_trial():
    kept = {
        btfnet.solve(multiplier(), QUICK, trials=6, jobs=jobs, deterministic=True).kept.index
        for jobs in (1, 2, 4)
    }
    everything = btfnet.solve(multiplier(), QUICK, trials=6, all_trials=True)
    assert kept == {next(trial.index for trial in everything.trials if trial.exact)}


def test_a_search_without_success_says_so_and_names_the_node():
    result = btfnet.solve(impossible(), QUICK.but(max_iterations=300), trials=2)
    assert not result.exact
    assert result.status is Status.NOT_EXACT  # the network is too small, so that limits are not to blame
    assert {trial.status for trial in result.trials} == {Status.ITERATION_LIMIT}
    assert len(result.trials) == 2
    assert result.kept.wrong_bits > 0
    fit = result.circuit.training
    assert (fit.wrong_bits, fit.n_bits, fit.n_items) == (result.kept.wrong_bits, 16, 16)


def test_a_limit_that_comes_before_anything_can_stand_still_is_named():
    result = btfnet.solve(impossible(), QUICK.but(max_iterations=30), trials=2)
    assert result.status is Status.ITERATION_LIMIT
    assert not result.exact


def test_a_time_limit_ends_the_search():
    begun = time.monotonic()
    result = btfnet.solve(impossible(), QUICK.but(max_iterations=10**12), time_limit=0.3)
    assert result.status is Status.TIME_LIMIT
    assert time.monotonic() - begun < 30


def test_the_first_exact_trial_stops_the_others():
    result = btfnet.solve(multiplier(), QUICK.but(max_iterations=10**9), trials=50, jobs=3)
    assert result.exact
    assert len(result.trials) < 50
    others = [trial for trial in result.trials if not trial.exact]
    assert all(trial.status is Status.STOPPED for trial in others)


def test_one_large_problem_gives_the_same_trial_on_one_and_on_two_threads(monkeypatch):
    monkeypatch.setattr("btfnet.engines.projections.engine.SHARED_EDGE_ITEMS", 1)
    rng = np.random.default_rng(0)
    inputs = np.unique(np.where(rng.random((300, 10)) < 0.5, -1, 1), axis=0)
    problem = Problem("large", Network.layered([10, 6, 2]), Items(inputs, inputs[:, :2]))
    runs = [
        btfnet.solve(problem, QUICK.but(max_iterations=40), trials=1, jobs=jobs).trials[0] for jobs in (1, 2)
    ]
    np.testing.assert_array_equal(runs[0].weights, runs[1].weights)


def test_without_settings_they_are_tuned_and_every_trial_says_what_it_ran():
    result = btfnet.solve(multiplier(), seed=3)
    assert result.exact
    assert result.settings == result.kept.settings


def test_unknown_inputs_are_found_and_the_codes_belong_to_the_circuit():
    task = btfnet.load("decoder-16")
    rng = np.random.default_rng(2)
    outputs = np.unique(np.where(rng.random((4, 5)) < 0.5, -1, 1), axis=0)
    problem = Problem(
        "small", Network.layered([2, 8, 5]), Items(np.empty((len(outputs), 0)), outputs, "unknown_bits")
    )
    result = btfnet.solve(problem, task.settings.but(max_iterations=50_000), trials=20)
    assert result.exact
    np.testing.assert_array_equal(result.circuit.predict(result.kept.codes, kind="signs"), outputs)


def test_codes_are_chosen_anew_where_another_fits_better():
    circuit = btfnet.Circuit(2, (), (1, -2))
    outputs = np.array([[True, True], [False, False]])
    codes = recode(circuit, np.array([[False, False], [False, True]]), outputs, btfnet.InputKind.UNKNOWN_BITS)
    np.testing.assert_array_equal(codes, [[True, False], [False, True]])
    assert (recode(circuit, codes, outputs, btfnet.InputKind.UNKNOWN_ONE_HOT) == codes).all()


def test_analog_inputs_are_learned_without_a_circuit():
    rng = np.random.default_rng(0)
    inputs = rng.uniform(-1, 1, (20, 3))
    problem = Problem(
        "analog", Network.layered([3, 4, 1]), Items(inputs, np.where(inputs[:, :1] > 0, 1, -1), "analog")
    )
    result = btfnet.solve(problem, QUICK.but(max_iterations=2000), trials=1)
    assert result.circuit is None
    assert not result.exact
    assert result.kept.score.train_bits > 0.7


def test_the_spectator_sees_every_trial_and_errors_of_its_own_surface():
    seen = []
    btfnet.solve(multiplier(), QUICK, trials=3, all_trials=True, spectator=seen.append)
    assert {progress.trial for progress in seen} == {0, 1, 2}
    assert all(0 <= progress.look.train_bits <= 1 for progress in seen)

    def broken(progress):
        raise ValueError("spectator")

    with pytest.raises(ValueError, match="spectator"):
        btfnet.solve(multiplier(), QUICK, spectator=broken)


def test_ctrl_c_keeps_what_was_found(monkeypatch):
    from btfnet.search.crews import threads as module

    real = module.wait

    def interrupted(futures, **options):
        done = real(futures, **options)
        if threading.current_thread() is threading.main_thread() and time.monotonic() > begun + 0.3:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(module, "wait", interrupted)
    begun = time.monotonic()
    result = btfnet.solve(impossible(), QUICK.but(max_iterations=10**12))
    assert result.status is Status.INTERRUPTED
    assert result.kept.iterations > 0
    assert result.kept.trace


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trials": 0}, "trials is 0, but it must be a whole number of at least 1"),
        ({"jobs": 0}, "jobs is 0, but it must be a whole number of at least 1"),
        ({"time_limit": -1}, "time_limit is -1, but it must be a number above 0"),
        ({"seed": -1}, "seed is -1, but it must be a whole number of at least 0"),
        (
            {"engine": "magic"},
            "engine is 'magic'; choose one of rrr, descent, rrr+descent, shared, rrr-jax, auto",
        ),
        ({"precision": "half"}, 'precision is \'half\'; expected "float32" or "float64"'),
    ],
)
def test_absurd_arguments_are_refused(options, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        btfnet.solve(multiplier(), QUICK, **options)


def test_a_task_in_the_place_of_its_problem_is_refused_with_what_to_write():
    with pytest.raises(UsageError, match=r"task\.problem, task\.settings"):
        btfnet.solve(btfnet.load("multiplier-2x2"))


def test_fewer_trials_run_side_by_side_when_memory_is_short(monkeypatch):
    problem = multiplier()
    one = state_bytes(problem)
    seen = []
    monkeypatch.setattr("btfnet.search.plan.available_bytes", lambda: int(2.5 * one))
    result = btfnet.solve(
        problem, QUICK, engine="rrr", jobs=4, trials=4, all_trials=True, spectator=seen.append
    )
    assert len(result.trials) == 4
    assert {progress.note for progress in seen} == {"memory for 2 of 4 trials at a time"}
