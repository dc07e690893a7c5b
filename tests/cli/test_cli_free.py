"""`btfnet solve` without widths: a free network, its report, its run folder, and going on with it."""

from __future__ import annotations

import numpy as np
import pytest
from support.cli_samples import FakeSolve, run, strict_json, write_csv

import btfnet
from btfnet.errors import DataError, FormatError
from btfnet.formats.authors.net import read_network, write_network
from btfnet.formats.toml.problem import read_problem_file
from btfnet.problem.network import Network

FILE = 'format = 1\nname = "mine"\n[data]\nfile = "adder.csv"\ninputs = 2\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "adder.csv")
    (tmp_path / "adder.toml").write_text(FILE)
    (tmp_path / "same.csv").write_text("in:a,in:b,out:c,out:d\n0,0,0,1\n0,1,1,1\n1,0,0,0\n1,1,1,0\n")
    return tmp_path


@pytest.mark.parametrize(
    "given", [
        ("--data", "adder.csv", "--inputs", "2"), ("--data", "adder.csv", "--inputs", "2", "--widths", "auto"),
        ("multiplier-2x2", "--widths", "auto"), ("adder.toml",),
    ], ids=" ".join,
)  # fmt: skip
def test_where_no_widths_are_given_the_network_grows(monkeypatch, given):
    fake = FakeSolve(monkeypatch, circuit=None, exact=False)
    run("solve", *given, "--all-trials", "--circuits", "2", "--quiet")
    network = fake.problem.network
    assert network == Network.free(network.n_inputs, network.n_outputs)
    assert fake.options["all_trials"]
    assert fake.options["circuits"] == 2


def test_widths_that_are_given_are_binding(monkeypatch):
    fake = FakeSolve(monkeypatch, circuit=None, exact=False)
    run("solve", "--data", "adder.csv", "--widths", "2,3,2", "--quiet")
    assert fake.problem.network == Network.layered([2, 3, 2])
    run("solve", "multiplier-2x2", "--quiet")
    assert fake.problem.network == Network.layered([4, 4, 4, 4])


@pytest.mark.needs_jit
def test_the_report_and_the_json_say_what_was_tried_and_kept(tmp_path):
    command = (
        "solve",
        "--data",
        "adder.csv",
        "--inputs",
        "2",
        "--trials",
        "3",
        "--jobs",
        "1",
        "--out",
        "run",
    )
    text = run(*command).stdout
    assert "Network   free: " in text
    assert " hidden nodes tried, " in text
    assert "gates kept" in text or "gate kept" in text
    record = strict_json((tmp_path / "run" / "run.json").read_text())
    widths = record["widths"]
    assert widths["free"]
    assert widths["kept"][0] == widths["kept"][2] == 2
    assert widths["kept"] in [tried["widths"] for tried in widths["tried"]]
    assert sum(tried["trials"] for tried in widths["tried"]) == len(record["trials"])
    assert record["copies_inputs"] is False
    again = run(*command, "--resume")
    assert again.stdout == text
    assert run("verify", "run").exit_code == 0
    with np.load(tmp_path / "run" / "weights.npz") as saved:
        network = Network.free(2, 2, widths["kept"][1])
        assert saved["weights"].shape == (network.n_edges,)
        assert np.array_equal(saved["fan_in"], network.fan_in)


@pytest.mark.needs_jit
def test_a_circuit_that_only_copies_inputs_says_so():
    found = run("solve", "--data", "same.csv", "--trials", "2", "--jobs", "1")
    assert found.exit_code == 0
    assert (
        "every output of the circuit is an input or its complement: it computes nothing; where"
        in found.stdout
    )
    assert "give --widths, which are binding." in found.stdout
    record = strict_json(run("solve", "--data", "same.csv", "--trials", "2", "--jobs", "1", "--json").stdout)
    assert record["copies_inputs"] is True
    given = run("solve", "--data", "same.csv", "--widths", "2,2", "--trials", "2", "--jobs", "1").stdout
    assert "it computes nothing." in given
    assert "binding" not in given


def test_a_problem_file_without_a_network_is_free(tmp_path):
    assert read_problem_file("adder.toml").network is None
    (tmp_path / "auto.toml").write_text(FILE + '[network]\nwidths = "auto"\n')
    for name in ("adder.toml", "auto.toml"):
        assert btfnet.load(name).problem.network == Network.free(2, 2)
    assert "free: as many nodes as it takes" in run("problems", "adder.toml").stdout
    (tmp_path / "empty.toml").write_text(FILE + "[network]\n")
    with pytest.raises(FormatError, match='must have one of "widths", "edges" and "cell"'):
        read_problem_file("empty.toml")
    (tmp_path / "codes.toml").write_text(
        'format = 1\nname = "codes"\n[data]\ngenerator = "decoder"\nbits = 8\n'
    )
    with pytest.raises(FormatError, match="do not say how many inputs are to be found; add"):
        btfnet.load("codes.toml")


def test_a_free_network_is_written_and_read_but_not_one_that_has_no_nodes_yet(tmp_path):
    network = Network.free(3, 2, 4)
    weights = np.random.default_rng(0).normal(size=network.n_edges)
    write_network(tmp_path / "x.net", network, weights)
    found, read = read_network(tmp_path / "x.net")
    assert found == network
    assert np.array_equal(read, weights)
    growing = Network.free(3, 2)
    with pytest.raises(DataError, match="no hidden nodes yet; write the one that a search found"):
        write_network(tmp_path / "y.net", growing, np.zeros(growing.n_edges))
