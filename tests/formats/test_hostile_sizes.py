"""Files of a megabyte that repeat, chain or nest one thing: time and memory stay in proportion to the file."""

from __future__ import annotations

import time
import warnings

import networkx
import numpy as np
import pytest

from btfnet import formats
from btfnet.errors import BtfnetError, BtfnetWarning, FormatError
from btfnet.files import reading
from btfnet.formats.pla import table_items

networkx.DiGraph()
N = 20_000
QUICK = 4.0
"""Seconds of the processor; what is quadratic takes minutes."""
RNG = np.random.default_rng(0)


def bits(count):
    return "".join(RNG.choice(list("01"), count))


def row(cell, count=N):
    return " ".join(cell.format(i) for i in range(count))


FILES = {
    "equal_names.csv": ",".join(["in:a"] * N + ["out:y"]) + "\n" + ",".join(["0"] * N + ["1"]) + "\n",
    "columns.csv": ",".join(["in:" + name for name in row("a{}").split()] + ["out:y"]) + "\n" + "0," * N + "1\n",
    "quotes.csv": 'in:a,out:y\n"' + "1" * 10**6,
    "late.csv": "in:a,out:y\n" + "0,1\n" * N + "0,2\n",
    "late.dat": f"{N} 2 1 2 1 " + "0 1 " * (N - 1) + "0 7",
    "open.dat": f"{N} 2 1 2 1 " + "0 - " * N,
    "absurd.dat": "1000000000000 2 1 2 1 0 1",
    "chain.net": f"{N + 3} 2 1 {N + 1}\n" + "".join(f"{i + 2} {i + 1} 1\n" for i in range(N + 1)),
    "inputs.net": "1000003 1000001 2 2\n1000001 0 1\n1000002 0 1\n",
    "spaces.bench": "a = AND" + " " * 10**6 + "x",
    "chain.bench": "INPUT(n0)\n" + "".join(f"n{i + 1} = NOT(n{i})\n" for i in range(N)) + f"OUTPUT(n{N})\n",
    "cycle.bench": "".join(f"n{i} = NOT(n{(i + 1) % N})\n" for i in range(N)) + "OUTPUT(n0)\n",
    "twice.bench": "INPUT(a)\n" * N,
    "wide.blif": f".model m\n.inputs {row('a{}')}\n.outputs y\n.names {row('a{}')} y\n{'1' * N} 1\n.end\n",
    "lines.blif": ".model m\n.inputs a " + "\\\n" * N + "b\n.outputs y\n.names a y\n1 1\n.end\n",
    "counting.blif": f".model m\n.inputs {row('a{}', 900)}\n.outputs y\n.names {row('a{}', 900)} y\n"
    + "".join("-" * i + "1" * 450 + "-" * (450 - i) + " 1\n" for i in range(450))
    + ".end\n",
    "equal_names.pla": f".i {N}\n.o 1\n.ilb " + "a " * N + "\n" + "-" * N + " 1\n.e\n",
    "terms.pla": ".i 30\n.o 1\n.type fr\n" + "".join(f"{bits(30)} {i % 2}\n" for i in range(N // 4)) + ".e\n",
    "absurd.pla": ".i 999999999\n.o 1\n.e\n",
    "digits.pla": ".i " + "9" * 10**6 + "\n.o 1\n.e\n",
    "absurd.aag": "aag 999999999 999999999 0 1 0\n2\n",
    "back.aag": f"aag {N + 1} 1 0 1 {N}\n2\n{2 * N + 2}\n"
    + "".join(f"{2 * i + 4} {2 * i + 2} 2\n" for i in reversed(range(N))),
    "chain.v": "module m(a, y);\ninput a;\noutput y;\nassign n0 = ~a;\nwire n0;\n"
    + "".join(f"wire n{i + 1};\nassign n{i + 1} = ~n{i};\n" for i in range(N // 4))
    + f"assign y = n{N // 4};\nendmodule\n",
    "repeated.v": "module m(a, y);\ninput a;\noutput y;\nassign y = &{65535{{65535{a}}}};\nendmodule\n",
    "vector.v": "module m(a, y);\ninput [2147483647:0] a;\noutput y;\nassign y = a[5];\nendmodule\n",
    "vectors.v": "module m(a, y);\ninput [99999999:0] a;\noutput y;\nassign y = a[5];\nendmodule\n",
    "number.v": f"module m(a, y);\ninput a;\noutput y;\nassign y = {'9' * N}'b1;\nendmodule\n",
    "symbols.aag": "aag 1 1 0 1 0\n2\n2\n" + "i0 a\n" * N,
    "deep.graphml": "<a>" * N,
    "attributes.graphml": "<graphml " + row('a{}="1"') + "/>",
    "equal_keys.json": "{" + ",".join(['"a":1'] * N) + "}",
    "literals.json": '{"format": "btfnet-circuit", "version": 1, "name": "c", "inputs": ["a"], "gates": '
    '[{"at_least": 5, "literals": [' + "1," * N + '1]}], "outputs": [{"name": "y", "node": 2}]}',
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_megabyte_of_one_thing_takes_no_longer_than_a_megabyte(name, tmp_path):
    path = tmp_path / name
    path.write_text(FILES[name])
    begun, said = time.process_time(), f"{path}: read"
    clock = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BtfnetWarning)
        try:
            if path.suffix == ".net":
                formats.read_network(path)
            elif path.suffix in formats.CIRCUITS_IN:
                circuit = formats.read_circuit(path)
                assert circuit.depth <= N
                assert str(circuit)
            else:
                formats.read_items(path)
        except BtfnetError as error:
            said = str(error)
    assert len(said) < 800
    assert said.startswith(str(path))
    assert time.process_time() - begun < QUICK
    assert time.monotonic() - clock < 60  # Yosys, where it reads, is another process


def test_classes_that_do_not_fit_into_memory_are_refused_before_they_are_made(tmp_path, monkeypatch):
    (tmp_path / "x.dat").write_text(f"{N} 2 1 1000 1 " + "0 1 " * N)
    assert formats.read_items(tmp_path / "x.dat").n_outputs == 1000
    monkeypatch.setattr(reading, "available_bytes", lambda: 10**7)
    with pytest.raises(FormatError, match=r"x\.dat:1: items with one of 1000 classes take"):
        formats.read_items(tmp_path / "x.dat")


def test_a_table_is_not_expanded_beyond_the_memory_that_is_free(tmp_path, monkeypatch):
    (tmp_path / "x.pla").write_text(".i 14\n.o 2\n1-------------  11\n.e\n")
    assert formats.read_items(tmp_path / "x.pla").n_items == 1 << 14
    monkeypatch.setattr(table_items, "available_bytes", lambda: 10**6)
    with pytest.raises(FormatError, match=r"16384 items, which take 3 MiB of memory, but 1 MiB are free"):
        formats.read_items(tmp_path / "x.pla")
    assert formats.read_circuit(tmp_path / "x.pla").n_inputs == 14
