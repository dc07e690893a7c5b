"""Going on after an interruption: the same end as without it, and refusals that say why."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numba import config

import btfnet
from btfnet.checkpoint import Checkpoint, Record, SaveInterval, file
from btfnet.checkpoint import folder as folder_module
from btfnet.engines.descent.local_search import GateSearch
from btfnet.errors import DataError, OutputError
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.search import side_by_side
from btfnet.search.records import Trial
from btfnet.search.stop_token import StopToken
from btfnet.settings import Settings

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")

SETTINGS = Settings(beta=0.4, gamma=1e-3, gap=1e-9, max_iterations=400)
ENGINES = ("rrr", "descent", "rrr+descent")


@pytest.fixture(scope="module")
def problem():
    """Too hard for so few iterations: three bits of a random function through a narrow waist."""
    rng = np.random.default_rng(5)
    inputs = np.where(np.arange(64)[:, None] >> np.arange(6) & 1, 1, -1)
    return Problem(
        "random", Network.layered([6, 8, 4, 8, 3]), Items(inputs, np.where(rng.random((64, 3)) < 0.5, -1, 1))
    )


def solve(problem, engine, checkpoint=None, **options):
    options = {"trials": 2, "all_trials": True, "jobs": 1, "seed": 3, **options}
    return btfnet.solve(problem, SETTINGS, engine=engine, checkpoint=checkpoint, **options)


def same(one: Trial, other: Trial) -> bool:
    """Bit for bit, but for the time."""
    looks = [[(look.iteration, look.gap, look.train_bits) for look in trial.trace] for trial in (one, other)]
    return (
        (one.index, one.seed, one.status, one.iterations, one.gap, one.circuit, one.wrong_bits, one.found_by)
        == (other.index, other.seed, other.status, other.iterations, other.gap, other.circuit,
            other.wrong_bits, other.found_by)
        and np.array_equal(one.weights, other.weights)
        and np.array_equal(one.gates, other.gates)
        and looks[0] == looks[1]
    )  # fmt: skip


def same_trials(found: Sequence[Trial], expected: Sequence[Trial]) -> bool:
    return all(same(*pair) for pair in zip(found, expected, strict=True))


class Interruption:
    """Ends a search as Ctrl-C does, when it has been asked so often whether it must end."""

    def __init__(self, monkeypatch, after: int) -> None:
        self.left, self.real = after, StopToken.__call__
        interruption = self

        def asked(guard: StopToken):
            interruption.left -= 1
            if interruption.left == 0:
                raise_in_main()
            return interruption.real(guard)

        def raise_in_main() -> None:
            interruption.search.interrupted.set()

        module = side_by_side
        real = module.Search.__init__

        def remember(search, *arguments):
            interruption.search = search
            real(search, *arguments)

        monkeypatch.setattr(module.Search, "__init__", remember)
        monkeypatch.setattr(StopToken, "__call__", asked)


@pytest.fixture(scope="module")
def whole(problem):
    """Every engine's search without an interruption."""
    return {engine: solve(problem, engine) for engine in ENGINES}


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
    monkeypatch.setattr("btfnet.engines.combined.handover.CHUNK_NS", 1.0)
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


# -- refusals ---------------------------------------------------------------------------------------------


@pytest.fixture
def unfinished(problem, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        Interruption(patch, 8)
        solve(problem, "rrr", Checkpoint(tmp_path / "c"))
    return tmp_path / "c"


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"engine": "descent"}, "engine was 'rrr' and is now 'descent'"),
        ({"seed": 4}, "seed was 3 and is now 4"),
        ({"all_trials": False}, "all_trials was True and is now False"),
        ({"deterministic": True}, "deterministic was False and is now True"),
        ({"precision": "float64"}, "precision was 'float32' and is now 'float64'"),
        ({"tune": True}, "tune was False and is now True"),
    ],
)
def test_checkpoint_of_another_search_is_refused_with_both_values(problem, unfinished, changes, words):
    options = {"engine": "rrr", **changes}
    with pytest.raises(DataError, match=words):
        solve(problem, options.pop("engine"), Checkpoint(unfinished, resume=True), **options)


