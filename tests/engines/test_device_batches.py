"""Trials that run as one: each ends as it would with any others beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from support.projection_samples import SETTINGS, make_problem

import btfnet
from btfnet.checkpoint.folder import Checkpoint
from btfnet.engines.device import backend
from btfnet.engines.device.batch import Batch
from btfnet.engines.device.engine import ENGINE, DeviceBatch
from btfnet.engines.device.stepper import DeviceStepper
from btfnet.engines.registry import ENGINES
from btfnet.errors import UsageError
from btfnet.halting import Halt, Halted
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings

BETAS = (0.2, 0.4, 0.3)


def drive(batch, seed, cuts, stop=0.0):
    """A trial on its own thread: its arrays at the end."""
    stepper = DeviceStepper(batch, SETTINGS.but(beta=BETAS[seed % 3]), np.random.default_rng(seed))
    for cut in cuts:
        stepper.advance(cut, stop)
    stepper.leave()
    return stepper.export()


def driven(batch, seeds, cuts):
    """Several at a time."""
    with ThreadPoolExecutor(len(seeds)) as pool:
        return dict(zip(seeds, pool.map(lambda seed: drive(batch, seed, cuts[seed]), seeds), strict=True))


def test_a_trial_is_the_same_to_the_bit_whoever_is_beside_it_and_however_it_is_cut():
    problem = make_problem("layers")
    batch = Batch(problem, "float32", 3, "cpu")
    alone = {seed: drive(batch, seed, [60]) for seed in (0, 1, 2, 4)}
    cuts = {0: [60], 1: [20] * 3, 2: [1, 2, 57], 4: [37, 23]}
    for seeds in ((0, 1, 2), (4, 2), (2, 4, 0)):
        for seed, found in driven(batch, seeds, cuts).items():
            for name, array in found.items():
                np.testing.assert_array_equal(array, alone[seed][name])


def test_batches_of_other_sizes_agree_to_rounding():
    problem = make_problem("layers")
    alone, third = (drive(Batch(problem, "float32", size, "cpu"), 1, [20]) for size in (1, 3))
    for name, array in third.items():
        np.testing.assert_allclose(array, alone[name], rtol=1e-3, atol=1e-4)


def test_a_trial_that_is_there_stands_still_while_others_end_at_their_gaps():
    problem = make_problem("layers")
    batch = Batch(problem, "float32", 3, "cpu")
    waiting = DeviceStepper(batch, SETTINGS, np.random.default_rng(0))
    waiting.advance(10, 0.0)
    before = {name: array.copy() for name, array in waiting.export().items()}
    drive(batch, 1, [15, 15])
    for name, array in waiting.batch.point(0)._asdict().items():
        np.testing.assert_array_equal(array, before[name])


def test_who_waits_for_a_place_can_be_halted_and_gets_it_once_it_is_free():
    problem = make_problem("layers")
    batch, halt = Batch(problem, "float32", 1, "cpu"), Halt()
    first = DeviceStepper(batch, SETTINGS, np.random.default_rng(0))
    with ThreadPoolExecutor(2) as pool:
        late = pool.submit(DeviceStepper, batch, SETTINGS, np.random.default_rng(1), halt)
        halt.set()
        with pytest.raises(Halted):
            late.result()
        next_one = pool.submit(drive, batch, 1, [5])
        del first
        assert next_one.result()["progress"][0] == 5


# -- in a search --------------------------------------------------------------------------------------------


@pytest.fixture
def three_at_a_time(monkeypatch):
    """The engine as on a device that takes three trials at a time."""
    spec = replace(
        ENGINE, name="three", batch=lambda problem, precision: DeviceBatch(problem, precision, 3, "cpu")
    )
    monkeypatch.setitem(ENGINES, "three", spec)


def outcome(trial):
    return trial.seed, trial.iterations, trial.status, trial.circuit, trial.weights.tolist()


def test_a_search_runs_its_trials_in_a_batch_and_goes_on_from_its_checkpoint(three_at_a_time, tmp_path):
    problem = make_problem("layers")
    few = Settings(max_iterations=300, beta=0.4)
    options = {"engine": "three", "trials": 4, "seed": 5, "all_trials": True, "shrink": False}
    whole = btfnet.solve(problem, few, **options)
    assert len(whole.trials) == 4
    looks: list[int] = []
    first = btfnet.solve(
        problem, few, **options, checkpoint=Checkpoint(tmp_path), spectator=lambda seen: looks.append(1),
        stop=lambda: len(looks) > 2,
    )  # fmt: skip
    assert first.status is Status.INTERRUPTED
    again = btfnet.solve(problem, few, **options, checkpoint=Checkpoint(tmp_path, resume=True))
    assert list(map(outcome, again.trials)) == list(map(outcome, whole.trials))


def test_the_engine_learns_an_exact_circuit_on_the_processor():
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    problem = Problem.from_bits(rows, rows.sum(axis=1, keepdims=True) % 2, hidden=(3,))
    result = btfnet.solve(problem, Settings(beta=0.3), engine="rrr-jax", trials=5, jobs=1)
    assert result.exact
    assert (result.kept.engine, result.kept.found_by) == ("rrr-jax", "rrr-jax")


# -- without JAX, without a GPU -----------------------------------------------------------------------------


def test_without_jax_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(backend, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r'pip install "btfnet\[jax\]"'):
        btfnet.solve(make_problem("layers"), engine="rrr-jax")


def test_a_gpu_that_is_not_there_is_told_with_what_was_found(monkeypatch):
    class Nothing:
        @staticmethod
        def devices(kind=None):
            if kind == "gpu":
                raise RuntimeError("Unknown backend: 'gpu' requested")
            return ["CpuDevice(id=0)"]

    monkeypatch.setattr(backend, "require_jax", lambda: Nothing)
    with pytest.raises(UsageError, match=r"finds none here, only CpuDevice\(id=0\)"):
        backend.device_named("gpu")
    with pytest.raises(UsageError, match="device is 'tpu'; choose one of cpu, gpu"):
        backend.device_named("tpu")
