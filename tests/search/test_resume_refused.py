"""A checkpoint that is of another search, damaged or twisted is refused, and told why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numba import config
from support.search_samples import SETTINGS, same_trials, solve

import btfnet
from btfnet.checkpoint import file
from btfnet.checkpoint.file import Record
from btfnet.checkpoint.folder import Checkpoint
from btfnet.errors import DataError, OutputError
from btfnet.problem.items import Items
from btfnet.problem.problem import Problem

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")


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
