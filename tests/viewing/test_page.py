"""The page of a run as text: whole, escaped, and of whatever a directory holds."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from support.circuit_samples import full_adder, half_adder
from support.run_samples import NASTY, curves, items_of, layered, record_of

from btfnet import Circuit, Gate
from btfnet.viewing import circuit_section
from btfnet.viewing.page import page
from btfnet.viewing.story import Printed, Rows, Story

VOID = {"meta", "input"}


class Checked(HTMLParser):
    """Which elements there are, and that each ends where it should."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.ids, self.words = [], [], [], []
        self.links = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        values = dict(attributes)
        assert not any(name.startswith("on") for name in values)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values[name] for name in ("src", "href") if name in values]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def rows_of(circuit, **more):
    items = items_of(circuit, **more)
    return Rows(items.inputs > 0, items.outputs > 0)


def story(circuit, **more):
    if circuit is not None and "rows" not in more:
        more["rows"] = rows_of(circuit)
    return Story("runs/x", record_of(circuit), circuit=circuit, **{"curves": tuple(curves()), **more})


def data_of(text):
    return json.loads(re.search(r'id="circuit-data">(.*?)</script>', text, re.DOTALL)[1])


def test_names_are_texts_and_never_elements():
    checked = Checked(page(story(NASTY)))
    assert checked.tags.count("script") == 2
    assert not {"img", "b", "iframe", "link"} & set(checked.tags)
    assert "<script>alert(1)</script>" in checked.words
    assert data_of(page(story(NASTY)))["outputs"] == list(NASTY.output_names)


def test_the_page_asks_for_nothing_and_allows_its_own_script_alone():
    text = page(story(full_adder()))
    checked = Checked(text)
    assert all(link.startswith("#") for link in checked.links)
    assert {link[1:] for link in checked.links} <= set(checked.ids)
    assert len(set(checked.ids)) == len(checked.ids)
    assert "default-src &#x27;none&#x27;" in text
    assert "unsafe-inline" not in re.search(r"script-src[^;]*;", text)[0]


@pytest.mark.parametrize(
    "circuit",
    [
        full_adder(),
        Circuit(1, (), (-1,)),
        Circuit(0, (Gate(0, ()),), (1, -1)),
        Circuit(3, (), ()),
        Circuit(2, (Gate(3, (1, 1, -2, 2)),), (3,)),
    ],
)
def test_circuits_of_every_kind_have_a_page(circuit):
    n_items = 1 << circuit.n_inputs
    rows = Rows(np.zeros((n_items, circuit.n_inputs), bool), np.zeros((n_items, circuit.n_outputs), bool))
    checked = Checked(page(story(circuit, rows=rows)))
    assert "circuit" in checked.ids


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"problem": "x", "status": "solved", "exact": True},
        {
            "problem": 3,
            "status": None,
            "trials": "none",
            "best": "x",
            "scores": [],
            "settings": 1,
            "seconds": "soon",
        },
        {
            "problem": "x",
            "status": "new status",
            "trials": [1, {}, {"seed": None}],
            "best": 77,
            "committee": {},
        },
        {"problem": "x", "status": "solved", "training": {"n_items": True}, "scores": {"train": {"bits": 7}}},
    ],
)
def test_missing_and_unknown_fields_leave_a_page(record):
    for circuit in (None, half_adder()):
        checked = Checked(page(Story("runs/x", record, circuit=circuit)))
        assert {"data", "certificate", "reproduce"} <= set(checked.ids)


def test_what_is_checked_counts_and_not_what_the_record_says():
    assert "Exact, and checked" in page(story(full_adder()))
    assert "which are all that there are" in page(story(full_adder()))
    lying = page(story(full_adder(), rows=rows_of(full_adder(), wrong=2)))
    assert "Does not match its record" in lying
    assert "2 output bits" in lying or "1 training item" in lying


def test_a_run_that_goes_on_and_one_that_found_nothing_say_so():
    assert "Still running" in page(story(None, running=True))
    assert "found no circuit" in page(story(None))
    assert "circuit-data" not in page(story(None)).split("<script>")[0]


def test_a_large_circuit_has_a_page_without_a_drawing_that_says_so(monkeypatch):
    monkeypatch.setattr(circuit_section, "MOST_DRAWN", 20)
    checked = Checked(page(story(layered(40, 9))))
    assert "svg" in checked.tags
    assert "view" not in checked.ids
    assert any("40 gates" in words and "no switches" in words for words in checked.words)


def test_a_page_holds_only_so_many_items(monkeypatch):
    monkeypatch.setattr(circuit_section, "MOST_ITEM_BITS", 5 * 3)
    found = data_of(page(story(full_adder())))["items"]
    assert (found["n"], found["total"]) == (3, 8)


def test_command_seed_and_digests_are_told():
    told = story(
        full_adder(),
        command=("solve", "a b.csv"),
        files=(Printed("model.btf", 12, "ab" * 32),),
        version="9.9",
    )
    text = page(told)
    for words in ("btfnet solve &#x27;a b.csv&#x27;", "seed 0", "version 9.9", "ab" * 32):
        assert words in text


def test_the_same_run_gives_the_same_page_but_for_times():
    def timeless(text):
        return re.sub(r"\(\d+\.\d s\)", "", text)

    assert timeless(page(story(full_adder()))) == timeless(page(story(full_adder())))
