"""Files of states: rows, grids, times, runs, gaps, arrays, Life's formats."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from support.spec_pages import block, reader

from btfnet.errors import BtfnetError, FormatError, UsageError
from btfnet.formats.states.reading import read_observations
from btfnet.rules.lattice import window
from btfnet.rules.observations import UNKNOWN
from btfnet.rules.rule import TableRule, run

SHARED = Path(__file__).parents[3] / "shared" / "data" / "rulerecon"
GRIDS = "010\n110\n001\n\n000\n111\n000\n"


@pytest.fixture
def written(tmp_path):
    def write(content, name="x.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def states(path, **options):
    return read_observations(path, **options).states.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "0110\n1010",
        "0110\n1010\n",
        "\ufeff0110\r\n1010\r\n",
        "# two rows\n0110 # the first\n! the second\n1010",
        "0 1 1 0\n1 0 1 0\n",
        "0,1,1,0\n1,0,1,0,\n",
        "0;1;1;0\n1;0;1;0",
        "0\t1\t1\t0\n1\t0\t1\t0",
        "01 10\n10 10",
        ".OO.\nO.O.\n",
        "0110\n\n1010\n",
        "t = 0\n0110\nt = 1\n1010\n",
        "# t = 7\n0110\n#t=8: 1010\n",
        "0.000e+00 1.000e+00 1.0 0.\n1 0 1 0",
    ],
)
def test_two_rows_in_any_spelling_are_the_same(text, written):
    found = read_observations(written(text))
    assert found.states.tolist() == [[[0, 1, 1, 0], [1, 0, 1, 0]]]
    assert (found.times, found.lattice.shape, found.lattice.periodic) == ((0, 1), (4,), True)


@pytest.mark.parametrize(
    "text", ["01-?\n1010", "0,1,-1,nan\n1,0,1,0", "0,1,,-\n1,0,1,0", "0 1 -1 ?\n1 0 1 0"]
)
def test_unknown_cells_have_many_spellings(text, written):
    assert states(written(text)) == [[[0, 1, UNKNOWN, UNKNOWN], [1, 0, 1, 0]]]


def test_a_row_of_many_cells_takes_no_longer_than_its_length(written):
    path, begun = written(("01" * 250_000 + "\n") * 2), time.process_time()
    assert read_observations(path).lattice.shape == (500_000,)
    assert time.process_time() - begun < 4  # what is quadratic takes minutes


def test_states_above_nine_are_letters_or_numbers_among_commas(written):
    assert states(written("0aF\n123")) == states(written("0,10,15\n1,2,3")) == [[[0, 10, 15], [1, 2, 3]]]


def test_steps_and_times_are_given_or_stand_in_the_file(written):
    path = written("01\n10\n11\n")
    assert read_observations(path, steps=3).times == (0, 3, 6)
    assert read_observations(path, times=[2, 5, 9]).times == (0, 3, 7)
    marked = written("t = 2\n01\nt = 5\n10\nt = 9\n11\n", "y.txt")
    assert read_observations(marked).times == (0, 3, 7)
    with pytest.raises(UsageError, match="says its times itself; leave out steps"):
        read_observations(marked, steps=3)


def test_blocks_of_rows_are_runs_and_square_ones_grids(written):
    runs = read_observations(written("01100110\n10101010\n\n11111111\n00000000\n"))
    assert (runs.n_runs, runs.lattice.shape) == (2, (8,))
    grid = read_observations(written(GRIDS, "g.txt"), periodic=False)
    assert (grid.n_runs, grid.lattice.shape, grid.lattice.periodic) == (1, (3, 3), False)
    assert read_observations(written(GRIDS, "g.txt"), grid=False).n_runs == 2


def test_blocks_that_may_be_either_are_asked_about(written):
    path = written("01\n01\n11\n\n10\n10\n10\n")
    with pytest.raises(FormatError, match="grids, or runs of a row"):
        read_observations(path)
    assert read_observations(path, grid=True).lattice.shape == (3, 2)
    marked = written("t = 0\n01\n01\n11\nt = 4\n10\n10\n10\n", "y.txt")
    assert read_observations(marked).times == (0, 4)


def test_runs_stand_below_a_line_that_says_so_each_with_its_times(written):
    text = "run\nt = 0\n011\nt = 2\n100\nrun 2\nt = 0\n111\nt = 3\n000\n"
    found = read_observations(written(text))
    assert found.times == (0, 2, 3)
    gap = [UNKNOWN] * 3
    assert found.states.tolist() == [[[0, 1, 1], [1, 0, 0], gap], [[1, 1, 1], gap, [0, 0, 0]]]
    assert read_observations(written("run\n011\n100\nrun\n111\n000\n", "y.txt")).n_runs == 2
    assert read_observations(written(f"run\n{GRIDS}run\n{GRIDS}", "z.txt")).states.shape == (2, 2, 3, 3)


def test_several_files_are_successive_states_or_runs(written):
    one, two = written("010\n110\n001\n", "a.txt"), written("000\n111\n000\n", "b.txt")
    assert read_observations([one, two]).states.shape == (1, 2, 3, 3)
    three = written(GRIDS, "c.txt")
    assert read_observations([three, three]).states.shape == (2, 2, 3, 3)
    with pytest.raises(FormatError, match=r"a\.txt:1: one state"):
        read_observations([one, three], grid=True)


def test_patterns_of_life_are_grids(written):
    cells = written("!Name: Glider\n!\n.O\n..O\nOOO\n", "a.cells")
    rle = written(
        "#N Glider\n#CXRLE Pos=0,0 Gen=4\nx = 3, y = 3, rule = B3/S23\n$obo$b2o!\nignored\n", "b.rle"
    )
    glider = [[0, 1, 0], [0, 0, 1], [1, 1, 1]]
    assert read_observations([cells, cells]).states.tolist() == [[glider, glider]]
    early = written("#CXRLE Gen=0\nx=3,y=3\nbo$2bo$3o!", "a.rle")
    found = read_observations([early, rle])
    assert found.times == (0, 4)
    assert found.states.tolist()[0][1] == [[0, 0, 0], [1, 0, 1], [0, 1, 1]]


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".dat"])
def test_arrays_are_states_with_gaps_below_zero(suffix, tmp_path):
    array, path = np.array([[0, 1, -1, 2], [1, 0, 1, 0]]), tmp_path / f"x{suffix}"
    with open(path, "wb") as file:
        np.savez(file, array) if suffix == ".npz" else np.save(file, array)
    assert states(path) == [array.tolist()]


def test_an_archive_says_its_times_and_nan_is_unknown(tmp_path):
    values = np.array([[0, np.nan, 1], [1, 0, 1]])
    np.savez(tmp_path / "x.npz", states=values, times=np.array([0, 5]))
    found = read_observations(tmp_path / "x.npz")
    assert (found.times, found.states.tolist()) == ((0, 5), [[[0, UNKNOWN, 1], [1, 0, 1]]])


def test_three_axes_are_runs_or_grids(tmp_path):
    np.save(tmp_path / "x.npy", np.eye(3, dtype=bool)[None].repeat(2, axis=0))
    assert read_observations(tmp_path / "x.npy").lattice.shape == (3, 3)
    assert read_observations(tmp_path / "x.npy", grid=False).states.shape == (2, 3, 3)
    np.save(tmp_path / "x.npy", np.zeros((2, 4, 6)))
    with pytest.raises(FormatError, match="grids, or runs of a row"):
        read_observations(tmp_path / "x.npy")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"x\.txt: found no states"),
        ("0110\n", r"x\.txt: one observation"),
        ("0110\n101\n", r"x\.txt:2: found 3 cells, but the row above has 4"),
        ("0110\n10g0\n", r"x\.txt:2: found 'g'; expected 0 to 9 or a to f"),
        ("0110\n10é0\n", r"x\.txt:2: found 'é'"),
        ("0,1\n1,16\n", r"x\.txt:2: found '16'"),
        ("0,1\n1,0.5\n", r"x\.txt:2: found '0\.5'"),
        ("O.O\n101\n", r"x\.txt:2: found digits in a file that has Life's signs"),
        ("t = 1\nt = 2\n01\n", r"x\.txt:2: found another time, but no states for t = 1"),
        ("t = 1\n01\nt = 1\n10\n", r"x\.txt:4: t = 1 after t = 1; expected ascending"),
        ("t = 1\n01\n\n10\n", r"x\.txt:4: nothing says the time of this state"),
        ("t = 1\n01\nt = 2\n", r"x\.txt:3: found no states for t = 2"),
        ("t = 1\n01\n10\nt = 2\n11\n", "found 2 rows at t = 1; expected one"),
        ("t = 1234567890\n01\n", "a time of 10 digits"),
        ("run\n01\n10\nrun\n01\n", "one state; expected two"),
        ("run\n01\n10\nrun\n01\n11\n10\n", "this run has 2 states, another one 3"),
        ("????\n0101\n", "nothing is known of the first states"),
        ("0101\n----\n", "nothing is known of any state after the first"),
        ("01\0\n", "zero byte"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text, says, written):
    with pytest.raises(BtfnetError, match=says) as caught:
        read_observations(written(text), grid=False)
    assert caught.value.args[0].count("x.txt") == 1


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.rle", "bo!", "found no header"),
        ("a.rle", "x = 3, y = 0\n!", "found no cells"),
        ("a.rle", "x = 99999, y = 99999\n!", "at most 1048576"),
        ("a.rle", "x = 3, y = 1\n4o!", "beyond the 1 x 3"),
        ("a.rle", "x = 3, y = 1\n99999999999o!", "beyond the 1 x 3"),
        ("a.rle", "x = 3, y = 1\nobz!", "found 'z'"),
        ("a.rle", "x = 3, y = 1\n3", "found '3'"),
        ("a.rle", "x = 3, y = 1\nX!", "found 'X'"),
        ("a.cells", "!only\n", "found no cells"),
        ("a.cells", ".O\n01\n", r"a\.cells:2: found '0'"),
    ],
)
def test_what_is_wrong_of_a_pattern_is_told(name, text, says, written):
    with pytest.raises(FormatError, match=says):
        read_observations([written(text, name)] * 2)


def test_states_of_different_sizes_are_refused(written):
    with pytest.raises(FormatError, match=r"b\.rle:1: found 2 x 2 cells, but the first state has 1 x 2"):
        read_observations([written("x=2,y=1\no!", "a.rle"), written("x=2,y=2\no!", "b.rle")])


@pytest.mark.skipif(not SHARED.is_dir(), reason="there is no ../shared/data/rulerecon")
def test_the_sources_files_are_read_as_they_are():
    sizes = {"30_3_2.dat": (30,), "X_6_2.dat": (200,), "gol16_2": (16, 16), "goal32_2": (32, 32)}
    for name, shape in sizes.items():
        found = read_observations(SHARED / name, steps=2)
        assert (found.lattice.shape, found.n_runs, found.times) == (shape, 1, (0, 2))
        assert (found.states != UNKNOWN).all()


def test_the_readers_printed_in_the_pages_agree_with_read_observations(written):
    example = block("states", "Worked example", "text")
    path = written(example, "x.states")
    found = read_observations(path)
    assert reader("states")(path) == (list(found.times), found.states[0].tolist())
    rule = np.array([110 >> pattern & 1 for pattern in range(8)])
    states = run(TableRule(window(0, 3), rule, np.zeros(8, dtype=bool)), found.states[:, 0], 2, found.lattice)
    assert (found.states[0, 1] == np.where(found.states[0, 1] < 0, -1, states[0, 2])).all()
    path = written(block("life", "Worked example", "text"), "x.rle")
    assert [[reader("life")(path)] * 2] == states_of(read_observations([path, path]))
    plain = written("!Name: x\n.O\n\nOOO\n\n", "x.cells")
    assert [[reader("life")(plain)] * 2] == states_of(read_observations([plain, plain]))


def states_of(observations):
    return observations.states.tolist()
