"""What items, inputs and nodes cost (scripts/studies/growth): what is planted, and how exponents are fitted."""

import numpy as np
import pytest

from btfnet import Problem, verify_items
from scripts.studies.growth import planted as plants
from scripts.studies.growth import report, study
from scripts.studies.growth.fits import growth, series, upper_half
from scripts.studies.growth.picture import picture


def test_an_exponent_is_that_of_the_power_the_costs_are_of():
    sizes = [10, 30, 100, 1000]
    exact = growth(sizes, [3 * size**1.5 for size in sizes])
    assert exact.exponent == pytest.approx(1.5)
    assert exact.error == pytest.approx(0, abs=1e-9)
    noisy = growth(
        sizes, [3 * size**1.5 * factor for size, factor in zip(sizes, (1, 1.2, 0.9, 1.1), strict=True)]
    )
    assert noisy.exponent == pytest.approx(1.5, abs=0.1)
    assert 0.01 < noisy.error < 0.1


def test_items_in_pieces_are_what_the_planted_circuit_says(monkeypatch):
    monkeypatch.setattr(plants, "PIECE", 64 * 40)
    circuit = plants.planted(40, np.random.default_rng(0))
    assert len(circuit.gates) == 6
    assert len({abs(literal) for gate in circuit.gates[:4] for literal in gate.literals}) == 12
    pieces = list(plants.items_of(circuit, 200, np.random.default_rng(1)))
    assert [len(inputs) for inputs, _ in pieces] == [64, 64, 64, 8]
    inputs, outputs = (np.concatenate(part) for part in zip(*pieces, strict=True))
    assert verify_items(circuit, inputs, outputs).exact
    assert 0.3 < outputs.mean() < 0.7
    _, noisy = next(plants.items_of(circuit, 64, np.random.default_rng(1), noise=1.0))
    assert (noisy != outputs[:64]).all()


def test_a_problem_has_the_size_that_was_asked_for():
    for kind in study.KINDS:
        problem = study.problem_of(kind, 130, 20, 5)
        assert isinstance(problem, Problem)
        assert (problem.n_items, problem.network.n_inputs, problem.network.n_hidden) == (130, 20, 5)
        assert problem.items.packed is not None


def test_rows_become_tables_and_a_picture():
    rows = [
        {"kind": kind, "items": items, "inputs": inputs, "nodes": nodes, "sweep": 1e-9 * items * nodes,
         "before": 0, "peak": 10 * items * inputs}
        for kind, items, inputs, nodes in study.sizes()
    ]  # fmt: skip
    assert [row["items"] for row in series(rows, "free", "items")] == list(study.SERIES["items"])
    assert len(upper_half(series(rows, "free", "nodes"), "nodes")) == 6
    assert "| 1 000 000 | 16 | 16 | 610 | 610 |" in report.table(rows, "items")
    assert "| nodes | free network | 1.00 ± 0.00 | 1.00 ± 0.00 | 0.00 ± 0.00 |" in report.exponents(rows)
    assert picture(rows).count("<polyline") == 12
