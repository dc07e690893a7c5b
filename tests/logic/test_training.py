"""A circuit that does not reproduce all its training items says so wherever it is written, and when it is read.

Until now only the search's own report told it: `circuit.v` of a run with wrong bits looked like that of an exact
one. No test saw that, because all wrote circuits that nobody had compared with anything.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

import networkx
import numpy as np
import pytest
from support.circuit_samples import half_adder

from btfnet.errors import DataError, FormatError
from btfnet.formats import CIRCUITS_IN, CIRCUITS_OUT, read_circuit, write_circuit
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.drawing.svg import draw_svg
from btfnet.logic.packed_model import PackedModel
from btfnet.logic.proof.names import ordered_as
from btfnet.logic.training_fit import TrainingFit, training_in
from btfnet.logic.verify import training_fit
from btfnet.tools import programs

WRONG, EXACT = TrainingFit(3, 64, 2, 16), TrainingFit(0, 64, 0, 16)
SENTENCES = {
    WRONG: "3 of 64 training bits wrong (2 of 16 items)",
    EXACT: "exact on all 16 training items (64 bits)",
}
ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
SUMS = np.array([[0, 0], [1, 0], [1, 0], [0, 1]])


def told(fit: TrainingFit | None) -> Circuit:
    return replace(half_adder(), training=fit)


def needs(suffix: str) -> None:
    if suffix == ".yosys.json" and not programs.available("yosys"):
        pytest.skip("Yosys is missing")


def text_of(path) -> str:
    return path.read_bytes().decode("latin-1")


# -- the record -------------------------------------------------------------------------------------------


def test_bits_and_items_are_counted_where_they_count():
    circuit, wrong = half_adder(), SUMS ^ np.array([[1, 1], [0, 0], [0, 1], [0, 0]])
    assert training_fit(circuit, ROWS, SUMS) == TrainingFit(0, 8, 0, 4)
    assert training_fit(circuit, ROWS, wrong) == TrainingFit(3, 8, 2, 4)
    care = np.array([[True, True], [True, True], [True, False], [True, True]])
    assert training_fit(circuit, ROWS, wrong, care) == TrainingFit(2, 7, 1, 4)
    care[0] = care[1] = False
    assert training_fit(circuit, ROWS, wrong, care) == TrainingFit(0, 3, 0, 2)


@pytest.mark.parametrize("fit", [WRONG, EXACT, TrainingFit(1, 1, 1, 1), TrainingFit(0, 0, 0, 0)])
def test_the_sentence_and_the_counts_are_read_back(fit):
    assert TrainingFit.parse(str(fit)) == TrainingFit.of_dict(fit.as_dict()) == fit
    assert fit.exact == (fit.wrong_bits == 0)


def test_the_sentences_are_these():
    assert {fit: str(fit) for fit in (WRONG, EXACT)} == SENTENCES


@pytest.mark.parametrize(
    "text",
    [
        "", "3 of 64 training bits", "65 of 64 training bits wrong (2 of 16 items)",
        "0 of 64 training bits wrong (2 of 16 items)", "3 of 64 training bits wrong (4 of 16 items)",
        "3 of 64 training bits wrong (17 of 16 items)", f"{'9' * 99} of 64 training bits wrong (2 of 16 items)",
    ],
)  # fmt: skip
def test_other_sentences_say_nothing(text):
    assert TrainingFit.parse(text) is None


@pytest.mark.parametrize("counts", [(1, 2, 0, 2), (0, 2, 1, 2), (3, 2, 1, 2), (2, 4, 3, 4), (-1, 2, 0, 2)])
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(DataError, match="cannot be wrong"):
        TrainingFit(*counts)


def test_only_a_comment_of_its_own_counts():
    assert training_in(f".model x\n  # about 3 of 64\n# {WRONG}\n# {EXACT}\n") == WRONG
    assert training_in(f"// {EXACT}\r\nmodule x") == EXACT
    assert training_in(f".names a # {WRONG}\n") is None
    assert training_in(f"# it has {WRONG}\n") is None


def test_a_long_line_of_blanks_after_the_beginning_of_a_sentence_takes_no_time():
    assert training_in("# 3 of " + " " * 3_000_000 + "x") is None


# -- circuits ---------------------------------------------------------------------------------------------


def test_what_computes_the_same_keeps_it():
    circuit = told(WRONG)
    assert circuit.simplified().training == WRONG
    assert circuit.named(name="other", inputs=("p", "q")).training == WRONG
    swapped = replace(circuit, input_names=("b", "a"))
    assert ordered_as(half_adder(), swapped).training == WRONG
    assert PackedModel.from_circuit(circuit).training == WRONG
    assert PackedModel.from_circuit(circuit).to_circuit().training == WRONG


def test_what_is_built_anew_does_not_know_it():
    circuit = told(WRONG)
    assert Circuit(circuit.n_inputs, circuit.gates, circuit.outputs).training is None


def test_where_a_circuit_comes_from_is_no_part_of_what_it_is():
    assert told(WRONG) == told(EXACT) == half_adder()
    assert hash(told(WRONG)) == hash(half_adder())
    assert PackedModel.from_circuit(told(WRONG)) == PackedModel.from_circuit(half_adder())


def test_words_and_drawings_tell_what_is_wrong_and_only_that():
    assert f"not exact: {WRONG}" in str(told(WRONG)).splitlines()
    assert f"not exact: {WRONG}" in " ".join(texts_of(draw_svg(told(WRONG))))
    for fit in (None, EXACT):
        assert str(told(fit)) == str(half_adder())
        assert draw_svg(told(fit)) == draw_svg(half_adder())


def test_a_long_sentence_has_room_in_the_drawing():
    wide = TrainingFit(10**14, 10**15 - 1, 10**14, 10**15 - 1)
    tiny = replace(Circuit(1, (Gate(1, (-1,)),), (2,), name="c"), training=wide)
    drawing = draw_svg(tiny)
    assert f"not exact: {wide}" in " ".join(texts_of(drawing))
    width = float(re.search(r'width="([\d.]+)"', drawing)[1])
    assert all(width > 6 * len(text) for text in texts_of(drawing))


def texts_of(drawing):
    """The lines of text of a drawing: a sentence may go on in the next one."""
    return re.findall(r"<text[^>]*>([^<]*)<", drawing)


# -- files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fit", [WRONG, EXACT], ids=["wrong", "exact"])
@pytest.mark.parametrize("suffix", sorted(set(CIRCUITS_OUT) - {".json", ".btf"}))
def test_every_netlist_says_it(suffix, fit, tmp_path):
    needs(suffix)
    path = tmp_path / f"x{suffix}"
    write_circuit(path, told(fit))
    assert SENTENCES[fit] in text_of(path)


@pytest.mark.parametrize("suffix", CIRCUITS_OUT)
def test_a_netlist_of_a_circuit_that_nobody_compared_says_nothing(suffix, tmp_path):
    needs(suffix)
    path = tmp_path / f"x{suffix}"
    write_circuit(path, half_adder())
    assert "training" not in text_of(path)


@pytest.mark.parametrize("fit", [WRONG, EXACT, None], ids=["wrong", "exact", "unknown"])
@pytest.mark.parametrize("suffix", sorted(set(CIRCUITS_IN) & set(CIRCUITS_OUT)))
def test_every_format_that_is_read_gives_it_back(suffix, fit, tmp_path):
    path = tmp_path / f"x{suffix}"
    write_circuit(path, told(fit))
    assert read_circuit(path).training == fit


def test_models_hold_the_counts(tmp_path):
    write_circuit(tmp_path / "x.json", told(WRONG))
    counts = {"wrong_bits": 3, "n_bits": 64, "wrong_items": 2, "n_items": 16}
    assert json.loads((tmp_path / "x.json").read_text())["training"] == counts
    write_circuit(tmp_path / "x.btf", told(WRONG))
    assert json.dumps(json.dumps(counts))[1:-1] in text_of(tmp_path / "x.btf")


@pytest.mark.parametrize(
    "counts",
    [
        "null", "3", "[]", '{"wrong_bits": 3}', '{"wrong_bits": 9, "n_bits": 8, "wrong_items": 1, "n_items": 4}',
        '{"wrong_bits": true, "n_bits": 8, "wrong_items": 1, "n_items": 4}',
        '{"wrong_bits": 1, "n_bits": 8, "wrong_items": 1, "n_items": 4, "more": 0}',
        '{"wrong_bits": 1.0, "n_bits": 8, "wrong_items": 1, "n_items": 4}',
    ],
)  # fmt: skip
def test_models_with_counts_that_cannot_be_are_refused(counts, tmp_path):
    write_circuit(tmp_path / "x.json", told(WRONG))
    known = json.dumps(WRONG.as_dict())
    text = (tmp_path / "x.json").read_text()
    (tmp_path / "x.json").write_text(text.replace(known, counts))
    with pytest.raises(FormatError, match="training: found"):
        read_circuit(tmp_path / "x.json")
    write_circuit(tmp_path / "x.btf", told(WRONG))
    data, old = (tmp_path / "x.btf").read_bytes(), json.dumps(known)
    new = json.dumps(counts)
    changed = data.replace(old.encode(), new.encode().ljust(len(old)))
    if len(new) > len(old):
        pytest.skip("longer than what it replaces")
    (tmp_path / "x.btf").write_bytes(changed)
    with pytest.raises(FormatError, match="training: found"):
        read_circuit(tmp_path / "x.btf")


def test_graphs_of_others_may_have_an_attribute_of_that_name():
    graph = half_adder().to_networkx()
    graph.graph["training"] = networkx.path_graph(2)
    assert Circuit.from_networkx(graph).training is None
