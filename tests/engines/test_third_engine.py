"""An engine is a folder and a line in the registry: one that nobody has heard of runs, is saved and goes on."""

from __future__ import annotations

import numpy as np
import pytest
from support import random_engine

import btfnet
from btfnet.checkpoint.folder import Checkpoint
from btfnet.cli.compiling.tasks import TASKS
from btfnet.engines.registry import AUTO, ENGINES, Engine, engine_named, engines_for
from btfnet.errors import UsageError
from btfnet.logic.verify import verify_items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings

ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
FEW = Settings(max_iterations=2000)


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(ENGINES, random_engine.NAME, random_engine.__name__)


def exclusive_or(hidden=(3,)):
    return Problem.from_bits(ROWS, ROWS.sum(axis=1, keepdims=True) % 2, hidden=hidden)


def test_a_third_engine_is_searched_with_by_its_name_and_its_circuits_are_verified():
    problem = exclusive_or()
    result = btfnet.solve(problem, FEW, engine="random", trials=4, deterministic=True, seed=2)
    assert result.exact
    assert (result.kept.engine, result.kept.found_by, result.kept.gap) == ("random", "random", None)
    assert verify_items(result.circuit, ROWS > 0, problem.outputs > 0).exact
    assert result.kept.shrunk is not None


@pytest.mark.parametrize("tune", [False, True])
def test_a_third_engine_goes_on_from_its_checkpoint_to_the_same_end(tmp_path, tune):
    problem = exclusive_or(hidden=(2, 2))
    options = {"engine": "random", "trials": 3, "jobs": 1, "seed": 5, "all_trials": True, "tune": tune}
    whole = btfnet.solve(problem, FEW, **options)
    looks: list[int] = []
    first = btfnet.solve(
        problem, FEW, **options, checkpoint=Checkpoint(tmp_path), spectator=lambda seen: looks.append(1),
        stop=lambda: len(looks) > 3,
    )  # fmt: skip
    assert first.status is Status.INTERRUPTED
    again = btfnet.solve(problem, FEW, **options, checkpoint=Checkpoint(tmp_path, resume=True))
    assert again.finished
    for before, after in zip(whole.trials, again.trials, strict=True):
        assert (before.iterations, before.circuit, before.status) == (
            after.iterations,
            after.circuit,
            after.status,
        )
        np.testing.assert_array_equal(before.weights, after.weights)


def test_a_third_engine_is_tried_on_networks_that_find_themselves():
    result = btfnet.solve_widths(exclusive_or(), FEW, engine="random", ladder=[(2, 1), (2, 3, 1)], trials=3)
    assert result.exact
    assert [tried.exact for tried in result.widths] == [False, True]


def test_a_name_of_no_engine_is_answered_with_all_names():
    with pytest.raises(
        UsageError, match=r"choose one of rrr, descent, rrr\+descent, shared, rrr-jax, random, auto"
    ):
        btfnet.solve(exclusive_or(), engine="annealing")


def test_every_engine_says_its_own_name_and_names_kernels_that_can_be_compiled():
    for name in ENGINES:
        engine = engine_named(name)
        assert engine.name == name
        for jobs in (1, 2):
            assert set(engine.kernels_for(btfnet.load("parity-4").problem, "float32", jobs)) <= set(TASKS)


def test_analog_inputs_run_on_an_engine_that_takes_them():
    values = np.linspace(-1, 1, 8).reshape(4, 2)
    outputs, network = [[1], [1], [-1], [-1]], Network.layered([2, 1])
    problem = Problem.from_arrays(values, outputs, network, input_kind="analog")
    for name in {AUTO, *ENGINES} - {Engine.SHARED}:  # which takes no network like this one
        able = name != AUTO and engine_named(name).takes_analog
        assert [engine.name for engine in engines_for(problem, name)] == [name if able else Engine.RRR]
    bits = exclusive_or()
    assert [engine.name for engine in engines_for(bits, AUTO)] == [Engine.BOTH, Engine.DESCENT]