def test_checkpoint_of_other_settings_is_refused(problem, unfinished):
    with pytest.raises(DataError, match=r"sigma was 3\.0 and is now 4"):
        btfnet.solve(
            problem, SETTINGS.but(sigma=4), engine="rrr", seed=3, all_trials=True,
            checkpoint=Checkpoint(unfinished, resume=True),
        )  # fmt: skip


def test_checkpoint_of_another_problem_is_refused(problem, unfinished):
    other = Problem("other", problem.network, Items(problem.inputs, -problem.outputs))
    with pytest.raises(DataError, match="another problem: random, and this is other"):
        solve(other, "rrr", Checkpoint(unfinished, resume=True))


def test_checkpoint_of_a_problem_where_other_bits_count_is_refused(problem, unfinished):
    care = np.ones(problem.outputs.shape, dtype=bool)
    care[0, 0] = False
    with pytest.raises(DataError, match="another problem"):
        solve(
            replace(problem, items=replace(problem.items, care=care)),
            "rrr",
            Checkpoint(unfinished, resume=True),
        )


def test_limits_may_grow_where_that_cannot_change_the_past(problem, unfinished, tmp_path):
    options = {"engine": "rrr", "seed": 3, "all_trials": True, "jobs": 1}
    longer = SETTINGS.but(max_iterations=600)
    expected = btfnet.solve(problem, longer, trials=3, **options)
    result = btfnet.solve(
        problem, longer, trials=3, checkpoint=Checkpoint(unfinished, resume=True), **options
    )
    assert same_trials(result.trials, expected.trials)
    with pytest.raises(DataError, match=r"max_iterations was 600 and is now 700, but trial 1"):
        btfnet.solve(
            problem, SETTINGS.but(max_iterations=700), trials=3, **options,
            checkpoint=Checkpoint(unfinished, resume=True),
        )  # fmt: skip
    with pytest.raises(DataError, match="allow at least 3"):
        btfnet.solve(problem, longer, trials=2, checkpoint=Checkpoint(unfinished, resume=True), **options)


def test_nothing_to_resume_and_something_to_overwrite_are_refused(unfinished, tmp_path):
    with pytest.raises(DataError, match="no checkpoint to resume"):
        Checkpoint(tmp_path / "nothing", resume=True)
    with pytest.raises(OutputError, match=r"unfinished search\. Use resume=True"):
        Checkpoint(unfinished)


def test_newer_version_is_refused(unfinished, monkeypatch):
    path = next(unfinished.iterdir())
    record = file.read(path)
    with monkeypatch.context() as patch:
        patch.setattr(file, "VERSION", file.VERSION + 1)
        file.write(path, Record(record.values, {name: record.arrays[name] for name in record.arrays}))
    with pytest.raises(DataError, match="version '3', and this btfnet reads versions up to 2"):
        file.read(path)


