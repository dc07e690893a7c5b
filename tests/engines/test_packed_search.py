"""Searches on packed items: the same results bit by bit, and memory that does not hold the items as numbers."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btfnet import PackedBits, Problem, Settings, solve

ROOT = Path(__file__).parents[2]


def three_forms(n_items, n_inputs, **more):
    """From rows, from packed rows, from words."""
    rng = np.random.default_rng(5)
    inputs = rng.random((n_items, n_inputs)) < 0.5
    outputs = np.column_stack([inputs[:, 1:4].sum(axis=1) > 1, inputs[:, 4] ^ inputs[:, 5]])
    packed = PackedBits.from_rows(inputs)
    forms = (inputs, packed, PackedBits.from_words(packed.row_words(), n_inputs))
    return [Problem.from_bits(form, outputs, **more) for form in forms]


CASES = {
    "layers": ({"hidden": (6,)}, {"settings": Settings(max_iterations=200)}),
    "wide": (
        {"hidden": (6,), "n_train": 300},
        {"settings": Settings(max_iterations=400, widen=2.0), "trials": 2},
    ),
    "free": ({"n_train": 300}, {"trials": 4, "circuits": 3}),
    "many inputs": ({"n_train": 300}, {"trials": 2}),
    "projections": ({"hidden": (6,)}, {"settings": Settings(max_iterations=60), "engine": "rrr"}),
    "both": ({"hidden": (6,)}, {"settings": Settings(max_iterations=60), "engine": "rrr+descent"}),
}


@pytest.mark.needs_jit
@pytest.mark.parametrize("name", CASES)
def test_results_are_the_same_bit_by_bit(name):
    given, options = CASES[name]
    n_inputs = 80 if name == "many inputs" else 12
    seen = [
        outcome(
            solve(problem, **{"engine": "descent", "trials": 1, "jobs": 1, "deterministic": True, **options})
        )
        for problem in three_forms(400, n_inputs, **given)
    ]
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.needs_jit
def test_items_that_contradict_each_other_are_learned_alike():
    rng = np.random.default_rng(6)
    inputs = rng.random((600, 7)) < 0.5
    outputs = (inputs[:, :3].sum(axis=1) > 1) ^ (rng.random(600) < 0.05)
    seen = [
        outcome(solve(Problem.from_bits(form, outputs), trials=2, jobs=1, engine="descent", recognise=False))
        for form in (inputs, PackedBits.from_rows(inputs))
    ]
    assert seen[0] == seen[1]


def outcome(result):
    """All that does not depend on the clock."""
    trials = [
        (
            trial.status, trial.iterations, trial.circuit, trial.weights.tobytes(), trial.wrong_bits,
            repr(replace(trial.score)),
        )
        for trial in result.trials
    ]  # fmt: skip
    return result.status, result.best, repr(result.circuit), trials


CHILD = """
    import sys
    from pathlib import Path
    import numpy as np
    import btfnet

    def solved(inputs, n_items):
        outputs = np.empty((n_items, 1), dtype=bool)
        rows = np.asarray(inputs) if n_items < 65536 else inputs
        for first in range(0, n_items, 65536):
            outputs[first : first + 65536, 0] = rows[first : first + 65536, :3].sum(axis=1) > 1
        problem = btfnet.Problem.from_bits(inputs, outputs)
        return btfnet.solve(problem, engine="descent", trials=1, jobs=1, shrink=False)

    def peak():
        status = Path("/proc/self/status").read_text()  # getrusage begins at the peak of who started it
        return 1024 * int(status.split("VmHWM:")[1].split()[0])

    path, n_items = sys.argv[1], int(sys.argv[2])
    few = np.random.default_rng(0).integers(0, 2, (1000, 64), dtype=np.int8)
    for inputs in (few, btfnet.PackedBits.from_rows(few)):  # compiles, which takes memory
        solved(inputs, 1000)
    before = peak()
    result = solved(np.load(path, mmap_mode="r"), n_items)
    print(int(result.exact), result.trials[0].wrong_bits, peak() - before)
"""


@pytest.mark.needs_jit
@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems count memory maps otherwise, or not at all"
)
def test_two_million_items_take_less_memory_than_their_inputs_as_booleans_and_floats(tmp_path):
    n_items, n_inputs, rng = 2_000_000, 64, np.random.default_rng(7)
    rows = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", np.int8, (n_items, n_inputs))
    for first in range(0, n_items, 1 << 16):
        here = rows[first : first + (1 << 16)]
        here[:] = rng.integers(0, 2, here.shape, dtype=np.int8)
    rows.flush()
    del rows
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path / "x.npy"), str(n_items)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    exact, wrong, grown = map(int, done.stdout.split())
    assert (exact, wrong) == (1, 0)
    file_pages, floats = n_items * n_inputs, 4 * n_items * n_inputs
    assert grown - file_pages < floats / 2, f"{grown / 2**20:.0f} MiB"
