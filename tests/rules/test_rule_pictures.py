"""Space and time in a terminal and as SVG; names of known rules."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from btfnet.errors import CapacityError, UsageError
from btfnet.rules import space_time
from btfnet.rules.blocks import MOST_LINES, in_blocks
from btfnet.rules.lattice import CROSS, Lattice, square, window
from btfnet.rules.names import known_name, masks_shown, number_shown
from btfnet.rules.observations import Observations
from btfnet.rules.rule import TableRule, run
from btfnet.rules.space_time import draw_space_time
from btfnet.rules.thresholds import ThresholdForm, ThresholdRule


def wolfram(number, first=0):
    values = np.array([number >> pattern & 1 for pattern in range(8)])
    return TableRule(window(first, 3), values, np.zeros(8, dtype=bool))


def life(bounds=(3, 3)):
    weights = np.ones((2, 9), dtype=np.int8)
    weights[1, 4] = 0
    return ThresholdRule(square(3), weights, bounds, ThresholdForm())


def painted(svg, kind, width):
    """Cells of the paths of a kind, as (x, y)."""
    cells = []
    for path in re.findall(rf'<path class="bca-{kind}"[^>]* d="([^"]*)"', svg):
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", path):
            cells += [(int(x) + place, int(y)) for place in range(int(length))]
    assert len(cells) == len(set(cells))
    assert all(x < width for x, _ in cells)
    return set(cells)


def test_two_times_share_a_line_of_half_blocks():
    states = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 0, 0]])
    assert in_blocks(states, Lattice((4,))) == "    0  ▄▀█\n    2 ▀▀  "
    assert in_blocks(states, Lattice((4,)), plain=True) == "    0 ..##\n    1 .#.#\n    2 ##.."


def test_more_than_two_states_are_digits():
    assert in_blocks(np.array([[0, 10, 3]]), Lattice((3,)), 11) == "    0 0a3"


@pytest.mark.parametrize("plain", [False, True])
def test_what_is_too_wide_or_too_long_is_shortened(plain):
    lines = in_blocks(np.ones((400, 300), dtype=np.int64), Lattice((300,)), columns=50, plain=plain).split(
        "\n"
    )
    assert len(lines) == MOST_LINES + 1
    assert {len(line) for line in lines if len(line) > 3} == {50}
    grids = in_blocks(np.ones((30, 3600), dtype=np.int64), Lattice((60, 60)), columns=50, plain=plain).split(
        "\n"
    )
    assert max(map(len, grids)) == 50
    assert len(grids) == MOST_LINES + 1


def test_grids_stand_side_by_side_with_their_times():
    states = np.array([[1, 0, 0, 1], [0, 1, 1, 0]])
    assert in_blocks(states, Lattice((2, 2))) == "t = 0   t = 1\n▀▄      ▄▀"


def test_a_picture_shows_every_cell_once_by_what_is_known_of_it():
    first = np.random.default_rng(3).integers(0, 2, (1, 20))
    states = run(wolfram(110), first, 3, Lattice((20,)))
    seen = states[:, [0, 3]].copy()
    seen[0, 0, 4], seen[0, 1, 7] = -1, 1 - seen[0, 1, 7]
    svg = draw_space_time(Observations.of(seen, steps=3), states)
    ElementTree.fromstring(svg)
    living = {(cell, time) for time, cell in np.argwhere(states[0])}
    assert painted(svg, "wrong", 20) == {(7, 3)}
    assert painted(svg, "unknown", 20) == {(4, 0)}
    assert painted(svg, "seen", 20) == {each for each in living if each[1] in (0, 3)} - {(7, 3)}
    assert painted(svg, "between", 20) == {each for each in living if each[1] in (1, 2)}
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"t = (\d)</text>", svg) == ["0", "3"]


def test_grids_are_drawn_each_in_its_place():
    lattice = Lattice((6, 6))
    states = run(life(), np.random.default_rng(1).integers(0, 2, (1, 36)), 2, lattice)
    seen = Observations.of(states[:, [0, 2]].reshape(1, 2, 6, 6), steps=2, grid=True)
    svg = draw_space_time(seen, states, title="Life & more")
    ElementTree.fromstring(svg)
    assert re.findall(r"t = (\d)</text>", svg) == ["0", "1", "2"]
    assert len(painted(svg, "between", 6)) == states[0, 1].sum()
    assert "Life &amp; more" in svg


def test_a_picture_is_small():
    states = run(wolfram(30), np.random.default_rng(3).integers(0, 2, (1, 200)), 3, Lattice((200,)))
    assert len(draw_space_time(Observations.of(states[:, [0, 3]], steps=3), states)) < 8000


def test_a_run_that_is_not_there_and_a_picture_too_large_are_refused(monkeypatch):
    states = run(wolfram(30), np.eye(2, 8, dtype=np.int64), 1, Lattice((8,)))
    seen = Observations.of(states)
    assert "run 2 of 2" in draw_space_time(seen, states, run=1)
    with pytest.raises(UsageError, match="run is 2"):
        draw_space_time(seen, states, run=2)
    monkeypatch.setattr(space_time, "MOST_CELLS", 15)
    with pytest.raises(CapacityError, match="16 cells"):
        draw_space_time(seen, states)


def test_known_rules_have_their_names():
    assert known_name(wolfram(110)) == known_name(wolfram(110, -1)) == "Wolfram's rule 110"
    assert known_name(life()) == "Life (B3/S23)"
    assert known_name(life((2, 4))) == "B234/S1234"
    assert known_name(wolfram(30, 5)) is None
    weights = np.eye(2, 9, dtype=np.int8)
    assert known_name(ThresholdRule(square(3), weights, (1, 1), ThresholdForm())) is None
    assert (
        known_name(ThresholdRule(square(5), np.ones((2, 25), dtype=np.int8), (2, 2), ThresholdForm())) is None
    )
    assert known_name(ThresholdRule(CROSS, np.ones((2, 5), dtype=np.int8), (2, 2), ThresholdForm())) is None


def test_entries_that_nobody_saw_do_not_spoil_a_name():
    whole = life().as_table()
    unseen = np.zeros(512, dtype=bool)
    unseen[511] = True
    values = whole.values.copy()
    values[511] = 1
    assert known_name(TableRule(square(3), values, unseen)) == "Life (B3/S23)"


def test_numbers_are_decimal_where_they_are_short():
    assert number_shown(wolfram(30)) == "30 (0x1e)"
    shown = number_shown(life().as_table())
    assert shown.startswith("0x")
    assert len(shown) == 130


def test_masks_are_shown_as_they_lie():
    assert masks_shown(life()) == [
        "at least 3 of", "  # # #", "  # # #", "  # # #", "at most 3 of", "  # # #", "  # . #", "  # # #",
    ]  # fmt: skip
    weights = np.array([[1, 0, -1, 0, 1], [0, 1, 0, 0, 0]], dtype=np.int8)
    rule = ThresholdRule(CROSS, weights, (1, 0), ThresholdForm(signed=True))
    assert masks_shown(rule) == [
        "at least 1 of",
        "    #",
        "  . - .",
        "    #",
        "at most 0 of",
        "    .",
        "  # . .",
        "    .",
    ]
    row = ThresholdRule(window(0, 3), np.array([[1, 0, 1]] * 2, dtype=np.int8), (1, 1), ThresholdForm())
    assert masks_shown(row)[1] == "  # . #"
