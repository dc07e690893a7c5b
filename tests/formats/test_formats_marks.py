"""Every file that btfnet can write for a circuit says so, and nobody is disturbed by it.

Whether ABC, Yosys, Icarus, compilers and aigverse read the files is what test_outside_tools.py and
test_formats_tools.py ask; here stand the marks themselves, and the readers that those do not call.
"""

import json
import shutil
import subprocess
import zipfile
import zlib
from dataclasses import replace

import numpy as np
import pytest
from support.circuit_samples import multiplier
from support.nasty_circuits import nasty_circuit

from btfnet import Circuit, formats
from btfnet.errors import UsageError
from btfnet.formats.format import MARK_BYTES
from btfnet.formats.recognise import suffix_of
from btfnet.formats.registry import FORMATS
from btfnet.logic.drawing.png import draw_png
from btfnet.logic.drawing.svg import draw_svg
from btfnet.logic.training_fit import TrainingFit
from btfnet.tools import programs, running

MARKED = [suffix for suffix, entry in FORMATS.items() if entry.mark]
INEXACT = replace(multiplier(2), training=TrainingFit(3, 64, 2, 16))
MANY_NAMES = Circuit(
    2000, (), (1, -2), tuple(f"input number {n}" for n in range(2000)), ("carry", "sum"), "many names"
)
CIRCUITS = [multiplier(3), INEXACT, MANY_NAMES, *(nasty_circuit(seed) for seed in range(8))]
every_circuit = pytest.mark.parametrize("circuit", CIRCUITS, ids=lambda circuit: circuit.name[:20])


def marked(suffix, data):
    return FORMATS[suffix].is_own(data[:MARK_BYTES], data[-MARK_BYTES:])


def test_every_format_of_circuits_has_a_mark():
    assert {*MARKED} == {*formats.CIRCUITS_OUT, ".svg", ".png", ".npz"}


@every_circuit
@pytest.mark.parametrize("suffix", [suffix for suffix in formats.CIRCUITS_OUT if suffix != ".yosys.json"])
def test_every_netlist_is_known_again_by_its_own_format_alone(circuit, suffix, tmp_path):
    path = tmp_path / f"x{suffix}"
    try:
        formats.write_circuit(path, circuit)
    except UsageError:
        pytest.skip("the format cannot hold these names")
    data = path.read_bytes()
    assert [own for own in MARKED if marked(own, data)] == [suffix_of(path)]
    if suffix not in (".json", ".btf"):  # which say their own names
        assert data.count(b"Written by btfnet") == 1
        assert not marked(suffix_of(path), data.replace(b"Written by btfnet", b"Written by another", 1))


def test_a_netlist_with_the_line_ends_of_windows_is_known_again(tmp_path):
    for suffix in (".v", ".blif", ".bench", ".aag", ".dot", ".c", ".json", ".graphml"):
        formats.write_circuit(tmp_path / f"x{suffix}", multiplier(2))
        assert marked(suffix, (tmp_path / f"x{suffix}").read_bytes().replace(b"\n", b"\r\n")), suffix


@pytest.mark.skipif(not programs.available("yosys"), reason="Yosys is missing")
def test_the_creator_of_yosys_json_is_btfnet_with_yosys_and_yosys_reads_it(tmp_path):
    formats.write_circuit(tmp_path / "x.yosys.json", multiplier(2))
    data = (tmp_path / "x.yosys.json").read_bytes()
    assert [own for own in MARKED if marked(own, data)] == [".yosys.json"]
    assert json.loads(data)["creator"].startswith("Written by btfnet with Yosys ")
    running.run_script(
        "yosys", "read_json x.yosys.json\nwrite_json again.json\n", seconds=100.0, cwd=str(tmp_path)
    )
    again = (tmp_path / "again.json").read_bytes()
    assert not marked(".yosys.json", again), "what Yosys makes of it is not ours"
    assert json.loads(again)["modules"].keys() == json.loads(data)["modules"].keys()


@every_circuit
def test_every_drawing_is_known_again(circuit):
    data = draw_svg(circuit).encode()
    assert [own for own in MARKED if marked(own, data)] == [".svg"]


def test_a_png_names_its_software_in_a_text_chunk_with_the_right_check_sum():
    pytest.importorskip("resvg_py")
    data, at, chunks = draw_png(INEXACT), 8, {}
    assert [own for own in MARKED if marked(own, data)] == [".png"]
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        chunks[kind] = data[at + 8 : at + 8 + length]
        check = data[at + 8 + length : at + 12 + length]
        assert int.from_bytes(check, "big") == zlib.crc32(kind + chunks[kind])
        at += 12 + length
    assert chunks[b"tEXt"] == b"Software\0btfnet"
    assert (data[12:16], data[-8:-4]) == (b"IHDR", b"IEND")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is missing")
def test_graphviz_draws_a_file_that_begins_with_comments(tmp_path):
    formats.write_circuit(tmp_path / "x.dot", INEXACT)
    drawn = subprocess.run(["dot", "-Tsvg", tmp_path / "x.dot"], capture_output=True, check=True, timeout=100)
    assert (b"<svg" in drawn.stdout, drawn.stderr) == (True, b"")


def test_an_archive_of_items_with_a_comment_is_read_by_numpy_and_btfnet(tmp_path):
    items = formats.Items(np.ones((3, 2)), np.ones((3, 1)))
    formats.write_items(tmp_path / "x.npz", items)
    data = (tmp_path / "x.npz").read_bytes()
    assert [own for own in MARKED if marked(own, data)] == [".npz"]
    assert zipfile.ZipFile(tmp_path / "x.npz").testzip() is None
    assert np.load(tmp_path / "x.npz")["inputs"].tolist() == [[1, 1]] * 3
    assert formats.read_items(tmp_path / "x.npz") == items
    np.savez(tmp_path / "y.npz", **np.load(tmp_path / "x.npz"))
    assert not marked(".npz", (tmp_path / "y.npz").read_bytes())


@pytest.mark.parametrize("suffix", MARKED)
def test_nothing_and_noise_are_nobodys(suffix):
    noise = np.random.default_rng(1).bytes(MARK_BYTES)
    for data in (
        b"",
        b"\n",
        b"Written by btfnet",
        b"\nWritten by btfnet\n",
        noise,
        b"// Written by another\n",
    ):
        assert not marked(suffix, data)
