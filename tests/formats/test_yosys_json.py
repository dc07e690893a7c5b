"""`.yosys.json`: what Yosys makes of our Verilog."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from support.cli_samples import run
from support.naive_circuit import corner_circuits, every_input, table
from support.spec_pages import block, reader

from btfnet import formats
from btfnet.errors import ToolMissing, UsageError
from btfnet.formats import read_circuit, write_circuit
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.training_fit import TrainingFit
from btfnet.tools import programs

needs_yosys = pytest.mark.skipif(not programs.available("yosys"), reason="Yosys is missing")
EXAMPLE = Circuit(2, (Gate(2, (1, -2)),), (3, -3), ("a", "b"), ("y", "z[0]"), "example")


def shape(text):
    """What every version of Yosys writes alike: ports, and cells by type."""
    ((name, module),) = json.loads(text)["modules"].items()
    types = sorted(cell["type"] for cell in module["cells"].values())
    return (
        name,
        list(module["ports"]),
        types,
        sorted(module["netnames"].keys() & {"a", "b", "n3", "y", "z[0]"}),
    )


@needs_yosys
def test_the_worked_example_is_what_yosys_writes(tmp_path):
    write_circuit(tmp_path / "x.yosys.json", EXAMPLE)
    printed = block("yosys_json", "Worked example", "text")
    assert shape((tmp_path / "x.yosys.json").read_text()) == shape(printed)
    (tmp_path / "page.json").write_text(printed)
    compute = reader("yosys_json")(tmp_path / "page.json")
    assert [compute(list(bits)) for bits in every_input(2)] == table(EXAMPLE)


@needs_yosys
@pytest.mark.parametrize("name", corner_circuits())
def test_reader_printed_in_the_page_computes_the_same_function(name, tmp_path):
    circuit = corner_circuits()[name]
    write_circuit(tmp_path / "x.Yosys.JSON", circuit)
    compute = reader("yosys_json")(tmp_path / "x.Yosys.JSON")
    assert [compute(list(bits)) for bits in every_input(circuit.n_inputs)] == table(circuit)


@needs_yosys
def test_the_module_says_how_far_it_reproduces_its_training_items(tmp_path):
    for fit in (TrainingFit(3, 64, 2, 16), TrainingFit(0, 64, 0, 16)):
        write_circuit(tmp_path / "x.yosys.json", replace(EXAMPLE, training=fit))
        ((_, module),) = json.loads((tmp_path / "x.yosys.json").read_text())["modules"].items()
        assert module["attributes"]["training"] == str(fit)


@needs_yosys
def test_names_survive_and_no_path_of_this_machine_does(tmp_path):
    circuit = Circuit(2, (Gate(2, (1, -2)),), (3, -1), ("a[0]", "module"), ("y.z", "\\"), "a-b")
    write_circuit(tmp_path / "x.yosys.json", circuit)
    text = (tmp_path / "x.yosys.json").read_text()
    ((name, module),) = json.loads(text)["modules"].items()
    assert (name, list(module["ports"])) == ("a-b", ["a[0]", "module", "y.z", "\\\\"])
    assert not re.search(r"/tmp|/home|btfnet-", text)


def test_only_the_whole_suffix_means_yosys(tmp_path):
    (tmp_path / "c.json").write_text("{}")
    with pytest.raises(
        UsageError, match=r"c\.yosys\.json: .* reading circuits; use one of \.pla, \.btf, \.json"
    ):
        read_circuit(tmp_path / "c.yosys.json")
    write_circuit(tmp_path / "yosys.json", EXAMPLE)
    assert read_circuit(tmp_path / "yosys.json") == EXAMPLE
    assert formats.spec(".yosys.json") == formats.spec("yosys_json")


def test_without_yosys_the_old_file_stays_and_the_error_says_what_to_install(tmp_path, monkeypatch):
    def missing(name):
        raise ToolMissing(f"{name} is not on this machine. Install it: pip install 'btfnet[hw]'.")

    monkeypatch.setattr("btfnet.tools.running.find", missing)
    write_circuit(tmp_path / "c.json", EXAMPLE)
    (tmp_path / "x.yosys.json").write_text("old")
    result = run("export", tmp_path / "c.json", tmp_path / "x.yosys.json", "--force")
    assert result.exit_code == 1
    assert "yosys is not on this machine. Install it: pip install" in result.stderr
    assert (tmp_path / "x.yosys.json").read_text() == "old"
