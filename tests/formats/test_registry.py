"""The one list of formats: a new format is a module and an entry, and every entry is true."""

from __future__ import annotations

import os
import re
import sys
import threading
from importlib import resources
from types import ModuleType

import numpy as np
import pytest
from support.cli_samples import HALF_ADDER, INPUTS, run

from btfnet import Circuit, Gate, formats
from btfnet.formats import read_circuit, write_circuit
from btfnet.formats.by_suffix import load_model, read_checked, read_predictor
from btfnet.formats.format import Format, Holds
from btfnet.formats.registry import FORMATS

NOT = Circuit(1, (Gate(1, (-1,)),), (2,))


def read_toy(path):
    return NOT.named(name=os.fspath(path))


def write_toy(circuit):
    return f"toy of {circuit.n_inputs}\n"


@pytest.fixture
def toy(monkeypatch):
    module = ModuleType("toy_format")
    module.read, module.to_text = read_toy, write_toy
    monkeypatch.setitem(sys.modules, "toy_format", module)
    entry = Format(
        suffix=".toy",
        summary="a circuit, as a toy",
        page="authors/gap",
        read={Holds.CIRCUIT: "toy_format:read"},
        write={Holds.CIRCUIT: "toy_format:to_text"},
        also=(".toys",),
        names=("plaything",),
        keyword=re.compile("toy of "),
        mark=(b"toy of ", b""),
    )
    monkeypatch.setitem(FORMATS, ".toy", entry)


def test_one_entry_makes_a_format_known_everywhere(toy, tmp_path):
    write_circuit(tmp_path / "x.toys", NOT)
    assert (tmp_path / "x.toys").read_text() == "toy of 1\n"
    (tmp_path / "nameless").write_bytes((tmp_path / "x.toys").read_bytes())
    for name in ("x.toys", "nameless"):
        assert read_circuit(tmp_path / name).name == str(tmp_path / name)
        assert load_model(tmp_path / name).predict([[1], [0]]).tolist() == [[0], [1]]
    assert re.search(r"\.toy +a circuit, as a toy \(read, write\)", run("formats").output)
    assert run("formats", "plaything").output == formats.spec("gap") + "\n"
    assert run("export", tmp_path / "nameless", tmp_path / "x.blif").exit_code == 0
    (tmp_path / "y.toy").write_text("mine\n")
    refused = run("export", tmp_path / "x.blif", tmp_path / "y.toy")
    assert (refused.exit_code, "is not a .toy file that btfnet wrote" in refused.stderr) == (1, True)
    assert run("export", tmp_path / "x.blif", tmp_path / "x.toys").exit_code == 0


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_an_entry_names_is_there(suffix):
    entry = FORMATS[suffix]
    assert entry.suffix == suffix
    assert all(map(callable, [*map(entry.reader, entry.read), *map(entry.writer, entry.write)]))
    assert entry.ways
    if entry.page:
        assert resources.files("btfnet.formats").joinpath(f"{entry.page}.md").is_file()


@pytest.mark.parametrize("suffix", [".json", ".blif", ".btf", ".aig", ".bench", ".graphml", ".v"])
@pytest.mark.parametrize(
    "read", [read_circuit, load_model, lambda path: read_checked(path)[0], read_predictor]
)
def test_a_circuit_comes_through_a_pipe_without_a_suffix(suffix, read, tmp_path):
    write_circuit(tmp_path / f"x{suffix}", HALF_ADDER)
    os.mkfifo(tmp_path / "pipe")
    data = (tmp_path / f"x{suffix}").read_bytes()
    sender = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(data,))
    sender.start()
    circuit = read(tmp_path / "pipe")
    sender.join()
    assert np.array_equal(circuit.predict(INPUTS), HALF_ADDER.predict(INPUTS))
