"""Going on after an interruption: the same end as without it."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from numba import config
from support.search_samples import ENGINES, Interruption, same, same_trials, solve

from btfnet.checkpoint.folder import Checkpoint, SaveInterval
from btfnet.engines.descent.local_search import GateSearch
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("moments", [(3,), (9, 4), (1, 14, 2), (25,)])
def test_interrupted_search_ends_as_if_nothing_had_happened(
    problem, whole, monkeypatch, tmp_path, engine, moments
):
    monkeypatch.setattr("btfnet.projections.rrr._Pace.CALL_SECONDS", 1e-4)
    for session, moment in enumerate(moments):
        with monkeypatch.context() as patch:
            Interruption(patch, moment)
            result = solve(
                problem, engine, Checkpoint(tmp_path / "c", resume=session > 0), jobs=1 + session % 2
            )
        assert not result.finished
        assert result.status.key == "interrupted"
    result = solve(problem, engine, Checkpoint(tmp_path / "c", resume=True))
    assert result.finished
    assert result.seconds > result.seconds_before > 0
    assert same_trials(result.trials, whole[engine].trials)


def test_descent_saved_halfway_goes_on_halfway(problem, whole, monkeypatch, tmp_path):
    """The hand-over is long; every one of its pauses is as good as any other."""
    monkeypatch.setattr("btfnet.engines.combined.engine.CHUNK_NS", 1.0)
    for moment in (30, 31, 32, 60):
        folder = tmp_path / str(moment)
        with monkeypatch.context() as patch:
            Interruption(patch, moment)
            solve(problem, "rrr+descent", Checkpoint(folder))
        result = solve(problem, "rrr+descent", Checkpoint(folder, resume=True))
        assert same_trials(result.trials, whole["rrr+descent"].trials)


def test_searches_go_on_from_what_was_saved_on_the_way(problem, whole, monkeypatch, tmp_path):
    """As after kill -9: the last checkpoint, not a farewell."""
    monkeypatch.setattr(SaveInterval, "due", lambda self: True)
    copies = []
    real = Checkpoint.save_running

    def save(checkpoint, index, record):
        saved = real(checkpoint, index, record)
        copy = tmp_path / f"copy-{len(copies)}"
        shutil.copytree(checkpoint.folder, copy)
        copies.append(copy)
        return saved

    monkeypatch.setattr(Checkpoint, "save_running", save)
    solve(problem, "rrr+descent", Checkpoint(tmp_path / "c"))
    monkeypatch.undo()
    assert len(copies) > 10
    for copy in copies[:: len(copies) // 6]:
        result = solve(problem, "rrr+descent", Checkpoint(copy, resume=True))
        assert same_trials(result.trials, whole["rrr+descent"].trials)


def test_time_limit_leaves_a_checkpoint_and_resuming_has_the_time_anew(problem, whole, tmp_path):
    result = solve(problem, "rrr", Checkpoint(tmp_path / "c"), time_limit=1e-6)
    assert (result.status.key, result.finished) == ("time_limit", False)
    result = solve(problem, "rrr", Checkpoint(tmp_path / "c", resume=True), time_limit=100)
    assert same_trials(result.trials, whole["rrr"].trials)


def test_finished_search_gives_its_result_again_until_it_is_discarded(problem, tmp_path):
    first = solve(problem, "rrr", Checkpoint(tmp_path / "c"))
    again = solve(problem, "rrr", Checkpoint(tmp_path / "c", resume=True))
    assert same_trials(again.trials, first.trials)
    assert again.trials[0].seconds == first.trials[0].seconds
    Checkpoint(tmp_path / "c", resume=True).discard()
    assert not (tmp_path / "c").exists()


def test_walks_may_be_cut_anywhere(problem):
    whole = GateSearch.of(problem, np.random.default_rng(1))
    whole.walk(40)
    cut = GateSearch.of(problem, np.random.default_rng(1))
    for rounds in (1, 2, 7, 30):
        cut.walk(rounds)
    assert cut.sweeps == whole.sweeps
    for name, array in whole.export().items():
        if name != "work":  # every walk begins by evaluating all gates
            np.testing.assert_array_equal(array, cut.export()[name])
    assert whole.rng.bit_generator.state == cut.rng.bit_generator.state


@pytest.mark.parametrize(
    "kind, precision",
    [("unknown_bits", "float32"), ("unknown_bits", "float64"), ("unknown_one_hot", "float32")],
)
def test_unknown_inputs_and_both_precisions_go_on(monkeypatch, tmp_path, kind, precision):
    rng = np.random.default_rng(2)
    outputs = np.unique(np.where(rng.random((9, 7)) < 0.5, -1, 1), axis=0)
    care = np.arange(outputs.size).reshape(outputs.shape) % 5 > 0 if kind == "unknown_one_hot" else None
    codes = Problem(
        "codes", Network.layered([2, 3, 7]), Items(np.empty((len(outputs), 0)), outputs, kind, care=care)
    )
    options = {"precision": precision, "trials": 1}
    whole = solve(codes, "rrr+descent", **options)
    with monkeypatch.context() as patch:
        Interruption(patch, 12)
        solve(codes, "rrr+descent", Checkpoint(tmp_path / "c"), **options)
    result = solve(codes, "rrr+descent", Checkpoint(tmp_path / "c", resume=True), **options)
    assert same(whole.kept, result.kept)
    np.testing.assert_array_equal(whole.kept.codes, result.kept.codes)
