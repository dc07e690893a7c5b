"""Problems that come with btfnet and are solved by the one loop: queens, a sudoku, satisfiability."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import btfnet

PROBLEMS = Path(btfnet.__file__).parents[1] / "problems"


def script(name):
    spec = importlib.util.spec_from_file_location(name, PROBLEMS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_eight_queens_do_not_attack_each_other():
    solution, board = script("queens").queens(8, seed=0, max_iterations=2000)
    assert solution.solved
    rows, columns = np.nonzero(board > 0)
    assert len(rows) == 8
    for lines in (rows, columns, rows + columns, rows - columns):
        assert len(set(lines)) == 8


def test_a_sudoku_is_solved_with_its_clues_kept():
    sudoku = script("sudoku")
    solution, digits = sudoku.sudoku(sudoku.PUZZLE, seed=8, max_iterations=2000)
    assert solution.solved
    assert all(clue in (".", str(digit)) for clue, digit in zip(sudoku.PUZZLE, digits, strict=True))
    grid = digits.reshape(9, 9)
    boxes = grid.reshape(3, 3, 3, 3).transpose(0, 2, 1, 3).reshape(9, 9)
    for lines in (grid, grid.T, boxes):
        assert all(sorted(line) == list(range(1, 10)) for line in lines)


def test_a_planted_three_sat_instance_is_satisfied():
    solution, broken = script("three_sat").three_sat(100, 3.8, seed=0, max_iterations=5000)
    assert solution.solved
    assert broken == 0


@pytest.mark.parametrize("rule, steps, seed", [(30, 2, 3), (110, 3, 6)])
def test_a_rule_is_found_from_two_rows_some_steps_apart(rule, steps, seed):
    """The row has all patterns at hand, so that no other rule leads from the first row to the last."""
    rows = script("rule_from_rows")
    tables = np.arange(256)[:, None] >> np.arange(8) & 1
    first = np.random.default_rng(0).integers(2, size=30)
    last = rows.later(first, tables[rule], steps)
    assert [number for number in range(256) if (rows.later(first, tables[number], steps) == last).all()] == [
        rule
    ]
    solution, table, right = rows.rule_from_rows(first, last, 3, steps, seed, max_iterations=20_000)
    assert solution.solved
    assert right
    np.testing.assert_array_equal(table, tables[rule])


def test_a_solution_of_a_rule_lies_in_both_sets():
    """Copies made of the rows that the rule itself leads through stay where they are, whatever the scales."""
    rows, rng = script("rule_from_rows"), np.random.default_rng(0)
    table, first = rng.integers(2, size=16), rng.integers(2, size=12)
    row, inputs, outputs = first, [], []
    for _ in range(3):
        inputs.append(2.0 * rows.read(row, 4) - 1)
        row = rows.later(row, table, 1)
        outputs.append(2.0 * row - 1)
    copies = np.tile(2.0 * table - 1, 36)
    point = np.concatenate([np.ravel(inputs), np.ravel(outputs), copies])
    a, b, _ = rows.sets(first, row, 4, 3, 0.4, 0.7)
    np.testing.assert_array_equal(a.project(point), point)
    np.testing.assert_allclose(b.project(point), point, rtol=1e-12)


@pytest.mark.parametrize("name", ["queens", "three_sat", "rule_from_rows"])
def test_a_problem_runs_from_the_command_line(name):
    command = [sys.executable, str(PROBLEMS / f"{name}.py"), "--seed", "0", "--starts", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert " 1 of 1 " in done.stdout
