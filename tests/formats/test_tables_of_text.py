"""Ordinary tables from files: separators, headers, gaps, pieces, Parquet, items."""

from __future__ import annotations

import numpy as np
import pytest
from support.table_samples import csv_of, people

from btfnet.errors import BtfnetWarning, FormatError, UsageError
from btfnet.formats.csv.layout import Layout
from btfnet.formats.tables import text
from btfnet.formats.tables.reading import read_table, table_pieces


def table(tmp_path, content, name="t.csv", layout=None):
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / name).write_bytes(data)
    return read_table(tmp_path / name, layout)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(separator, tmp_path):
    found = table(tmp_path, csv_of(people(), separator))
    assert found.names == tuple(people())
    assert found.column("age").tolist() == people()["age"]
    assert np.isnan(found.column("height")).sum() == people()["height"].count(None)


def test_decimal_commas_between_semicolons_are_numbers(tmp_path):
    found = table(tmp_path, "a;b\n1,5;x\n2,25;y\n")
    assert found.column("a").tolist() == [1.5, 2.25]


@pytest.mark.parametrize(
    "cell, value",
    [
        ("1.234,5", 1234.5),
        ("-1,234,567.25", -1234567.25),
        ("1.234", 1.234),
        ("1,234", 1.234),
        ("12.34,5", None),
        ("1.234,567,8", None),
        ("1.234.567", None),
    ],
)
def test_thousands_may_stand_apart_where_decimals_say_which_sign_is_which(cell, value, tmp_path):
    found = table(tmp_path, f"a;b\n{cell};x\n0,5;y\n").column("a").tolist()
    assert found == [cell, "0,5"] if value is None else [value, 0.5]


def test_thousands_that_look_like_decimals_are_warned_of(tmp_path):
    with pytest.warns(BtfnetWarning, match=r"the column a has 1,234, which is read as 1\.234; if it means"):
        assert table(tmp_path, 'a,b\n"1,234",x\nNA,x\n950,y\n').column("a")[0] == 1.234
    assert table(tmp_path, "a;b\n1,234;x\n9,502;y\n").column("a").tolist() == [1.234, 9.502]
    assert table(tmp_path, "a;b\n1,234;x\n2,5;y\n3;y\n").column("a").tolist() == [1.234, 2.5, 3]


def test_a_word_that_makes_text_of_numbers_is_warned_of(tmp_path):
    rows = "".join(f"{k},x\n" for k in range(9))
    with pytest.warns(BtfnetWarning, match=r"the column a has 'k\.A\.' among numbers, and is taken for text"):
        table(tmp_path, f"a,b\nk.A.,x\n{rows}")
    assert table(tmp_path, f"a,b\nNA,x\n{rows}").column("a").dtype == np.float64


def test_quoted_cells_may_hold_separators_and_line_ends(tmp_path):
    found = table(tmp_path, 'name,n\n"Doe, J.",1\n"two\nlines",2\n')
    assert found.column("name").tolist() == ["Doe, J.", "two\nlines"]


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_line_ends_of_all_systems_are_read(ends, tmp_path):
    assert table(tmp_path, ends.join(["a,b", "1,x", "2,y"])).n_rows == 2


def test_utf_16_and_byte_order_marks_are_read(tmp_path):
    for coded in ("a,b\n1,é\n2,x\n".encode("utf-16"), b"\xef\xbb\xbf" + "a,b\n1,é\n2,x\n".encode()):
        assert table(tmp_path, coded).column("b").tolist() == ["é", "x"]


def test_text_of_western_windows_is_read_with_a_warning(tmp_path):
    with pytest.warns(BtfnetWarning, match="read as Windows-1252"):
        found = table(tmp_path, "größe,preis\nklein,3 €\n".encode("cp1252") + b"gro\xdf,4\n")
    assert found.names == ("größe", "preis")
    assert found.column("größe").tolist() == ["klein", "groß"]


@pytest.mark.parametrize(
    "content, header",
    [
        ("a,b\n1,x\n2,y\n", True),
        ("red,big\nred,small\nblue,big\n", False),
        ("colour,size\nred,small\nblue,big\n", True),
        ("1,3\n3,4\n", False),
        ("0,1,2\n5,3,4\n6,7,8\n", True),
        ("vhigh,2,unacc\nvhigh,2,acc\n", False),
        ("name,name\na,b\nc,d\n", False),
    ],
)
def test_a_header_is_a_first_row_that_the_others_do_not_look_like(content, header, tmp_path):
    assert table(tmp_path, content).n_rows == content.count("\n") - header


def test_a_header_that_names_two_columns_alike_is_told_and_not_taken_for_a_row(tmp_path):
    with pytest.raises(FormatError, match="two columns are named b; give each its own name"):
        table(tmp_path, "a,b,b,y\n1,2,3,0\n4,5,6,1\n")


