"""Networks whose nodes share gates, on the command line."""

from __future__ import annotations

import json

import numpy as np
from support.cli_samples import run

from btfnet.formats import read_circuit
from btfnet.logic.circuit import Circuit

SOLVE = ("solve", "rule-30-2-shared", "--jobs", "1", "--deterministic", "--quiet")


def test_the_cell_is_told_beside_the_circuit():
    told = run(*SOLVE)
    assert told.exit_code == 0
    assert "Cell, whose gates all its copies share\n\ncell: 3 inputs, 1 output" in told.stdout
    assert "found by shared" in told.stdout


def test_a_program_reads_the_cell_as_a_circuit(tmp_path):
    told = json.loads(run(*SOLVE, "--json").stdout)
    assert told["exact"]
    (cell,) = told["cells"]
    (tmp_path / "cell.json").write_text(json.dumps(cell), encoding="utf-8")
    circuit = read_circuit(tmp_path / "cell.json")
    assert isinstance(circuit, Circuit)
    patterns = [[value >> bit & 1 for bit in (2, 1, 0)] for value in range(8)]
    assert [int(row[0]) for row in circuit.predict(patterns, kind="bool")] == [30 >> v & 1 for v in range(8)]


def test_where_no_gates_are_shared_there_are_no_cells():
    assert "cells" not in json.loads(run("solve", "parity-2", "--jobs", "1", "--json", "--quiet").stdout)


def test_a_run_keeps_which_gates_were_shared(tmp_path):
    assert run(*SOLVE, "--out", str(tmp_path / "run")).exit_code == 0
    with np.load(tmp_path / "run" / "weights.npz") as arrays:
        assert arrays["shared_kind"].size == 32
        assert arrays["cell_0_ends"].tolist() == [10, 3, 1]


def test_an_engine_that_shares_no_gates_is_an_error_with_advice():
    told = run(*SOLVE, "--engine", "rrr")
    assert told.exit_code == 2
    assert "share gates; choose shared or auto" in told.stderr
