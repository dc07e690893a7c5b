"""States with gaps as users have them, and what is refused."""

import numpy as np
import pytest

from btfnet.errors import DataError, UsageError
from btfnet.rules.lattice import Lattice
from btfnet.rules.observations import UNKNOWN, Observations, as_states

U = UNKNOWN


@pytest.mark.parametrize(
    "given",
    [
        ["01-0", "1?10"],
        ["0 1 - 0", " 1?10\t"],
        np.array(["01-0", "1-10"]),
        [[0, 1, -1, 0], [1, -7, 1, 0]],
        [[0, 1, np.nan, 0], [1, -np.inf, 1, 0]],
        np.array([[0, 1, -1, 0], [1, -1, 1, 0]], dtype=np.int8),
    ],
)
def test_states_are_texts_or_numbers_with_gaps(given):
    assert as_states(given).tolist() == [[0, 1, U, 0], [1, U, 1, 0]]
    assert as_states(given).dtype == np.int8


def test_states_are_booleans_and_digits_to_sixteen():
    assert as_states([[True, False]]).tolist() == [[1, 0]]
    assert as_states(np.array([[3, 1]], dtype=np.uint64)).tolist() == [[3, 1]]
    assert as_states(["0f", "a1"]).tolist() == [[0, 15], [10, 1]]


def test_rows_of_one_run_are_times():
    seen = Observations.of(["0110-", "10101", "1-111"], steps=2)
    assert seen.times == (0, 2, 4)
    assert seen.lattice == Lattice((5,), True)
    assert (seen.n_runs, seen.steps, seen.n_states, seen.n_channels, seen.n_known) == (1, 4, 2, 1, 9)
    assert seen.flat.tolist() == [[0, 1, 1, 0, U], [1, 0, 1, 0, 1], [1, U, 1, 1, 1]]


def test_another_axis_is_that_of_runs():
    given = np.random.default_rng(0).integers(0, 2, (3, 2, 5))
    seen = Observations.of(given, times=(4, 9), periodic=False)
    assert (seen.n_runs, seen.times, seen.steps) == (3, (0, 5), 5)
    assert seen.lattice == Lattice((5,), False)
    assert np.array_equal(seen.flat, given.transpose(1, 0, 2).reshape(2, 15))


@pytest.mark.parametrize("texts", [True, False])
def test_grids_are_rows_of_rows(texts):
    given = np.random.default_rng(0).integers(0, 2, (2, 3, 4))
    seen = Observations.of(
        [["".join(map(str, row)) for row in grid] for grid in given] if texts else given, grid=True
    )
    assert (seen.n_runs, seen.times, seen.lattice) == (1, (0, 1), Lattice((3, 4)))
    assert np.array_equal(seen.states[0], given)
    runs = Observations.of(np.stack([given, 1 - given]), grid=True)
    assert (runs.n_runs, runs.flat.shape) == (2, (2, 24))


@pytest.mark.parametrize("n_states", [2, 3, 4, 5, 16])
def test_states_are_bits_the_most_significant_first(n_states):
    rng = np.random.default_rng(n_states)
    given = rng.integers(-1, n_states, (2, 2, 20))
    given[:, :, 0] = n_states - 1
    seen = Observations.of(given)
    assert seen.n_states == n_states
    channels = {2: 1, 3: 2, 4: 2, 5: 3, 16: 4}[n_states]
    assert seen.n_channels == channels
    assert seen.n_known == channels * int((given[:, 1] >= 0).sum())
    for time in range(2):
        bits, known = seen.bits(time)
        assert bits.shape == known.shape == (channels, 40)
        for cell, state in enumerate(given[:, time].ravel()):
            digits = f"{state:0{channels}b}" if state >= 0 else "0" * channels
            assert bits[:, cell].tolist() == [digit == "1" for digit in digits]
            assert known[:, cell].tolist() == [state >= 0] * channels


def test_there_are_two_states_where_only_zeros_are_seen():
    assert Observations.of(["00", "00"]).n_states == 2


@pytest.mark.parametrize(
    "given, message",
    [
        ([[0, 1], [1]], "rows of different lengths"),
        (["01", "0"], "row 2 has 1 cells, but row 1 has 2"),
        (["01", "0x"], "row 2 has 'x'; a cell is a digit, or - or"),
        (["01", "0A"], "row 2 has 'A'"),
        ([["0", "1"], ["1", "x"]], "row 4 has 'x'"),
        ([[None, 1], [0, 1]], "states of type object; expected numbers"),
        ([[1j, 1], [0, 1]], "states of type complex128"),
        ([[b"0", b"1"], [b"0", b"1"]], "states of type"),
        ([[0.5, 1], [0, 1]], "a value that is no state: expected whole numbers 0 to 15"),
        ([[np.inf, 1], [0, 1]], "a value that is no state"),
        ([[300, 1], [0, 1]], "a value that is no state"),
        ([[16, 1], [0, 1]], "a state of 16; there may be 16 states, 0 to 15"),
        ([], r"states of shape \(0,\); expected \(times, length\), or \(runs, times, length\)"),
        (np.zeros((2, 0)), r"states of shape \(2, 0\)"),
        (np.zeros((0, 2, 3)), r"states of shape \(0, 2, 3\)"),
        (np.zeros((2, 2, 2, 2)), r"states of shape \(2, 2, 2, 2\)"),
        ("0110", r"states of shape \(4,\)"),
        (5, r"states of shape \(\)"),
        ([[0, 1]], "one observation; expected two at least"),
        (["--", "01"], "nothing is known of the first states"),
        (["01", "--"], "nothing is known of any state after the first"),
    ],
)
def test_states_that_cannot_be_are_refused(given, message):
    with pytest.raises(DataError, match=message):
        Observations.of(given)


def test_a_grid_needs_another_axis():
    with pytest.raises(DataError, match=r"states of shape \(2, 3\); expected \(times, height, width\)"):
        Observations.of(["010", "110"], grid=True)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"steps": 0}, "steps is 0; expected a whole number of at least 1"),
        ({"steps": 1.5}, "steps is 1.5"),
        ({"steps": True}, "steps is True"),
        ({"steps": 10_001}, "steps is 10001; .* at most 10000"),
        ({"steps": 1, "times": (0, 1)}, "both steps and times"),
        (
            {"times": (0,)},
            r"times are \(0,\); expected a whole number of steps for each of the 2 observations",
        ),
        ({"times": (0, 0)}, "ascending"),
        ({"times": (3, 1)}, "ascending"),
        ({"times": (-1, 1)}, "times are"),
        ({"times": (0, 1.0)}, "times are"),
        ({"times": (0, 10**30)}, "times are"),
        ({"times": "01"}, "times are '01'"),
        ({"times": 5}, "times are 5; expected a whole number"),
    ],
)
def test_times_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        Observations.of(["01", "10"], **arguments)


@pytest.mark.parametrize("shape", [(2, 5), (1, 3, 5), (1, 2, 4), (1, 2, 5, 1), (0, 2, 5)])
def test_the_record_wants_runs_times_and_the_lattice(shape):
    with pytest.raises(DataError, match="expected runs, times, and the lattice"):
        Observations(np.zeros(shape, dtype=np.int8), (0, 1), Lattice((5,)))
