"""Tables whose columns are told apart by name, and what is no table."""

from __future__ import annotations

import gzip
import zipfile

import pytest

from btfnet.errors import BtfnetWarning, DataError, FormatError
from btfnet.formats import Items, read_items, write_items
from btfnet.matching.columns import By, Ports

# -- tables as people have them -----------------------------------------------------------------------------

EXPECTED = Items([[-1, 1], [1, -1]], [[1], [-1]], input_names=("a", "b"), output_names=("y",))
# -- names ----------------------------------------------------------------------------------------------------

PORTS = Ports("the circuit", ("b", "a"), ("y",))


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_items_come_in_the_order_of_the_other_sides_names(suffix, tmp_path):
    write_items(tmp_path / f"x{suffix}", EXPECTED)
    found = read_items(tmp_path / f"x{suffix}", ports=PORTS)
    assert found == Items([[1, -1], [-1, 1]], [[1], [-1]], input_names=("b", "a"), output_names=("y",))
    assert read_items(tmp_path / f"x{suffix}", ports=PORTS, by=By.POSITION) == EXPECTED
    with pytest.raises(DataError, match=r"no input of the circuit is named b(?s:.)*the circuit: c, a"):
        read_items(tmp_path / f"x{suffix}", ports=Ports("the circuit", ("c", "a"), ("y",)))
    with pytest.warns(BtfnetWarning, match="by position: y of the latter for s"):
        read_items(tmp_path / f"x{suffix}", ports=Ports("the circuit", ("a", "b"), ("s",)))


@pytest.mark.parametrize("header", ["a,b,y", "y,a,b", "b,y,a"])
def test_outputs_are_recognised_by_name_wherever_they_stand(header, tmp_path):
    cells = {"a": "01", "b": "10", "y": "10"}
    rows = "".join(",".join(cells[one][item] for one in header.split(",")) + "\n" for item in (0, 1))
    (tmp_path / "x.csv").write_text(f"{header}\n{rows}")
    found = read_items(tmp_path / "x.csv", n_inputs=2, ports=PORTS)
    assert found == Items([[1, -1], [-1, 1]], [[1], [-1]], input_names=("b", "a"), output_names=("y",))


def test_outputs_of_other_names_beside_known_inputs_are_outputs(tmp_path):
    """They were taken for inputs, and the table was said to have no outputs."""
    (tmp_path / "x.csv").write_text("s,a,b\n1,0,1\n0,1,0\n")
    with pytest.warns(BtfnetWarning, match="by position: s of the latter for y"):
        found = read_items(tmp_path / "x.csv", n_inputs=2, ports=PORTS)
    assert (found.inputs.tolist(), found.outputs.tolist()) == ([[1, -1], [-1, 1]], [[1], [-1]])
    with pytest.raises(DataError, match="has no output named y, t"):
        read_items(tmp_path / "x.csv", ports=Ports("the circuit", ("b", "a"), ("s", "y", "t")))


def test_outputs_and_what_of_them_counts_move_together(tmp_path):
    (tmp_path / "x.csv").write_text("out:s,in:a,out:y\n-,1,1\n0,0,-\n")
    found = read_items(tmp_path / "x.csv", ports=Ports("the circuit", ("a",), ("y", "s")))
    assert found.output_names == ("y", "s")
    assert found.care.tolist() == [[True, False], [False, True]]
    assert found.outputs.tolist() == [[1, -1], [-1, -1]]


# -- what is no text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_a_workbook_is_named_as_such_whatever_it_is_called(name, tmp_path):
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        file.writestr("docProps/app.xml", "<a/>")
        file.writestr("[Content_Types].xml", "<a/>")
    with pytest.raises(FormatError, match=r"workbook.*; save the sheet as \.csv"):
        read_items(tmp_path / name, n_inputs=1)


def test_a_compressed_table_is_named_as_such(tmp_path):
    (tmp_path / "x.csv").write_bytes(gzip.compress(b"a,y\n0,1\n"))
    with pytest.raises(FormatError, match="this is no text, but compressed by gzip; unpack it first"):
        read_items(tmp_path / "x.csv", n_inputs=1)
