"""Netlists that ABC and Yosys wrote are read, and ABC reads what btfnet writes; skipped without these programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, every_input, random_circuit

from btfnet.errors import FormatError
from btfnet.formats import read_circuit, read_items, write_circuit

ABC = shutil.which("berkeley-abc") or shutil.which("abc") or shutil.which("yosys-abc")
YOSYS = shutil.which("yosys")


def circuits():
    """By name; with ports that these programs can name."""
    found = {name: circuit for name, circuit in corner_circuits().items() if circuit.n_inputs}
    for seed in range(25):
        rng = np.random.default_rng(seed)
        n_inputs, n_gates = int(rng.integers(1, 9)), int(rng.integers(0, 15))
        found[f"random{seed}"] = random_circuit(rng, n_inputs, n_gates, widest=9)
    named = {}
    for name, circuit in found.items():
        ports = [f"in{i}" for i in range(circuit.n_inputs)], [f"out{i}" for i in range(circuit.n_outputs)]
        named[name] = circuit.named(name=name, inputs=tuple(ports[0]), outputs=tuple(ports[1]))
    return named


CIRCUITS = circuits()


def run(program, *arguments):
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("berkeley-abc or yosys is missing, and this is CI: install them")
        pytest.skip("berkeley-abc or yosys is missing")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def agree(circuit, other):
    """The same function of the inputs and outputs of the same names, in whatever order."""
    assert sorted(other.input_names) == sorted(circuit.input_names)
    assert sorted(other.output_names) == sorted(circuit.output_names)
    inputs = np.array(every_input(circuit.n_inputs)).reshape(-1, circuit.n_inputs)
    given = [circuit.input_names.index(name) for name in other.input_names]
    asked = [circuit.output_names.index(name) for name in other.output_names]
    return np.array_equal(circuit.predict(inputs)[:, asked], other.predict(inputs[:, given]))


def abc(directory, commands):
    """Run ABC on a script; every command must have succeeded."""
    (directory / "script").write_text("\n".join(commands) + "\n")
    said = run(ABC, "-f", str(directory / "script"))
    assert not re.search("failed|error|cannot|wrong", said, re.I), said


def test_abc_reads_what_btfnet_writes_and_btfnet_what_abc_writes(tmp_path):
    commands = []
    for name, circuit in CIRCUITS.items():
        path = tmp_path / name
        for suffix in (".bench", ".aig", ".blif"):
            write_circuit(f"{path}{suffix}", circuit)
        commands += [f"read_bench {path}.bench", f"write_bench {path}.lut.bench", f"write_blif {path}.a.blif"]
        commands += ["strash", f"write_bench -l {path}.and.bench", f"write_aiger -s {path}.s.aig"]
        commands += ["if -K 6", f"write_bench {path}.lut6.bench", f"write_blif {path}.lut6.blif"]
        commands += [f"read_aiger {path}.aig", f"write_blif {path}.b.blif"]
        commands += [f"read_blif {path}.blif", f"write_blif {path}.c.blif", f"write_bench {path}.c.bench"]
    abc(tmp_path, commands)
    written = (
        "lut.bench",
        "a.blif",
        "and.bench",
        "s.aig",
        "lut6.bench",
        "lut6.blif",
        "b.blif",
        "c.blif",
        "c.bench",
    )
    for name, circuit in CIRCUITS.items():
        for suffix in written:
            assert agree(circuit, read_circuit(tmp_path / f"{name}.{suffix}")), (name, suffix)


def test_every_name_that_the_writers_keep_is_one_that_abc_reads(tmp_path):
    signs = "".join(map(chr, range(33, 127)))
    names = [f"{sign}a{index}" for index, sign in enumerate(signs)]
    names += [f"b{index}{sign}" for index, sign in enumerate(signs)]
    names += [
        "INPUT",
        "OUTPUT5",
        "input",
        "vdd",
        "gnd",
        "n5",
        "n5_not",
        "LUT",
        "x y",
        "ü",
        "",
        "names",
        ".end",
    ]
    circuit = random_circuit(np.random.default_rng(5), len(names), 60, len(names), widest=40)
    circuit = circuit.named(inputs=tuple(names), outputs=tuple(names))
    commands = []
    for suffix, kind in ((".bench", "bench"), (".aig", "aiger")):
        write_circuit(tmp_path / f"c{suffix}", circuit)
        commands += [f"read_{kind} {tmp_path}/c{suffix}", f"write_aiger -s {tmp_path}/{kind}.aig"]
        commands.insert(-1, "strash")
    abc(tmp_path, commands)
    for suffix, kind in ((".bench", "bench"), (".aig", "aiger")):
        ours, theirs = read_circuit(tmp_path / f"c{suffix}"), read_circuit(tmp_path / f"{kind}.aig")
        assert (theirs.input_names, theirs.output_names) == (ours.input_names, ours.output_names)


def test_tables_that_abc_writes_are_items_of_the_circuit(tmp_path):
    commands = []
    for name, circuit in CIRCUITS.items():
        write_circuit(tmp_path / f"{name}.blif", circuit)
        commands += [f"read_blif {tmp_path}/{name}.blif", "collapse", f"write_pla {tmp_path}/{name}.pla"]
    abc(tmp_path, commands)
    for name, circuit in CIRCUITS.items():
        items = read_items(tmp_path / f"{name}.pla")
        assert (items.n_items, items.care) == (2**circuit.n_inputs, None)
        assert (items.input_names, items.output_names) == (circuit.input_names, circuit.output_names)
        assert np.array_equal(circuit.predict(items.inputs, kind="signs"), items.outputs), name


def test_abc_and_btfnet_take_a_table_for_the_same_function(tmp_path):
    commands = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        n_inputs, n_outputs = 1 + seed % 7, 1 + seed % 3
        lines = [
            "".join(rng.choice(list("01--"), n_inputs)) + " " + "".join(rng.choice(list("01"), n_outputs))
            for _ in range(1 + seed)
        ]
        text = [f".i {n_inputs}", f".o {n_outputs}", f".p {len(lines)}", *lines, ".e", ""]
        (tmp_path / f"t{seed}.pla").write_text("\n".join(text))
        commands += [f"read_pla {tmp_path}/t{seed}.pla", f"write_blif {tmp_path}/t{seed}.blif"]
    abc(tmp_path, commands)
    for seed in range(12):
        items, circuit = read_items(tmp_path / f"t{seed}.pla"), read_circuit(tmp_path / f"t{seed}.blif")
        assert items.n_items == 2**circuit.n_inputs
        assert np.array_equal(circuit.predict(items.inputs, kind="signs"), items.outputs)


def test_netlists_that_yosys_writes_are_read(tmp_path):
    script, some = [], dict(list(CIRCUITS.items())[::2])
    for name, circuit in some.items():
        path = tmp_path / name
        write_circuit(f"{path}.v", circuit)
        script += [f"read_verilog {path}.v", f"hierarchy -top {name}", "proc; flatten; techmap; opt_clean"]
        script += [f"write_blif {path}.a.blif", "aigmap; clean", f"write_blif {path}.b.blif"]
        script += [
            f"write_aiger -symbols {path}.aig",
            f"write_aiger -ascii -symbols {path}.aag",
            "design -reset",
        ]
    (tmp_path / "script.ys").write_text("\n".join(script) + "\n")
    run(YOSYS, "-q", "-s", str(tmp_path / "script.ys"))
    for name, circuit in some.items():
        for suffix in (".a.blif", ".b.blif", ".aig", ".aag"):
            assert agree(circuit, read_circuit(tmp_path / f"{name}{suffix}")), (name, suffix)


@pytest.mark.parametrize("suffix", [".aag", ".aig"])
def test_mockturtle_reads_aiger_of_btfnet_and_btfnet_reads_its(suffix, tmp_path):
    io = pytest.importorskip("aigverse.io")
    load = io.read_aiger_into_aig if suffix == ".aig" else io.read_ascii_aiger_into_aig
    for name, circuit in CIRCUITS.items():
        write_circuit(tmp_path / f"{name}{suffix}", circuit)
        io.write_aiger(load(str(tmp_path / f"{name}{suffix}")), str(tmp_path / f"{name}.again.aig"))
        assert agree(circuit, read_circuit(tmp_path / f"{name}.again.aig")), name


def test_a_library_netlist_of_yosys_is_refused_with_what_to_do(tmp_path):
    write_circuit(tmp_path / "c.v", CIRCUITS["weights"])
    commands = f"read_verilog {tmp_path}/c.v; techmap; aigmap; clean; write_blif -icells {tmp_path}/c.blif"
    run(YOSYS, "-q", "-p", commands)
    with pytest.raises(FormatError, match=r"another model, '\$_\w+_', is used here.*Flatten it first"):
        read_circuit(tmp_path / "c.blif")
