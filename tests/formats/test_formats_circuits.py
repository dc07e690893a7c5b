"""Circuits out of btfnet and back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import networkx
import numpy as np
import pytest
from support.naive_circuit import corner_circuits, evaluate, random_circuit

from btfnet.errors import FormatError, UsageError
from btfnet.formats import read_circuit, write_circuit
from btfnet.formats.verilog.writer import clean, identifier
from btfnet.logic.circuit import Circuit, Gate

CORNERS = {
    key: circuit.named(name=key) if circuit.name == "circuit" else circuit
    for key, circuit in corner_circuits().items()
}
RANDOM = {
    f"random{seed}": random_circuit(np.random.default_rng(seed), name=f"random{seed}") for seed in range(40)
}
CIRCUITS = {**CORNERS, **RANDOM}


def printable(circuit):
    return all(map(str.isprintable, (circuit.name, *circuit.input_names, *circuit.output_names)))


@pytest.mark.parametrize("suffix", [".json", ".graphml"])
@pytest.mark.parametrize("name", CIRCUITS)
def test_reading_what_was_written_gives_the_same_circuit(name, suffix, tmp_path):
    circuit = CIRCUITS[name]
    if suffix == ".graphml" and not printable(circuit):
        with pytest.raises(UsageError, match="GraphML cannot hold the name"):
            write_circuit(tmp_path / f"c{suffix}", circuit)
        return
    write_circuit(tmp_path / f"c{suffix}", circuit)
    assert read_circuit(tmp_path / f"c{suffix}") == circuit


# -- Verilog ----------------------------------------------------------------------------------------------


def bench(name, circuit):
    """A module that prints every output for every input, ports connected by their names."""
    from btfnet.formats.netlists.names import port_names

    inputs, outputs = port_names(circuit, clean)
    ports = [f".{identifier(port)}(x[{index}])" for index, port in enumerate(inputs)]
    ports += [f".{identifier(port)}(y[{index}])" for index, port in enumerate(outputs)]
    return (
        f"module bench_{name};\n  reg [{circuit.n_inputs}:0] x;\n  wire [{circuit.n_outputs - 1}:0] y;\n"
        f"  {identifier(clean(circuit.name))} dut ({', '.join(ports)});\n"
        f"  initial for (x = 0; x < {2**circuit.n_inputs}; x = x + 1)\n"
        f'    #1 $display("{name} %0d %b", x, y);\nendmodule\n'
    )


def test_exported_verilog_computes_the_same_outputs_on_every_input(tmp_path):
    if shutil.which("iverilog") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("iverilog is missing, and this is CI: install Icarus Verilog")
        pytest.skip("iverilog is missing: exported Verilog is not simulated")
    for name, circuit in CIRCUITS.items():
        write_circuit(tmp_path / f"{name}.v", circuit)
        (tmp_path / f"bench_{name}.v").write_text(bench(name, circuit))
    sources = [str(path) for path in sorted(tmp_path.glob("*.v"))]
    built = subprocess.run(
        ["iverilog", "-g2001", "-Wall", "-Wno-timescale", "-o", str(tmp_path / "all"), *sources],
        capture_output=True, text=True,
    )  # fmt: skip
    assert built.stderr[:2000] == ""
    assert built.returncode == 0
    printed = subprocess.run(
        ["vvp", str(tmp_path / "all")], capture_output=True, text=True, check=True
    ).stdout
    found = {name: {} for name in CIRCUITS}
    for line in printed.splitlines():
        name, number, values = line.split()
        found[name][int(number)] = [value == "1" for value in reversed(values)]
        assert set(values) <= {"0", "1"}
    for name, circuit in CIRCUITS.items():
        for number in range(2**circuit.n_inputs):
            bits = [number >> index & 1 for index in range(circuit.n_inputs)]
            assert found[name][number] == evaluate(circuit, bits), (name, number)


def test_verilog_keeps_every_name_that_it_can_hold(tmp_path):
    write_circuit(tmp_path / "c.v", CORNERS["names"])
    text = (tmp_path / "c.v").read_text()
    for port in (r"wire \a[0] ", "wire n5", "wire two_words", r"wire \module ", "wire n6"):
        assert port in text
    assert text.isascii()
    assert "module \\dash-ed_name  (" in text
    assert "wire n_5 =" in text


# -- DOT --------------------------------------------------------------------------------------------------


def test_dot_marks_negations_and_shows_gates_and_names(tmp_path):
    circuit = Circuit(
        3, (Gate(2, (1, -2)), Gate(2, (1, 2, -3)), Gate(1, (4, 5))), (6, -4), ('a"', "b\\", "c\n")
    )
    write_circuit(tmp_path / "c.dot", circuit)
    text = (tmp_path / "c.dot").read_text(encoding="utf-8")
    assert "n2 -> n4 [arrowhead=odot];" in text
    assert "n1 -> n4;" in text
    assert "n4 -> y1 [arrowhead=odot];" in text
    assert [symbol in text for symbol in ('label="&"', 'label="maj"', 'label="≥1"')] == [True] * 3
    assert [label in text for label in (r'label="a\""', r'label="b\\"', r'label="c\\n"')] == [True] * 3
    assert text.count("{") == text.count("}") == 3


# -- JSON and GraphML -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version": 1', '"version": 2', "found version 2, expected 1"),
        ('"version": 1', '"version": true', "found version True"),
        ("btfnet-circuit", "other", "this is no circuit of btfnet"),
        ('"at_least": 2', '"at_least": 2.0', "at_least of gate 0: found 2.0, expected a whole number"),
        ('"at_least": 2', '"at_least": NaN', "found NaN, expected numbers"),
        ('"at_least": 2', '"at_least": 1000000000000000000', "expected a whole number from"),
        ('"at_least": 2', '"at_least": 2, "at_least": 1', "the key 'at_least' stands twice"),
        ('"at_least": 2', '"at_most": 2', "expected exactly at_least, literals"),
        ("[1, 2, -3]", "[1, 2, -9]", "gate 4 uses node 9"),
        ("[1, 2, -3]", "[1, 2, 0]", "gate 4 uses node 0"),
        ("[1, 2, -3]", "7", "found 7, expected a list of signed node numbers"),
        ('"x1"', '"x0"', "need as many distinct names"),
        ('"x1"', "1", "input 1: found 1, expected a string"),
        ('"name": "circuit"', '"name": 1.5', "name: found 1.5, expected a string"),
        ("}]}", "}", "this is no JSON"),
        ("}]}", "}]} {}", "this is no JSON"),
        ('"node": 4', '"node": 5', "output 0 is node 5"),
    ],
)
def test_json_that_breaks_a_rule_is_rejected_with_the_rule(old, new, message, tmp_path):
    write_circuit(tmp_path / "c.json", Circuit(3, (Gate(2, (1, 2, -3)),), (4,)))
    text = (tmp_path / "c.json").read_text()
    assert old in text
    (tmp_path / "c.json").write_text(text.replace(old, new))
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_circuit(tmp_path / "c.json")
    assert str(caught.value).count("c.json") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "c.json: the JSON is not accepted"),
        ("9" * 10_000, "c.json: the JSON is not accepted: found a number of"),
        ('"\\ud800', "c.json:1: this is no JSON"),
        ("", "c.json:1: this is no JSON"),
        ("null", "c.json: this is no circuit of btfnet"),
        ("{}", "c.json: this is no circuit of btfnet"),
        ("[]", "c.json: this is no circuit of btfnet"),
    ],
)
def test_json_of_another_kind_is_rejected(text, message, tmp_path):
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)):
        read_circuit(tmp_path / "c.json")


def test_graphml_of_other_programs_is_rejected(tmp_path):
    for graph, message in (
        (networkx.path_graph(4), "the graph is a Graph"),
        (networkx.DiGraph([(1, 2)]), "the kind None"),
    ):
        networkx.write_graphml_xml(graph, tmp_path / "c.graphml")
        with pytest.raises(FormatError, match=message):
            read_circuit(tmp_path / "c.graphml")


def test_graphml_with_entities_is_rejected_before_it_is_parsed(tmp_path):
    (tmp_path / "c.graphml").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aa">]>\n<graphml>&a;</graphml>'
    )
    with pytest.raises(FormatError, match=r"c\.graphml:2: found <!DOCTYPE"):
        read_circuit(tmp_path / "c.graphml")


def test_unknown_suffixes_are_answered_with_the_known_ones(tmp_path):
    with pytest.raises(UsageError, match=r"use one of \.btf, \.json, \.graphml, \.blif, \.aag"):
        write_circuit(tmp_path / "c.xyz", CORNERS["weights"])
    with pytest.raises(UsageError, match=r"use one of \.pla, \.btf, \.json, \.graphml, \.blif, \.aag, \.aig"):
        read_circuit(tmp_path / "c.dot")
    assert not list(tmp_path.iterdir())
