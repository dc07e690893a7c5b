"""The netlists in ../shared/cases: read, or refused with the cause and advice that works."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest
from support.naive_circuit import every_input, table

from btfnet.errors import BtfnetWarning, FormatError
from btfnet.formats import read_circuit, read_dont_cares

CASES = Path(__file__).parents[3] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="there is no ../shared/cases")


def rows(n_inputs, function):
    return [[bool(bit) for bit in function(*bits)] for bits in every_input(n_inputs)]


READ = {
    "order.blif": rows(2, lambda a, b: [a and not b]),
    "clock.blif": rows(2, lambda a, b: [a and b]),
    "noend.blif": rows(2, lambda a, b: [a and b]),
    "null.blif": rows(2, lambda a, b: [a and b]),
    "spacecube.blif": rows(2, lambda a, b: [a and b]),
    "offset.blif": rows(2, lambda a, b: [a or b]),
    "exdc.blif": rows(3, lambda a, b, c: [a and b and not c]),
    "cont_comment.blif": rows(3, lambda a, b, c: [(a and b) or c]),
    "consts_yosys.blif": rows(2, lambda a, b: [a and not b, True]),
    "crlf.blif": rows(2, lambda a, b: [a and not b, True]),
    "vdd.bench": rows(1, lambda a: [a, a]),
    "vdd2.bench": rows(1, lambda a: [a]),
    "crlf.bench": rows(1, lambda a: [a]),
    "lut_const.bench": rows(1, lambda a: [True, a]),
    "lut_order.bench": rows(
        3, lambda p, q, r: [0x2C1B >> (p + 2 * (not r) + 4 * q + 8 * r) & 1]
    ),
    "crlf.aag": rows(2, lambda a, b: [a and not b]),
    "gap_vars.aag": rows(2, lambda a, b: [a and not b]),
    "const_out.aag": rows(1, lambda a: [False, True, not a]),
    "const_out.aig": rows(1, lambda a: [False, True, not a]),
}  # fmt: skip

REFUSED = {
    "latch19.aag": (1, "1 latch, 1 bad state, 1 constraint", "--cut-latches"),
    "latch_bad_init.aag": (3, "the latch 4 begins as 5", "Write one of them"),
    "dff.bench": (4, "'G2' is a latch", "--cut-latches"),
    "dblmodel.blif": (10, "'q' is a latch", "--cut-latches"),
    "subckt.blif": (8, "another model, 'inv', is used here", "Flatten it first"),
    "twomodel.blif": (7, "a second model, 'u', begins here", "Keep one of them"),
    "multi_out.blif": (1, "found 'model fa'", "If .model is meant, write its dot"),
    "undecl.blif": (6, "'p5' is used here", "add it to .inputs, or define it"),
    "selfloop.blif": (4, "'o' depends on itself", "Break the loop"),
    "exdc_mid.blif": (6, "found '101 -'", "as cubes that give 1"),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_clear_is_read(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if name == "noend.blif" else "error", BtfnetWarning)
        assert table(read_circuit(CASES / name)) == READ[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_is_refused_with_its_cause_and_advice(name):
    line, cause, advice = REFUSED[name]
    with pytest.raises(FormatError) as caught:
        read_circuit(CASES / name)
    assert (caught.value.line, cause in str(caught.value), advice in str(caught.value)) == (line, True, True)


@pytest.mark.parametrize("name", ["latch19.aag", "dff.bench", "dblmodel.blif"])
def test_the_advice_to_cut_latches_works(name):
    assert read_circuit(CASES / name, cut_latches=True).n_outputs > 0


@pytest.mark.parametrize("name", ["subckt.blif", "twomodel.blif"])
def test_the_advice_to_flatten_and_to_keep_one_works(name, tmp_path):
    from btfnet.tools.programs import available
    from btfnet.tools.running import run_script

    if not available("yosys"):
        pytest.skip("Yosys is missing")
    shutil.copy(CASES / name, tmp_path / name)
    with pytest.raises(FormatError) as caught:
        read_circuit(tmp_path / name)
    script = str(caught.value).split("yosys -p '")[1].split("'.")[0]
    written = script.split()[-1]
    run_script("yosys", script.replace("; ", "\n") + "\n", seconds=60, cwd=tmp_path)
    sign = {"subckt.blif": False, "twomodel.blif": True}[name]
    expected = [[b and a == sign] for a, b in every_input(2)]
    assert table(read_circuit(tmp_path / written)) == expected


def test_external_dont_cares_are_read_beside_the_circuit():
    assert table(read_dont_cares(CASES / "exdc.blif")) == rows(3, lambda a, b, c: [a and b and c])
    assert read_dont_cares(CASES / "order.blif") is None


def test_advice_for_a_shell_repeats_no_name_that_a_shell_would_read(tmp_path):
    """Found by fuzzing: escape sequences of a model's name stood in the command that we recommend."""
    (tmp_path / "x.blif").write_text(
        ".model \x1b[31m;$(x)\n.inputs a\n.outputs y\n.names a y\n1 1\n.model b\n.end\n"
    )
    with pytest.raises(FormatError, match="hierarchy -top MODEL;"):
        read_circuit(tmp_path / "x.blif")
