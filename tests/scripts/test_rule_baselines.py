"""The baselines of rules from two observations find just the rules that there are."""

import itertools
from pathlib import Path

import click
import numpy as np
import pytest
from pysat.solvers import Solver

from scripts.studies.rules import baselines, baselines_page, instances
from scripts.studies.rules.encodings import Clauses, encoded
from scripts.studies.rules.instances import LIFE, Ring


def every_rule(instance):
    """All values of the rule's bits that the clauses allow."""
    clauses, rule = encoded(instance)
    found = set()
    with Solver(name=baselines.SOLVER, bootstrap_with=clauses.lists) as solver:
        while solver.solve():
            model = solver.get_model()
            literals = [model[variable - 1] for variable in rule.ravel()]
            found.add(tuple(int(literal > 0) for literal in literals))
            solver.add_clause([-literal for literal in literals])
    return found


@pytest.mark.parametrize("inputs, steps", [(2, 1), (2, 3), (3, 2)])
def test_the_clauses_allow_the_tables_that_lead_from_row_to_row_and_no_others(inputs, steps):
    rng = np.random.default_rng(steps)
    ring = instances.planted_ring("small", rng.integers(2, size=2**inputs), 5, steps, rng)
    tables = itertools.product((0, 1), repeat=2**inputs)
    right = {table for table in tables if (ring.later(np.array(table)) == ring.last).all()}
    assert right
    assert every_rule(ring) == right


def test_rows_that_no_rule_connects_are_refuted():
    row = baselines.by_sat(Ring("none", np.zeros(4, int), np.array([0, 1, 0, 0]), 2, 2), limit=60)
    assert (row["found"], row["ended"], row["rule"]) == (False, "refuted", None)


@pytest.mark.parametrize("bound", [0, 1, 3, 5])
def test_the_counter_says_whether_so_many_literals_are_true(bound):
    clauses = Clauses()
    literals = clauses.fresh(4).tolist()
    enough = clauses.at_least(bound, literals)
    with Solver(name=baselines.SOLVER, bootstrap_with=clauses.lists) as solver:
        for bits in itertools.product((0, 1), repeat=4):
            known = [literal if bit else -literal for literal, bit in zip(literals, bits, strict=True)]
            assert solver.solve([*known, enough]) == (sum(bits) >= bound)
            assert solver.solve([*known, -enough]) == (sum(bits) < bound)


def test_the_masks_of_life_are_found_from_two_grids():
    life = instances.planted_life("life", 8, 2, np.random.default_rng(1))
    row = baselines.by_sat(life, limit=60)
    assert row["found"]
    assert (life.later(np.array([list(map(int, mask)) for mask in row["rule"].split()])) == life.last).all()


def test_a_glider_moves_on_the_torus():
    glider = np.zeros((6, 6), int)
    glider[[0, 1, 2, 2, 2], [1, 2, 0, 1, 2]] = 1
    grid = instances.Grid("glider", glider, glider, 3, (3, 3), 4)
    np.testing.assert_array_equal(grid.later(LIFE), np.roll(glider, (1, 1), (0, 1)))


def test_a_rule_of_wolframs_numbering_moves_a_single_cell_as_it_should():
    """Rule 30 from one cell, all neighbours centred, is …111… after one step; here neighbours follow the cell."""
    row = np.array([0, 0, 0, 1, 0, 0, 0])
    ring = Ring("30", row, row, 3, 2)
    centred = np.roll(ring.later(np.array([30 >> k & 1 for k in range(8)])), 2)
    np.testing.assert_array_equal(centred, [0, 1, 1, 0, 0, 1, 0])


def test_the_projections_are_tried_on_the_rows():
    row = baselines.by_projections(next(instances.planted()), seed=0)
    assert row["found"]
    assert row["rule"] == "30"


def test_files_of_rows_and_of_grids_are_read_as_they_are(tmp_path: Path):
    (tmp_path / "7_2_3.dat").write_text("0110\n1010")
    (tmp_path / "gol3_2").write_text("010\n111\n000\n\n000\n101\n010\n")
    (tmp_path / "notes").write_text("others are left out")
    ring, grid = instances.read(tmp_path)
    assert (ring.inputs, ring.steps, ring.last.tolist()) == (2, 3, [1, 0, 1, 0])
    assert (grid.width, grid.bounds, grid.steps, grid.last[1].tolist()) == (3, (3, 3), 2, [1, 0, 1])
    (tmp_path / "8_2_3.dat").write_text("0110\n10")
    with pytest.raises(click.UsageError, match="two equal halves"):
        list(instances.read(tmp_path))


def test_the_table_counts_starts_and_names_what_sat_did_not_end():
    given = {"seconds": 3.0, "limit": 50, "scales": [0.4, 0.7]}
    starts = [
        {
            "instance": "a",
            "way": "projections",
            "seed": k,
            "found": k < 2,
            "right": k < 3,
            "iterations": 10 * k,
            **given,
        }
        for k in range(4)
    ]
    late = {"found": False, "ended": "time_limit", "seconds": 9.0, "limit": 9.0, "building": 0.5}
    sat = {"instance": "a", "way": "SAT", "seed": 0, "variables": 7, "clauses": 8, **late}
    told = baselines_page.tables([*starts, sat])["baselines"].splitlines()
    assert told[0] == "- A start of the projections: η = 0.4, ζ = 0.7, at most 50 iterations."
    assert told[1] == "- The solver: at most 9 s."
    assert told[-1] == "| a | 2/4 (+ 1) | 5 | 6 s | 7 | 8 | time limit, 9 s | 0.5 s |"
