"""Logic synthesis from the command line: export, solve and inspect."""

from importlib.util import find_spec

import pytest
from support.circuit_samples import multiplier
from support.cli_samples import FakeSolve, run, saved_half_adder, strict_json, write_csv
from support.synthesis_samples import pretend

from btfnet import DataError, formats
from btfnet.logic.verify import compare
from btfnet.synthesis import abc, in_process

needs_aigverse = pytest.mark.skipif(find_spec("aigverse") is None, reason="aigverse is not installed")


@pytest.fixture
def no_tools(monkeypatch):
    monkeypatch.setattr(in_process, "find_spec", lambda name: None)
    monkeypatch.setattr(abc, "candidates", lambda name: iter(()))


# -- the command line -------------------------------------------------------------------------------------


@needs_aigverse
def test_export_optimises_and_says_by_how_much(tmp_path):
    formats.write_circuit(tmp_path / "multiplier.json", multiplier(2))
    result = run(
        "export", tmp_path / "multiplier.json", tmp_path / "out.blif", "--optimise", "--tool", "aigverse"
    )
    assert result.exit_code == 0
    assert "Before    10 Ands" in result.stderr
    assert "After     8 Ands" in result.stderr
    made = formats.read_circuit(tmp_path / "out.blif")
    assert compare(multiplier(2), made).exact
    assert len(made.gates) == 8


def test_an_unknown_suffix_is_told_before_the_work(monkeypatch, tmp_path):
    pretend(monkeypatch, lambda graph, seconds: pytest.fail("it was optimised"))
    result = run("export", saved_half_adder(tmp_path), tmp_path / "out.xyz", "--optimise")
    assert result.exit_code == 2
    assert "the suffix names no known format" in result.stderr


def test_without_the_extra_nothing_is_written_and_the_way_to_install_it_is_said(no_tools, tmp_path):
    result = run("export", saved_half_adder(tmp_path), tmp_path / "out.v", "--optimise")
    assert result.exit_code == 1
    assert "pip install 'btfnet[hw]'" in result.stderr
    assert not (tmp_path / "out.v").exists()


def test_solve_asks_for_the_tools_before_it_searches(monkeypatch, no_tools, tmp_path):
    fake = FakeSolve(monkeypatch)
    data = write_csv(tmp_path / "adder.csv")
    result = run("solve", "--data", data, "--widths", "2,2,2", "--netlist", "v", "--optimise")
    assert result.exit_code == 1
    assert "pip install 'btfnet[hw]'" in result.stderr
    assert fake.calls == []


def test_options_that_would_do_nothing_are_refused(tmp_path):
    result = run("export", saved_half_adder(tmp_path), tmp_path / "out.v", "--tool", "abc")
    assert (result.exit_code, "belong to --optimise" in result.stderr) == (2, True)
    result = run("solve", "multiplier-2x2", "--optimise")
    assert (result.exit_code, "add --out DIR or --netlist FORMAT" in result.stderr) == (2, True)


@pytest.fixture
def solved(monkeypatch, tmp_path):
    FakeSolve(monkeypatch)
    data = write_csv(tmp_path / "adder.csv")
    return lambda: run(
        "solve", "--data", data, "--widths", "2,2,2", "--out", tmp_path / "run", "--optimise", "--json"
    )


def test_solve_saves_the_optimised_netlist_beside_the_model_as_learned(monkeypatch, solved, tmp_path):
    pretend(monkeypatch, lambda graph, seconds: graph)
    result = solved()
    assert result.exit_code == 0
    assert strict_json(result.stdout)["optimised"]["after"]["ands"] == 3
    model = formats.read_circuit(tmp_path / "run" / "circuit.json")
    assert "or" in model.counts()
    assert "|" not in (tmp_path / "run" / "circuit.v").read_text()


def test_a_search_is_saved_though_its_netlist_cannot_be_optimised(monkeypatch, solved, tmp_path):
    pretend(monkeypatch)

    def fail(*_, **__):
        raise DataError("no.")

    monkeypatch.setattr("btfnet.cli.optimising.optimise", fail)
    result = solved()
    assert result.exit_code == 0
    assert "Warning: the netlist is not optimised. no." in result.stderr
    assert strict_json(result.stdout)["optimised"] is None
    assert (tmp_path / "run" / "circuit.v").exists()


def test_inspect_says_what_a_circuit_costs_in_hardware(tmp_path):
    model = saved_half_adder(tmp_path)
    assert strict_json(run("inspect", model, "--json").stdout)["hardware"] == {
        "ands": 3, "and_depth": 2, "luts": 2, "lut_depth": 1,
    }  # fmt: skip
    assert "Hardware  3 Ands in 2 levels, 2 LUT6 in 1" in run("inspect", model).stdout