def test_damaged_file_is_one_message_whatever_the_damage(problem, unfinished):
    path = next(unfinished.iterdir())
    good, rng = path.read_bytes(), np.random.default_rng(0)
    cuts = [good[:length] for length in (0, 1, 7, 8, 40, 200, len(good) // 2, len(good) - 1)]
    flips = [good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :]
             for at, bit in zip(rng.integers(0, len(good), 40), rng.integers(0, 8, 40), strict=True)]  # fmt: skip
    for bad in [*cuts, *flips, good + b"more", b"\xff" * len(good), b"PK\x03\x04" + good]:
        path.write_bytes(bad)
        with pytest.raises(DataError, match=r"damaged or cut short.*Remove this file"):
            solve(problem, "rrr", Checkpoint(unfinished, resume=True))


@pytest.mark.parametrize("lost", ["search", "seconds", "trace", "attempt", "limit", "iterations"])
def test_record_that_lacks_something_is_one_message(problem, unfinished, lost):
    path = next(unfinished.iterdir())
    record = file.read(path)
    del record.values[lost]
    file.write(path, Record(record.values, {name: record.arrays[name] for name in record.arrays}))
    with pytest.raises(DataError, match="something else than this version of btfnet expects"):
        solve(problem, "rrr", Checkpoint(unfinished, resume=True))


def test_record_of_another_shape_is_one_message(problem, unfinished):
    path = next(unfinished.iterdir())
    record = file.read(path)
    arrays = {name: record.arrays[name] for name in record.arrays}
    arrays["stepper.w"] = arrays["stepper.w"][:, 1:]
    file.write(path, Record(record.values, arrays))
    with pytest.raises(DataError, match="go on with the version that wrote it"):
        solve(problem, "rrr", Checkpoint(unfinished, resume=True))


# -- disks ------------------------------------------------------------------------------------------------


def test_full_disk_is_told_once_and_does_not_end_the_search(problem, whole, monkeypatch, tmp_path):
    def full(path, record):
        raise OSError(errno.ENOSPC, "No space left on device")

    told = []
    monkeypatch.setattr(folder_module.file, "write", full)
    monkeypatch.setattr(SaveInterval, "due", lambda self: True)
    result = solve(problem, "rrr", Checkpoint(tmp_path / "c", report=told.append))
    assert same_trials(result.trials, whole["rrr"].trials)
    assert len(told) == 1
    assert "No space left on device" in told[0]


def test_write_cut_short_leaves_the_earlier_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "trial-0.safetensors"
    file.write(path, Record({"a": 1}, {"x": np.arange(3)}))

    def fail(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        file.write(path, Record({"a": 2}, {"x": np.arange(4)}))
    assert file.read(path).values == {"a": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_vanished_folder_is_made_anew(problem, whole, monkeypatch, tmp_path):
    real = Checkpoint.save_running

    def save(checkpoint, index, record):
        shutil.rmtree(tmp_path / "run", ignore_errors=True)
        return real(checkpoint, index, record)

    monkeypatch.setattr(Checkpoint, "save_running", save)
    monkeypatch.setattr(SaveInterval, "due", lambda self: True)
    told = []
    result = solve(problem, "rrr", Checkpoint(tmp_path / "run" / "c", report=told.append))
    assert same_trials(result.trials, whole["rrr"].trials)
    assert told == []


def test_file_in_the_place_of_the_folder_is_told_once(problem, monkeypatch, tmp_path):
    monkeypatch.setattr(SaveInterval, "due", lambda self: True)
    told, checkpoint = [], Checkpoint(tmp_path / "c")
    checkpoint._report = told.append
    (tmp_path / "c").write_text("mine")
    assert solve(problem, "rrr", checkpoint).finished
    assert len(told) == 1
    assert (tmp_path / "c").read_text() == "mine"


def test_what_a_killed_process_was_writing_counts_for_nothing(problem, whole, unfinished):
    part = unfinished / "trial-0.4711.part"
    part.write_bytes(b"half a state")
    result = solve(problem, "rrr", Checkpoint(unfinished, resume=True))
    assert not part.exists()
    assert same_trials(result.trials, whole["rrr"].trials)


def test_files_of_others_survive(unfinished):
    (unfinished / "notes.txt").write_text("mine")
    Checkpoint(unfinished, resume=True).discard()
    assert [entry.name for entry in unfinished.iterdir()] == ["notes.txt"]


# -- memory -----------------------------------------------------------------------------------------------


def test_fewer_trials_run_side_by_side_when_memory_is_short(problem, monkeypatch):
    from btfnet.engines.projections import stepper as boolnet

    one = boolnet.state_bytes(problem)
    seen = []
    monkeypatch.setattr("btfnet.search.memory.available_bytes", lambda: int(2.5 * one))
    result = solve(problem, "rrr", jobs=4, trials=4, spectator=seen.append)
    assert len(result.trials) == 4
    assert {progress.note for progress in seen} == {"memory for 2 of 4 trials at a time"}
