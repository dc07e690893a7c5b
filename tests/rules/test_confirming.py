"""Whether there is another rule: what is said is what plain Python finds by trying all tables."""

import itertools

import numpy as np
import pytest
from support.cell_samples import CROSS, pattern_at, scene_of, simulate, windows, wrong_of
from support.cell_scenes import observations

from btfnet.halting import Halt, Halted
from btfnet.rules import alternatives
from btfnet.rules.alternatives import other_tables
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.reconstruct import reconstruct
from btfnet.rules.rule import TableRule, without_unseen

PAIR = ((-1,), (2,))
SCENES = {
    "ring of few": scene_of((4,), windows(0, 3), seed=1),
    "ring, two steps": scene_of((6,), windows(-1, 3), seed=2, times=(0, 2)),
    "ring, gaps": scene_of((5,), windows(0, 3), seed=3, times=(0, 2, 5), unknown=0.3),
    "row": scene_of((5,), PAIR, seed=4, periodic=False, times=(0, 2)),
    "first unknown": scene_of((6,), windows(0, 2), seed=5, times=(0, 3), unknown_first=0.4),
    "runs": scene_of((3,), windows(0, 3), seed=6, runs=3, times=(0, 3)),
    "grid": scene_of((2, 3), CROSS[1:3], seed=7, periodic=False, times=(0, 2)),
    "three states": scene_of((6,), windows(0, 1), seed=8, n_states=3, times=(0, 3), unknown_first=0.2),
    "three states, two cells": scene_of((4,), windows(0, 2), seed=9, n_states=3, times=(0, 2)),
    "four states": scene_of((6,), windows(0, 1), seed=10, n_states=4, times=(0, 2)),
    "zeros": scene_of((9,), windows(0, 3), table=[0] * 8, times=(0, 2)),
}
SCENES["zeros"].states[:] = 0


def explaining(scene):
    """All tables that explain a scene from some first states, entries of states that are none left at 0."""
    n, size = 1 << scene.n_bits, len(scene.offsets)
    there = [
        pattern
        for pattern in range(n**size)
        if all(pattern >> scene.n_bits * place & n - 1 < scene.n_states for place in range(size))
    ]
    loose = [(run, place) for run in range(len(scene.states)) for place in scene.places
             if scene.states[run, 0][place] < 0]  # fmt: skip
    tables = []
    for values in itertools.product(range(scene.n_states), repeat=len(there)):
        table = [0] * n**size
        for pattern, value in zip(there, values, strict=True):
            table[pattern] = value
        for filling in itertools.product(range(scene.n_states), repeat=len(loose)):
            firsts = [scene.at(run, 0) for run in range(len(scene.states))]
            for (run, place), state in zip(loose, filling, strict=True):
                firsts[run][place] = state
            if wrong_of(scene, table, firsts) == 0:
                tables.append((table, firsts))
    return tables


def asked(scene, table, firsts):
    """Patterns that some cell shows."""
    return {
        pattern_at(states, scene, place)
        for first in firsts
        for states in simulate(first, scene, table, scene.times[-1])[:-1]
        for place in scene.places
    }


@pytest.mark.parametrize("name", SCENES)
def test_all_other_tables_are_found(name, monkeypatch):
    monkeypatch.setattr(alternatives, "MOST_RULES", 1000)
    scene = SCENES[name]
    tables = explaining(scene)
    table, firsts = tables[0]
    shown = sorted(asked(scene, table, firsts))
    unseen = ~np.isin(np.arange(len(table)), shown)
    rule = TableRule(Neighbourhood(scene.offsets), np.array(table), unseen, scene.n_states)
    others, all_known = other_tables(rule, observations(scene), Halt())
    assert all_known
    wanted = {tuple(other[pattern] for pattern in shown) for other, _ in tables}
    found = [tuple(other[shown].tolist()) for other in others]
    assert len(set(found)) == len(found)
    assert {*found, tuple(table[pattern] for pattern in shown)} == wanted


@pytest.mark.parametrize("name", SCENES)
def test_what_a_reconstruction_says_of_other_rules_is_true(name):
    scene = SCENES[name]
    found = reconstruct(observations(scene), neighbours=Neighbourhood(scene.offsets), jobs=1, seed=5)
    assert found.exact
    tables, forced = explaining(scene), found.forced
    shown = np.flatnonzero(~found.rule.unseen)
    assert forced.unseen == found.rule.n_open
    if "SAT" in forced.how:
        rules = len({tuple(table[pattern] for pattern in shown) for table, _ in tables})
    else:
        rules = len({
            tuple(value if pattern in shows else None for pattern, value in enumerate(table))
            for table, shows in ((table, asked(scene, table, firsts)) for table, firsts in tables)
        })  # fmt: skip
    assert (
        (forced.rules, forced.proven) == (rules, True)
        if rules <= alternatives.MOST_RULES
        else forced.rules > 16
    )
    assert forced.forced == (rules == 1)


def test_where_all_smaller_neighbourhoods_failed_the_larger_one_is_judged():
    """Five cells, found by walks after all rules of fewer cells were tried."""
    scene = scene_of((200,), windows(0, 5), seed=99)
    found = reconstruct(observations(scene), neighbours="auto", jobs=1)
    assert (found.exact, found.neighbourhood.size) == (True, 5)
    assert found.forced.forced
    assert "SAT" in found.forced.how


def test_where_it_is_too_much_further_starts_are_asked(monkeypatch):
    monkeypatch.setattr(alternatives, "MOST_CLAUSES", 0)
    scene = scene_of((200,), windows(0, 5), seed=99)
    forced = reconstruct(observations(scene), neighbours=5, jobs=2).forced
    assert (forced.proven, forced.forced, forced.rules, forced.confirmed) == (False, False, 1, 2)


def test_without_conflicts_to_spend_nothing_is_known(monkeypatch):
    monkeypatch.setattr(alternatives, "CONFLICTS", 0)
    scene = SCENES["runs"]
    rule = TableRule(Neighbourhood(scene.offsets), np.array(scene.table), np.zeros(8, dtype=bool))
    assert other_tables(rule, observations(scene), Halt()) == ([], False)


def test_a_question_ends_when_asked_to():
    scene, halt = SCENES["runs"], Halt()
    rule = TableRule(Neighbourhood(scene.offsets), np.array(scene.table), np.zeros(8, dtype=bool))
    halt.set()
    with pytest.raises(Halted):
        other_tables(rule, observations(scene), halt)


@pytest.mark.parametrize("name", ["ring, gaps", "runs", "grid", "three states"])
def test_entries_are_open_where_no_cell_asks_for_them(name):
    scene = SCENES[name]
    rule = TableRule(
        Neighbourhood(scene.offsets),
        np.array(scene.table),
        np.zeros(len(scene.table), dtype=bool),
        scene.n_states,
    )
    firsts = [
        {place: max(0, state) for place, state in scene.at(run, 0).items()}
        for run in range(len(scene.states))
    ]
    first = np.array([list(each.values()) for each in firsts])
    found = without_unseen(rule, first, scene.times[-1], observations(scene).lattice)
    shown = asked(scene, scene.table, firsts)
    assert found.unseen.tolist() == [pattern not in shown for pattern in range(len(scene.table))]
    assert found.values.tolist() == [value * (pattern in shown) for pattern, value in enumerate(scene.table)]
