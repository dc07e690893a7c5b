"""How models of tables look: a few lines of text, one line, and HTML for notebooks."""

from __future__ import annotations

import numpy as np
import pytest

import btfnet
from btfnet.tables import shown
from btfnet.tables.ways import METHODS

pytestmark = pytest.mark.needs_jit


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(0)
    age = rng.integers(18, 80, 120)
    table = {
        "age": age,
        "row": np.arange(120),
        "<b>": np.zeros(120),
        "kept": np.where(age >= 40, "yes", "no"),
    }
    return btfnet.learn(table, "kept", ways=METHODS["single"], name="people", jobs=1)


def test_text_says_what_was_learned_from_what(model):
    lines = str(model).splitlines()
    assert lines[0] == "TableModel people"
    assert lines[1].split(maxsplit=1) == ["predicts", "kept: no or yes"]
    assert lines[2].split(maxsplit=1)[1] == "1 integer; left out: row (identifier), <b> (constant)"
    assert "1 condition, " in lines[3]
    assert any(line.split(maxsplit=1) == ["training", "120 of 120 rows right (100.0%)"] for line in lines)
    assert repr(model) == f"<TableModel people: kept from 3 columns by {len(model.circuit.gates)} gates>"


def test_a_page_has_the_same_words_without_markup_of_strangers_and_a_picture(model):
    page = model._repr_html_()
    assert "&lt;b&gt; (constant)" in page
    assert "<b>" not in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "http" not in page


def test_a_circuit_of_many_gates_is_text_and_of_very_many_nothing(model, monkeypatch):
    monkeypatch.setattr(shown, "DRAWN", -1)
    assert "<pre>people: 1 input, 1 output" in model._repr_html_()
    monkeypatch.setattr(shown, "PRINTED", -1)
    assert "<pre>" not in model._repr_html_()


def test_many_names_are_counted():
    assert shown.few([]) == ""
    assert shown.few(["a", "b", "c"], " or ") == "a, b or c"
    assert shown.few([f"c{place}" for place in range(20)]) == "c0, c1, c2, c3, c4, c5, c6, c7 … 20 in all"
