"""Files that btfnet wrote before its rooms were moved, at commit 98263c5, read as they did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from support.cli_samples import run

import btfnet
from btfnet.formats import read_circuit, read_items, read_network

OLD = Path(__file__).parents[1] / "support" / "files_of_0_1"
ROWS = np.array([[n >> 2 & 1, n >> 1 & 1, n & 1] for n in range(8)])
SUM, CARRY = ROWS.sum(axis=1) % 2, ROWS.sum(axis=1) // 2
ADDER = np.stack([SUM, CARRY], axis=1)


@pytest.mark.parametrize("suffix", [".json", ".btf", ".blif", ".aag", ".aig", ".bench", ".v", ".graphml"])
def test_circuits_compute_what_they_did(suffix):
    circuit = read_circuit(OLD / f"adder{suffix}")
    assert (circuit.input_names, circuit.output_names) == (("a", "b", "c"), ("sum", "carry"))
    assert np.array_equal(circuit.predict(ROWS), ADDER)
    assert np.array_equal(btfnet.load_model(OLD / f"adder{suffix}").predict(ROWS), ADDER)


@pytest.mark.parametrize("suffix", [".dat", ".csv", ".npy", ".npz"])
def test_items_are_what_they_were(suffix):
    items = read_items(OLD / f"adder{suffix}", n_inputs=3)
    assert np.array_equal(items.inputs, 2 * ROWS - 1)
    assert np.array_equal(items.outputs, 2 * ADDER - 1)
    assert items.output_names == (("sum", "carry") if suffix in (".csv", ".npz") else ())


def test_a_network_has_its_weights():
    network, weights = read_network(OLD / "net.sol")
    assert (network.n_inputs, network.n_outputs, network.n_edges) == (3, 2, 14)
    assert np.array_equal(weights, np.linspace(-1, 1, 14))


def test_a_classifier_says_the_same():
    """A `.btf` file of version 2."""
    classifier = btfnet.load_classifier(OLD / "classes.btf")
    assert classifier.predict([[0.5, 0.1], [-1, 1], [0.3, 0.4]]).tolist() == [0, 1, 1]


def test_the_folder_of_a_run_is_a_model_with_its_items():
    assert np.array_equal(btfnet.load_model(OLD / "run").predict(ROWS), ADDER)
    assert run("verify", OLD / "run", "--json").exit_code == 0
    assert run("inspect", OLD / "run").exit_code == 0


def test_a_search_that_was_stopped_goes_on_from_its_checkpoint(tmp_path):
    folder = shutil.copytree(OLD / "stopped", tmp_path / "stopped")
    before = (folder / "trace.csv").read_text().splitlines()
    result = run("solve", "--data", OLD / "adder.csv", "--widths", "3,2", "--engine", "rrr", "--beta", "0.3",
                 "--gamma", "0.01", "--sigma", "3", "--trials", "1", "--jobs", "1", "--time-limit", "0.5",
                 "--out", folder, "--resume")  # fmt: skip
    assert result.exit_code == 3, result.output
    after = (folder / "trace.csv").read_text().splitlines()
    assert after[: len(before)] == before, "a search that begins anew takes other seconds for the same rows"
    assert json.loads((folder / "run.json").read_text())["trials"][0]["iterations"] > 2882
