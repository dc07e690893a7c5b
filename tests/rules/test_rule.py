"""Rules run without kernels, against cells in dictionaries."""

import numpy as np
import pytest
from support.cell_samples import pattern_at, simulate
from support.cell_scenes import SCENES, observations, start_of

from btfnet.rules.lattice import Neighbourhood, window
from btfnet.rules.rule import TableRule, patterns_of, run, seen_by_cells


def table_rule(scene):
    values = np.array(scene.table)
    return TableRule(Neighbourhood(scene.offsets), values, np.zeros(values.shape, dtype=bool), scene.n_states)


@pytest.mark.parametrize("name", SCENES)
def test_runs_are_those_of_cells_one_at_a_time(name):
    scene = SCENES[name]
    firsts, lattice = start_of(scene), observations(scene).lattice
    states = run(table_rule(scene), np.array([list(first.values()) for first in firsts]), 4, lattice)
    assert states.shape == (len(firsts), 5, lattice.n_cells)
    wanted = [[list(at.values()) for at in simulate(first, scene, scene.table, 4)] for first in firsts]
    assert states.tolist() == wanted


@pytest.mark.parametrize("name", SCENES)
def test_cells_see_patterns_whose_first_cell_is_the_most_significant(name):
    scene = SCENES[name]
    firsts, rule = start_of(scene), table_rule(scene)
    states = np.array([list(first.values()) for first in firsts])
    seen = seen_by_cells(states, observations(scene).lattice, rule.neighbourhood)
    wanted = [pattern_at(first, scene, place) for first in firsts for place in scene.places]
    assert rule.patterns(seen).tolist() == patterns_of(seen, scene.n_bits).tolist() == wanted


@pytest.mark.parametrize(
    "number, picture",
    [
        (30, ["....#....", "...###...", "..##..#..", ".##.####."]),
        (110, ["....#....", "...##....", "..###....", ".##.#...."]),
        (90, ["....#....", "...#.#...", "..#...#..", ".#.#.#.#."]),
    ],
)
def test_numbers_of_rules_are_those_of_wolfram(number, picture):
    """Pictures as in S. Wolfram, Rev. Mod. Phys. 55, 601 (1983)."""
    values = np.array([number >> pattern & 1 for pattern in range(8)])
    rule = TableRule(window(-1, 3), values, np.zeros(8, dtype=bool))
    assert rule.number == number
    rows = np.array([[sign == "#" for sign in row] for row in picture], dtype=np.int64)
    lattice = observations(SCENES["ring, three"]).lattice
    wide = np.zeros((1, lattice.n_cells), dtype=np.int64)
    wide[0, :9] = rows[0]
    states = run(rule, wide, 3, lattice)
    assert states[0, :, :9].tolist() == rows.tolist()


def test_numbers_of_rules_of_more_states_have_as_many_bits_as_states():
    rng = np.random.default_rng(0)
    for n_states, bits in ((3, 2), (4, 2), (5, 3)):
        values = rng.integers(0, n_states, 1 << 2 * bits)
        unseen = np.arange(values.size) < 3
        rule = TableRule(window(0, 2), values, unseen, n_states)
        digits = "".join(f"{value:0{bits}b}" for value in values[::-1])
        assert (rule.bits, rule.number, rule.n_open) == (bits, int(digits, 2), 3 * bits)