def test_whoever_knows_better_says_whether_there_is_a_header(tmp_path):
    assert table(tmp_path, "a,b\nc,d\n", layout=Layout(header=False)).n_rows == 2
    assert table(tmp_path, "1,2\n3,4\n", layout=Layout(header=True)).n_rows == 1


def test_an_index_without_a_name_is_left_out(tmp_path):
    assert table(tmp_path, ",a\n0,x\n1,y\n2,x\n").names == ("a",)


def test_headers_of_items_say_what_is_learned(tmp_path):
    found = table(tmp_path, "in:a,out:y\n0,1\n1,0\n")
    assert (found.names, found.targets) == (("a", "y"), ("y",))


def test_pieces_hold_all_rows_once(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "ROWS_A_PIECE", 7)
    (tmp_path / "t.csv").write_text(csv_of(people()))
    pieces = [*table_pieces(tmp_path / "t.csv")]
    assert [piece.n_rows for piece in pieces] == [7] * 17 + [1]
    ages = [age for piece in pieces for age in piece.column("age").tolist()]
    assert ages == [str(age) for age in people()["age"]]  # as they are written, in every piece


@pytest.mark.parametrize(
    "content, says",
    [
        ("", "the file is empty"),
        ("a,b\n", "no rows below it"),
        ("a,b\n1,2\n3\n", "t.csv:3: item 3 has 1 values, but the first row has 2"),
        ("a,a\n1,x\n2,y\n", "two columns are named a"),
        (b"PK\x03\x04xxxx", "workbook of Excel"),
    ],
    ids=["empty", "header", "short", "twice", "excel"],
)
def test_what_is_no_table_is_told(content, says, tmp_path):
    layout = Layout(header=True) if isinstance(content, str) and content.startswith("a,a") else None
    with pytest.raises(FormatError, match=says):
        table(tmp_path, content, layout=layout)


def test_parquet_is_read_with_its_names_and_gaps(tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    pandas.DataFrame(people()).to_parquet(tmp_path / "t.parquet")
    found = read_table(tmp_path / "t.parquet")
    assert found.names == tuple(people())
    assert found.column("age").tolist() == people()["age"]
    assert found.column("colour").tolist() == people()["colour"]
    assert np.isnan(found.column("height")).sum() == people()["height"].count(None)


def test_a_damaged_parquet_file_is_told(tmp_path):
    pytest.importorskip("pyarrow")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(FormatError, match="no Parquet file"):
        read_table(tmp_path / "t.parquet")


def test_items_of_other_formats_are_tables(tmp_path):
    found = table(tmp_path, ".i 2\n.o 1\n.ilb a b\n.ob y\n11 1\n0- 0\n10 -\n.e\n", "t.pla")
    assert (found.names, found.targets) == (("a", "b", "y"), ("y",))
    assert found.n_rows == 3  # what a table leaves open is no item
    np.savez(tmp_path / "t.npz", inputs=np.eye(3), outputs=np.array([0, 1, 1])[:, None])
    assert read_table(tmp_path / "t.npz").n_rows == 3


def test_a_separator_is_not_for_other_formats(tmp_path):
    np.save(tmp_path / "t.npy", np.eye(3, dtype=np.int8))
    with pytest.raises(UsageError, match="for tables of text"):
        read_table(tmp_path / "t.npy", Layout(separator=";"))


def test_arrays_of_numpy_are_tables(tmp_path):
    rows = np.array([[0.5, 2, 1], [1.5, 3, 0]])
    np.save(tmp_path / "t.npy", rows)
    assert read_table(tmp_path / "t.npy").names == ("x0", "x1", "x2")
    np.savez(tmp_path / "m.npz", X=rows, y=np.array(["a", "b"]))
    found = read_table(tmp_path / "m.npz")
    assert (found.names, found.column("y").tolist()) == (("x0", "x1", "x2", "y"), ["a", "b"])
    np.savez(tmp_path / "c.npz", age=rows[:, 0], ok=np.array([True, False]))
    assert read_table(tmp_path / "c.npz").names == ("age", "ok")


@pytest.mark.parametrize(
    "arrays, says",
    [
        ({"a": np.zeros(2), "b": np.zeros(3)}, "differ in rows: a 2, b 3"),
        ({"a": np.zeros((2, 2, 2))}, "shape"),
    ],
    ids=["rows", "axes"],
)
def test_arrays_that_are_no_table_are_told(arrays, says, tmp_path):
    np.savez(tmp_path / "t.npz", **arrays)
    with pytest.raises(FormatError, match=says):
        read_table(tmp_path / "t.npz")
