"""Structural Verilog in: btfnet's own, Yosys', ABC's, gate primitives, and what is refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings

import numpy as np
import pytest
from support.cli_samples import run
from support.naive_circuit import corner_circuits, evaluate, every_input, random_circuit, table

from btfnet.errors import BtfnetWarning, FormatError
from btfnet.formats import read_circuit, write_circuit
from btfnet.formats.verilog import reader as verilog_reader
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.proof.equivalence import prove_equal
from btfnet.logic.verify import compare
from btfnet.tools.programs import available
from btfnet.tools.running import run_script

CORNERS = corner_circuits()


def read(folder, text, name="c.v", **options):
    (folder / name).write_text(text)
    return read_circuit(folder / name, **options)


@pytest.mark.parametrize("name", CORNERS)
def test_corner_circuits_read_back_compute_the_same(name, tmp_path):
    write_circuit(tmp_path / "c.v", CORNERS[name])
    assert table(read_circuit(tmp_path / "c.v")) == table(CORNERS[name])


@pytest.mark.parametrize("seed", range(40))
def test_random_circuits_read_back_compute_the_same(seed, tmp_path):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, int(rng.integers(1, 9)), int(rng.integers(0, 25)), 5, widest=20, name="m")
    write_circuit(tmp_path / "c.v", circuit)
    again = read_circuit(tmp_path / "c.v")
    assert compare(circuit, again).exact
    assert (again.input_names, again.output_names, again.name) == (
        circuit.input_names, circuit.output_names, "m",
    )  # fmt: skip


def test_gates_read_back_are_the_same_gates(tmp_path):
    gates = (
        Gate(2, (1, -2)), Gate(1, (-1, 2, 3)), Gate(2, (1, 2, -3)), Gate(3, (1, 2, 3, -4, 5)),
        Gate(4, (1, 1, 2, -3, -3, 6)), Gate(20, tuple(range(-40, 0))), Gate(40, tuple(range(1, 41))),
        Gate(1, tuple(range(1, 41))),
    )  # fmt: skip
    circuit = Circuit(40, gates, (41, -42, 43, 44, 45, 46, 47, 48), name="m")
    write_circuit(tmp_path / "c.v", circuit)
    assert read_circuit(tmp_path / "c.v") == circuit


def test_names_that_verilog_escapes_come_back(tmp_path):
    circuit = Circuit(3, (Gate(2, (1, -2)),), (4,), ("a[0]", "wire", "1st"), ("y,z",), "top")
    write_circuit(tmp_path / "c.v", circuit)
    assert read_circuit(tmp_path / "c.v") == circuit


def test_a_run_is_verified_against_its_own_netlist(tmp_path):
    write_circuit(tmp_path / "c.json", CORNERS["weights"])
    for name in ("c.v", "c.sv"):
        write_circuit(tmp_path / "c.v", CORNERS["weights"])
        (tmp_path / "c.sv").write_bytes((tmp_path / "c.v").read_bytes())
        result = run("verify", tmp_path / "c.json", tmp_path / name)
        assert (result.exit_code, "Warning" in result.stderr) == (0, False)


# -- what others write ------------------------------------------------------------------------------------

HEAD = "module m(input [2:0] a, input b, output y);\n"


@pytest.mark.parametrize(
    ("expression", "function"),
    [
        ("a[0] & ~b | a[1] ^ a[2]", lambda a, b: (a[0] and not b) or a[1] != a[2]),
        ("a[2] ~^ b", lambda a, b: a[2] == b),
        ("a[2] ^ b ^~ a[1]", lambda a, b: (a[2] != b) == a[1]),
        ("&a", lambda a, b: all(a)),
        ("~|a", lambda a, b: not any(a)),
        ("^a", lambda a, b: sum(a) % 2 == 1),
        ("~^a", lambda a, b: sum(a) % 2 == 0),
        ("~&{a, b}", lambda a, b: not (all(a) and b)),
        ("!a", lambda a, b: not any(a)),
        ("a && b || !b", lambda a, b: (any(a) and b) or not b),
        ("a == 3'd5", lambda a, b: a == [True, False, True]),
        ("a != {b, 2'b0_1}", lambda a, b: a != [True, False, b]),
        ("b ? a[0] : a[1] ? a[2] : b", lambda a, b: a[0] if b else (a[2] if a[1] else b)),
        ("a ? b : ~b", lambda a, b: b if any(a) else not b),
        ("&(a | ~{3{b}})", lambda a, b: all(a) or not b),
        ("~a == 4'b1010", lambda a, b: a == [True, False, True]),  # ~ works in four bits there
        ("a[2:1] == 2'h2", lambda a, b: a[1:] == [False, True]),
        ("(a[0] ? 2'd1 : 2'd0) + (b ? 2'd0 : 2'd2) >= 2'd2", lambda a, b: a[0] + 2 * (not b) >= 2),
        ("1'b1 & (* keep *) b // remark\n", lambda a, b: b),
        ("/* a\n b */ 8'hff ^ {7'o177, ~b}", lambda a, b: b),
    ],
)
def test_expressions_mean_what_the_standard_says(expression, function, tmp_path):
    circuit = read(tmp_path, f"{HEAD}  assign y = {expression};\nendmodule\n")
    assert circuit.input_names == ("a[0]", "a[1]", "a[2]", "b")
    for bits in every_input(4):
        assert evaluate(circuit, bits) == [bool(function(list(bits[:3]), bits[3]))]


@pytest.mark.parametrize("kind", ["and", "nand", "or", "nor", "xor", "xnor"])
def test_primitives_of_iscas(kind, tmp_path):
    functions = {"and": all, "or": any, "xor": lambda row: sum(row) % 2 == 1}
    negated = kind in ("nand", "nor", "xnor")
    function = functions[{"nand": "and", "nor": "or", "xnor": "xor"}.get(kind, kind)]
    head = "module c17 (N1,N2,N3,N4);\ninput N1,N2,N3;\noutput N4;\nwire N5;\n"
    circuit = read(tmp_path, f"{head}{kind} NAME_1 (N5, N1, N2, N3), (N4, N5);\nendmodule")
    for bits in every_input(3):
        inner = bool(function(bits)) != negated
        assert evaluate(circuit, bits) == [bool(function([inner])) != negated]


def test_buffers_inverters_and_implicit_wires(tmp_path):
    head = "module m(a, y, z, w);\n input a;\n output y, z, w;\n"
    gates = " not (t, a);\n buf b1 (y, z, t);\n not n(w, t);\nendmodule\n"
    assert table(read(tmp_path, head + gates)) == [[not a, not a, a] for a in (False, True)]


def test_vectors_of_both_directions_and_parts_on_the_left(tmp_path):
    text = (
        "module m(input [1:0] a, input [0:1] b, output [3:0] y, output wire [0:1] z);\n"
        "  wire [1:0] t = a ^ b;\n  assign {y[3:2], y[0]} = {t, a[1]};\n"
        "  assign y[1] = b[0];\n  assign z = a;\nendmodule\n"
    )
    circuit = read(tmp_path, text)
    assert circuit.input_names == ("a[0]", "a[1]", "b[1]", "b[0]")
    assert circuit.output_names == ("y[0]", "y[1]", "y[2]", "y[3]", "z[1]", "z[0]")
    for a0, a1, b1, b0 in every_input(4):
        assert evaluate(circuit, (a0, a1, b1, b0)) == [a1, b0, a0 != b1, a1 != b0, a0, a1]


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        (2, "assign y = q;", "'q' is used here, but nothing drives it"),
        (3, "assign y = b;\nassign y = a[0];", "'y' is driven on line 2, and here once more"),
        (3, "assign y = b;\nassign b = a[0];", "'b' is an input, and here once more"),
        (3, "wire t;\nassign t = y, y = t;", "'t' depends on itself"),
        (1, "assign z = b;", "the output 'y' is driven by nothing"),
        (2, "wire b;\nwire [1:0] y;\nassign y = b;", "'y' is declared twice, before on line 1"),
        (2, "input q;\nassign y = b;", "'q' is an input, but no port of the module"),
    ],
)
def test_verilog_that_is_wrong_names_the_line(line, text, message, tmp_path):
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read(tmp_path, f"{HEAD}{text}\nendmodule\n")
    assert caught.value.line == (3 if "wire [1:0] y" in text else line)


BEYOND = {
    "always @(*) y = b;": "found 'always'",
    "assign y = a < b;": "found '<'",
    "assign y = a - b;": "found '-'",
    "assign y = a + b == 3;": "found a sum that is not compared with a number",
    "assign y = 1'bx;": "which is no known value",
    "assign y = a[3];": "found bits [3] of 'a', which has 2 to 0",
    "assign y = b[0];": "found bits of 'b', which is declared as a single one",
    "sub s1 (.a(b), .y(y));": "found an instance of 'sub', which is no module of the file",
    "assign #1 y = b;": "found '#'",
    "assign y = (a[0] ? 2'd3 : 2'd0) + (b ? 2'd1 : 2'd0) >= 2'd2;": "found a sum that may overflow",
    f"assign y = {'~(' * 300}b{')' * 300};": "found an expression of more than 100 levels",
    "assign y = b;\nendmodule\nmodule n(input a);": "found several modules, of which none is the one",
}


@pytest.mark.parametrize("text", BEYOND)
def test_verilog_beyond_the_subset_is_refused_with_line_and_advice(text, tmp_path, monkeypatch):
    monkeypatch.setattr(verilog_reader, "available", lambda program: False)
    with pytest.raises(FormatError, match=re.escape(BEYOND[text])) as caught:
        read(tmp_path, f"{HEAD}{text}\nendmodule\n")
    assert caught.value.line == (None if "module n" in text else 2)
    assert "With Yosys (pip install 'btfnet[hw]') all synthesizable Verilog is read." in str(caught.value)


# -- with and against Yosys and ABC -----------------------------------------------------------------------


def needs_yosys():
    if not available("yosys"):
        pytest.skip("Yosys is missing")


def test_what_is_beyond_the_subset_is_read_through_yosys_with_a_warning(tmp_path):
    needs_yosys()
    head = "module m(input [1:0] a, b, output [2:0] s, output less);\n"
    text = f"{head}assign s = a + b;\nassign less = a < b;\nendmodule\n"
    with pytest.warns(BtfnetWarning, match=r"c\.v:3: found '<', .* so Yosys reads the file"):
        circuit = read(tmp_path, text)
    for bits in every_input(4):
        a, b = bits[0] + 2 * bits[1], bits[2] + 2 * bits[3]
        assert evaluate(circuit, bits) == [bool((a + b) >> i & 1) for i in range(3)] + [a < b]


def test_flip_flops_are_cut_through_yosys(tmp_path):
    needs_yosys()
    text = "module m(input clk, d, output reg q);\nalways @(posedge clk) q <= d ^ q;\nendmodule\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BtfnetWarning)
        with pytest.raises(FormatError, match=r"c\.v: as Yosys reads it, 'q' is a latch.*--cut-latches"):
            read(tmp_path, text)
        circuit = read(tmp_path, text, cut_latches=True)
    assert (circuit.input_names, circuit.output_names) == (("clk", "d", "q"), ("q", "q_next"))
    assert table(circuit) == [[q, d != q] for _, d, q in every_input(3)]


def test_what_neither_reads_has_both_reasons(tmp_path):
    needs_yosys()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BtfnetWarning)
        with pytest.raises(FormatError, match=r"c\.v:2: found ';'.*and Yosys does not read it"):
            read(tmp_path, f"{HEAD}assign y = a &;\nendmodule\n")


WRITTEN = (
    "techmap; simplemap; opt_clean; write_verilog",
    "techmap; abc; opt_clean; write_verilog -noattr",
    "techmap; abc -g AND,NAND,OR,NOR,XOR,XNOR,MUX,AOI3,OAI3; opt_clean; write_verilog -noattr",
    "techmap; abc -lut 4; techmap; opt; write_verilog",
)


@pytest.mark.parametrize("script", WRITTEN)
@pytest.mark.parametrize("seed", range(3))
def test_what_yosys_writes_is_read_and_proven_equal(script, seed, tmp_path):
    needs_yosys()
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, 6, 12, 4, widest=6, name="m")
    write_circuit(tmp_path / "c.v", circuit)
    commands = script.replace("; ", "\n")
    run_script("yosys", f"read_verilog c.v\nproc\nopt\n{commands} out.v\n", seconds=60, cwd=tmp_path)
    found = read_circuit(tmp_path / "out.v")
    assert (found.input_names, found.output_names) == (circuit.input_names, circuit.output_names)
    assert prove_equal(circuit, found).equal


@pytest.mark.parametrize("seed", range(6))
def test_what_abc_writes_is_read_and_proven_equal(seed, tmp_path):
    program = shutil.which("berkeley-abc")
    if program is None:
        pytest.skip("ABC is missing")
    circuit = random_circuit(np.random.default_rng(seed), 6, 12, 4, widest=6, name="m")
    write_circuit(tmp_path / "c.blif", circuit)
    script = "read_blif c.blif; write_verilog a.v; strash; dch; write_verilog b.v; mfs; write_verilog d.v"
    subprocess.run([program, "-c", script], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    for name in ("a.v", "b.v"):
        found = read_circuit(tmp_path / name)
        assert found.input_names == circuit.input_names
        assert prove_equal(circuit, found).equal


def test_of_modules_that_do_not_use_each_other_none_is_picked(tmp_path):
    """Yosys took one of them without a word, and what was compared was not what was meant."""
    needs_yosys()
    ports = "(input a, input b, output y);"
    one, other = (
        f"module m{ports} assign y = a & b; endmodule",
        f"module n{ports} assign y = a | b; endmodule",
    )
    (tmp_path / "two.v").write_text(f"// module k uses m\n{one}\n{other}\n")
    with pytest.raises(FormatError, match="no module uses another one of 'm', 'n'"):
        read_circuit(tmp_path / "two.v")
