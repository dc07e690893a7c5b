"""Verilog of several modules: what is written of wide gates that recur, and hierarchies that are read."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest

from btfnet.errors import FormatError
from btfnet.formats import read_circuit, write_circuit
from btfnet.formats.verilog import reader as verilog_reader
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.proof.equivalence import prove_equal
from btfnet.tools.programs import available
from btfnet.tools.running import run_script


def windows(names=(), name="m"):
    """Six windows of three kinds over 24 inputs, of which one kind is seen four times, and a gate over them."""
    signs = [np.where(np.random.default_rng(kind).random(16) < 0.5, 1, -1) for kind in range(3)]
    where = [(0, 0), (0, 2), (0, 5), (0, 8), (1, 3), (2, 4)]
    gates = [
        Gate(11, tuple((np.arange(first + 1, first + 17) * signs[kind]).tolist())) for kind, first in where
    ]
    return Circuit(24, (*gates, Gate(2, (25, -26, 30))), (31, -28), names, (), name)


@pytest.mark.parametrize("names, name", [((), "m"), ([f"n{place}_of" for place in range(24)], "count0")])
def test_wide_gates_that_recur_are_instances_of_a_module(names, name, tmp_path):
    circuit = windows(tuple(names), name)
    write_circuit(tmp_path / "c.v", circuit)
    text = (tmp_path / "c.v").read_text()
    assert len(re.findall("^module", text, re.M)) == 2
    assert len(re.findall(r"^  _?count0 \w+ \(\.x", text, re.M)) == 4
    found = read_circuit(tmp_path / "c.v")
    assert (found.gates, found.outputs, found.name) == (circuit.gates, circuit.outputs, name)


@pytest.mark.parametrize("name", ["m", "count0"])
def test_others_read_the_modules_as_the_same_circuit(name, tmp_path):
    if not available("yosys"):
        pytest.skip("Yosys is missing")
    circuit = windows(name=name)
    write_circuit(tmp_path / "c.v", circuit)
    script = (
        f"read_verilog c.v\nhierarchy -check -top {name}\nflatten\nproc\ntechmap\nopt\nwrite_blif out.blif\n"
    )
    run_script("yosys", script, seconds=60, cwd=tmp_path)
    assert prove_equal(circuit, read_circuit(tmp_path / "out.blif")).equal
    if shutil.which("iverilog"):
        found = subprocess.run(
            ["iverilog", "-Wall", "-o", "c.out", "c.v"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (found.returncode, found.stderr) == (0, "")


LEAF = "module leaf(input [1:0] a, output y, output [1:0] z); assign y = a[0] & a[1], z = ~a; endmodule\n"
HIERARCHY = {
    "by name": "wire q; leaf l(.a({b, c}), .y(q), .z()); assign y = ~q;",
    "in order, a vector out": "wire [1:0] v; leaf l({b, c}, y0, v); assign y = v[0] | v[1];",
    "before its inputs are driven": "leaf l(.y(q), .a(w)); wire [1:0] w = {b, c}; wire q; assign y = !q;",
    "one in another": "mid m1(b, c, y);",
}
MIDDLE = (
    "module mid(b, c, y); input b, c; output y; wire w; leaf l(.a({c, b}), .y(w)); not(y, w); endmodule\n"
)


@pytest.mark.parametrize("body", HIERARCHY.values(), ids=HIERARCHY)
def test_modules_that_use_each_other_are_read_as_one(body, tmp_path, monkeypatch):
    monkeypatch.setattr(verilog_reader, "available", lambda program: False)
    top = f"module top(input b, input c, output y); {body} endmodule\n"
    middle = MIDDLE if "mid" in body else ""
    for text in (LEAF + middle + top, top + LEAF + middle):
        (tmp_path / "c.v").write_text(text)
        circuit = read_circuit(tmp_path / "c.v")
        assert circuit.name == "top"
        assert circuit.predict([[0, 0], [0, 1], [1, 0], [1, 1]]).ravel().tolist() == [1, 1, 1, 0]


WRONG = {
    "leaf l(.a({b, c}), .y(y)); leaf2 k(.a(b));": "found an instance of 'leaf2', which is no module of the file",
    "leaf l(.a({b, c}), .w(y));": "found connections of 'l' that its module does not have",
    "leaf l(.a(b), .a(c), .y(y));": "found connections of 'l' that its module does not have",
    "leaf l({b, c}, y, q, r);": "found connections of 'l' that its module does not have",
    "leaf l(.a(~b), .y(y));": "found 1 bits at the port 'a' of 'l', which has 2",
    "leaf l(.a(b & c), .y(y));": "found an expression at the port 'a' of 'l', which has 2",
    "wire [1:0] w; leaf l(.a({b, c}), .y(w));": "found 2 bits at the port 'y' of 'l', which has 1",
    "leaf l({b, c}, y); leaf l({c, b}, q);": "found a second instance that is called 'l'",
    "leaf l(.y(y));": "found an instance 'l' whose input 'a' is open",
    "leaf l(.a(), .y(y));": "found an instance 'l' whose input 'a' is open",
}


@pytest.mark.parametrize("body", WRONG)
def test_instances_that_do_not_fit_are_refused_with_their_line(body, tmp_path, monkeypatch):
    monkeypatch.setattr(verilog_reader, "available", lambda program: False)
    (tmp_path / "c.v").write_text(f"{LEAF}module top(input b, input c, output y);\n{body}\nendmodule\n")
    with pytest.raises(FormatError, match=re.escape(WRONG[body])) as caught:
        read_circuit(tmp_path / "c.v")
    assert caught.value.line == 3


def test_a_bit_that_two_instances_drive_is_told(tmp_path):
    body = "leaf l(.a({b, c}), .y(y)); leaf k(.a({c, b}), .y(y));"
    (tmp_path / "c.v").write_text(f"{LEAF}module top(input b, input c, output y);\n{body}\nendmodule\n")
    with pytest.raises(FormatError, match="'y' is driven on line 3, and here once more"):
        read_circuit(tmp_path / "c.v")


@pytest.mark.parametrize("loop", [True, False])
def test_a_few_lines_do_not_make_billions_of_instances(loop, tmp_path):
    levels = 40
    text = "".join(
        f"module m{level}(input a, output y); wire b; m{level + 1} p(a, b); m{level + 1} q(b, y); endmodule\n"
        for level in range(levels)
    )
    text += "module top(input a, output y); m0 p(a, y); endmodule\n"
    inner = "m1 x(a, y);" if loop else "assign y = ~a;"
    (tmp_path / "c.v").write_text(f"{text}module m{levels}(input a, output y); {inner} endmodule\n")
    with pytest.raises(FormatError, match="found too many instances; a few letters may ask for any size"):
        read_circuit(tmp_path / "c.v")


@pytest.mark.parametrize(
    "port, inner",
    [
        ("[65535:0] a", "assign y = a[7];"),
        ("a", f"assign y = {' & '.join(['a'] * 5000)};"),
        ("a", "not(y, a);"),
    ],
    ids=["wide ports", "long expressions", "long names"],
)
def test_a_few_lines_do_not_fill_the_memory(port, inner, tmp_path):
    """Instances were counted, and not what is in them."""
    name, levels = "p" * (60_000 if "not" in inner else 1), 12
    text = "".join(
        f"module m{k}(input {port}, output y); wire b; m{k + 1} {name}(a, b); m{k + 1} q(a, y); endmodule\n"
        for k in range(levels)
    )
    text += f"module m{levels}(input {port}, output y); {inner} endmodule\n"
    (tmp_path / "c.v").write_text(f"{text}module top(input {port}, output y); m0 p(a, y); endmodule\n")
    with pytest.raises(FormatError, match="found too many instances"):
        read_circuit(tmp_path / "c.v")
