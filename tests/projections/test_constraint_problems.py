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


@pytest.mark.parametrize("name", ["queens", "three_sat"])
def test_a_problem_runs_from_the_command_line(name):
    command = [sys.executable, str(PROBLEMS / f"{name}.py"), "--seed", "0", "--starts", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert " 1 of 1 " in done.stdout
