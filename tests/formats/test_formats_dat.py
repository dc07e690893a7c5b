"""Items as .dat: in, out, and what is rejected."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from support.items_samples import signs

from btfnet.errors import FormatError
from btfnet.formats import Items, read_items, write_items
from btfnet.problem.values import InputKind, OutputKind

SHARED = Path(__file__).parents[3] / "shared" / "data" / "boolearn"


@pytest.mark.parametrize("seed", range(5))
def test_analog_values_survive_a_dat_file_to_the_last_bit(seed, tmp_path):
    rng = np.random.default_rng(seed)
    values = np.round(rng.uniform(-1, 1, (20, 5)) * 2.0**40) / 2.0**40
    values[0] = [-1, 1, 0, 2.0**-40, -(2.0**-30)]
    items = Items(values, signs(rng, 20, 1), InputKind.ANALOG)
    write_items(tmp_path / "x.dat", items)
    assert read_items(tmp_path / "x.dat") == items


def test_dat_files_may_break_their_lines_anywhere(tmp_path):
    (tmp_path / "x.dat").write_text("2 2 3\r\n2 1 1 0\n\n1 1\t0 1 1   0")
    assert read_items(tmp_path / "x.dat") == Items([[1, -1, 1], [-1, 1, 1]], [[1], [-1]])


def test_a_dat_file_with_labels_gives_one_hot_classes(tmp_path):
    (tmp_path / "x.dat").write_text("2\n0 1\n4 1\n\n0.25\n3\n\n1.0\n0\n")
    expected = Items([[-0.5], [1]], [[-1, -1, -1, 1], [1, -1, -1, -1]], InputKind.ANALOG, OutputKind.CLASS)
    assert read_items(tmp_path / "x.dat") == expected


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file ends here; expected the number of items"),
        ("0\n2 1\n2 1\n", 1, "found '0'; expected the number of items, from 1"),
        ("x\n2 1\n2 1\n", 1, "found 'x'; expected the number of items"),
        ("1\n3 1\n2 1\n1 1", 2, "expected the kind of the inputs"),
        ("1\n0 0\n2 1\n1", 2, "unknown inputs are bits (2 0) or one-hot (1 0)"),
        ("1\n1 2\n2 1\n1 1 1", 2, "one-hot inputs (kind 1) are unknown"),
        ("1\n2 1\n1 1\n1 1", 3, "expected the kind of the outputs"),
        ("1\n2 1\n5 2\n1 1 1", 3, "an item with one of 5 classes has 1 output value"),
        ("2\n2 1\n2 1\n\n1 0\n1", 6, "found 3 values after the header, expected 4 (2 items of 1 + 1 values)"),
        ("2\n2 1\n2 1\n\n1 0\n1 1\n7", 7, "something follows the items"),
        ("1\n2 2\n2 1\n\n1 2\n0\n", 5, "found '2'; in item 1, expected an input bit, 0 or 1"),
        ("2\n2 1\n2 2\n\n1 1 1\n0 1\n-1\n", 7, "found '-1'; in item 2, expected an output bit"),
        ("2\n0 1\n2 1\n\n.5 1\n1.5 1\n", 6, "found '1.5'; in item 2, expected an analog input from 0 to 1"),
        ("2\n2 1\n2 2\n\n1 1 -\n? 1 x\n", 6, "found '?'; in item 2, only outputs may be left open"),
        ("1\n2 1\n2 1\n\n1 --", 5, "found '--'; expected a finite number"),
        ("-\n2 1\n2 1\n\n1 1", 1, "found '-'; expected the number of items"),
        ("1\n0 1\n2 1\n\nnan 1", 5, "found 'nan'; expected a finite number"),
        ("1\n0 1\n2 1\n\n1e999 1", 5, "found '1e999'; expected a finite number"),
        ("1\n0 1\n2 1\n\n0_0 1", 5, "found '0_0'; expected a finite number"),
        ("1\n0 1\n3 1\n\n0.5 3", 5, "found '3'; in item 1, expected a class label from 0 to 2"),
        ("1\n0 1\n3 1\n\n0.5 1.5", 5, "expected a class label"),
        ("1\n2 1\n2 1\n\n1 ١", 5, "expected numbers in ASCII digits"),
        ("1000000000000000000\n2 1\n2 1\n\n1 1", 1, "from 1 to 2147483647"),
        ("2147483647\n2 2147483647\n2 2147483647\n\n1 1", 5, "the file is cut short"),
        ("9" * 5000, 1, "expected the number of items"),
        ("1 2 1 1000000 1 1 1", 1, "found '1000000'; expected the kind of the outputs"),
    ],
)
def test_dat_that_breaks_a_rule_is_rejected_with_line_and_rule(text, line, message, tmp_path):
    (tmp_path / "x.dat").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_items(tmp_path / "x.dat")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{tmp_path / 'x.dat'}:{line}: ")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent: files of others are not read")
def test_data_files_of_others_are_read_and_written_back():
    from tempfile import TemporaryDirectory

    facts = {}
    with TemporaryDirectory() as directory:
        for path in sorted(SHARED.glob("*.dat")):
            items = read_items(path)
            facts[path.name] = (
                items.n_items,
                items.inputs.shape[1],
                items.n_outputs,
                *map(str, (items.input_kind, items.output_kind)),
            )
            write_items(Path(directory) / path.name, items)
            assert read_items(Path(directory) / path.name) == items
    known = {
        "2x2.dat": (16, 4, 4, "bits", "bits"),
        "a2c.dat": (10_000, 32, 32, "bits", "bits"),
        "mnistjr.dat": (3823, 64, 10, "analog", "class"),
        "rand16.dat": (16, 0, 16, "unknown_bits", "bits"),
    }
    assert {name: facts[name] for name in known} == known
