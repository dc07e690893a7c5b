"""The generalisation study's rows, its page and its picture. The baselines are tested in test_baselines.py."""

from xml.etree import ElementTree

import pytest

import btfnet
from scripts.lib.rows import RowStore, package_digest
from scripts.lib.tables import percent
from scripts.studies.generalisation import cases, report
from scripts.studies.generalisation import picture as pictures
from scripts.studies.generalisation import study as generalisation
from scripts.studies.generalisation.figures import METHODS, Study, left


@pytest.fixture
def store(tmp_path):
    return RowStore(tmp_path / "rows.jsonl", cases.STORE.key)


@pytest.fixture
def panel(tmp_path):
    return RowStore(tmp_path / "panel.jsonl", ())


def row(method, seed, words, **more):
    scores = {
        "train_bits": 0.95,
        "train_words": 0.5,
        "test_bits": 0.9,
        "test_words": words,
        "constant_bits": 0.6,
        "constant_words": 0.0,
    }
    known = {
        "problem": "maj-2",
        "train": 128,
        "method": method,
        "seed": seed,
        "exact": words == 1,
        "seconds": 2.0,
        "budget": "9 s",
    }
    return known | scores | more


def cell(method, words, **more):
    return [row(method, seed, each, **more) for seed, each in enumerate(words)]


# -- rows -------------------------------------------------------------------------------------------------


def test_the_panel_s_runs_without_settings_count_but_newer_rows_of_the_study_more(store, panel):
    run = {
        "problem": "maj-2", "widths": "32-32-32", "train": 256, "engine": "auto", "settings": "none", "seed": 2000,
        "limit": 120, "sources": "x", "cpu_seconds": 3.0, "exact": True, "test_bits": 1.0, "test_words": 0.875,
        "constant_bits": 0.5, "constant_words": 0.0,
    }  # fmt: skip
    others = (
        {"engine": "descent"}, {"settings": "own"}, {"widths": "32-64-32"}, {"train": 300}, {"problem": "sum"},
    )  # fmt: skip
    for change in (*others, {"seed": 2000}):
        panel.keep(run | {"seed": 0} | change)
    old = row(cases.PROJECT, 2, 0.25, train=256)
    store.keep(old)
    assert [(each["seed"], each["test_words"]) for each in cases.load_rows(store, panel)] == [(2, 0.875)]
    store.keep(old | {"settings": cases.NO_SETTINGS})
    assert [(each["seed"], each["test_words"]) for each in cases.load_rows(store, panel)] == [(2, 0.25)]


def test_only_missing_seeds_are_measured():
    ste = row("ste", 0, 0.5)
    assert cases.missing(("maj-2", 128, "ste"), 2, []) == [0, 1]
    assert cases.missing(("maj-2", 128, "ste"), 2, [ste]) == [1]
    assert cases.missing(("maj-2", 128, "ste"), 2, [ste, row("ste", 1, 0.5)]) == []
    assert cases.missing(("maj-2", 64, "ste"), 2, [ste]) == [0, 1]
    assert cases.missing(("maj-2", 128, "ste"), 1, [ste], lambda each: each["test_words"] == 1) == [0]


def test_a_row_replaces_the_earlier_one_of_its_key(store, panel):
    for words, problem in ((0.5, "maj-2"), (0.25, "maj-3"), (0.75, "maj-2")):
        store.keep(row("ste", 0, words, problem=problem))
    assert [(each["problem"], each["test_words"]) for each in cases.load_rows(store, panel)] == [
        ("maj-2", 0.75),
        ("maj-3", 0.25),
    ]


def test_runs_with_settings_of_their_own_are_measured_anew():
    counts, anew = generalisation.counting(False), generalisation.counting(True)
    older, other = (
        row(cases.PROJECT, 0, 1.0),
        row(cases.PROJECT, 0, 1.0, settings=cases.NO_SETTINGS, sources="x"),
    )
    now = other | {"sources": package_digest()}
    assert [counts(each) for each in (older, other, now)] == [False, True, True]
    assert [anew(each) for each in (older, other, now)] == [False, False, True]


def test_every_problem_of_the_study_is_built_in_and_large_enough():
    for name in cases.PROBLEMS:
        assert btfnet.load(name).problem.n_items > cases.sizes_of(name)[-1]
    assert set(pictures.TITLES) == set(cases.PROBLEMS)
    assert set(generalisation.LIMITS) <= set(cases.PROBLEMS)


# -- what they amount to ----------------------------------------------------------------------------------


def test_only_what_is_entirely_right_is_a_hundred_per_cent():
    texts = [percent(value) for value in (0.0, 0.1, 0.12345, 0.99999, 1.0)]
    assert texts == ["0", "10", "12.35", "99.99", "100"]


def test_enough_is_the_smallest_number_at_which_no_seed_fails():
    study = Study(
        [
            *cell("ste", (1.0, 1.0), train=64),
            *cell("ste", (1.0, 0.9, 1.0), train=128),
            *cell("ste", (1.0, 1.0, 1.0), train=256),
            *cell("relu", (0.5, 0.125, 1.0), train=256),
        ]
    )
    assert study.measured("maj-2", "ste") == [128, 256]
    assert study.enough("maj-2", "ste") == 256
    assert study.enough("maj-2", "relu") is None
    assert report.enough_cell(study, "maj-2", "ste") == "**256**"
    assert report.enough_cell(study, "maj-2", "relu") == "> 256 (12.5 %)"
    assert report.enough_cell(study, "maj-2", "biper") == ""


def test_what_is_left_names_problems_methods_and_numbers():
    full = [cell(method, (0.0,) * 3, train=size) for method in METHODS for size in cases.SIZES]
    study = Study([each for rows_of_cell in full[:-1] for each in rows_of_cell])
    lines = left(study).splitlines()
    assert f"- maj-2: {METHODS[list(METHODS)[-1]]} (N = 512)" in lines
    assert "- maj-3: everything" in lines
    assert "- rorschach-3: everything" in lines


def test_the_readme_counts_problems_on_which_all_is_right():
    study = Study(
        [*cell(cases.PROJECT, (1.0,) * 3), *cell("relu", (1.0, 0.5, 1.0)), *cell("ste", (0.0,) * 3)]
    )
    text = " ".join(report.summary(study).split())
    assert "right on 1 of 1 problems" in text
    assert "ReLU with AdamW on none of 1" in text
    assert "L1 penalty on none of 0" in text


def test_fitting_is_to_have_all_training_items_right():
    study = Study([*cell("ste", (0.0, 0.0)), row("biper", 0, 0.0, train_words=1.0, train_bits=1.0)])
    assert report.fitting(study, report.BINARY) == "1 of 3"
    assert report.fitting(study, ["ste"]) == "None of 2"
    assert report.training_bits(study, report.BINARY) == "95 to 100 %"
    assert report.training_bits(study, report.BINARY, ["maj-3"]) == "no run yet"


# -- page and picture -------------------------------------------------------------------------------------


def test_page_tells_medians_spread_and_what_is_missing():
    page = report.page(Study([*cell(cases.PROJECT, (1.0, 0.25, 1.0)), row("ste", 0, 0.125)]))
    assert "| maj-2 | 128 | **100** (25 … 100), 2/3, 2 s | 12.5 | 0 |" in page
    assert "| maj-2 | > 128 (25 %) |  |" in page
    assert "- maj-3: everything" in page
    assert "Of 3 runs 3 are older ones" in page


def test_runs_without_settings_are_not_called_older_ones():
    page = report.page(Study(cell(cases.PROJECT, (1.0,) * 3, settings=cases.NO_SETTINGS)))
    assert "older ones" not in page


def test_picture_is_svg_with_a_panel_a_problem_and_a_point_a_cell():
    study = Study(
        [*cell(cases.PROJECT, (1.0, 0.5, 1.0)), *cell("ste", (0.0,) * 3), *cell("ste", (0.0,), train=64)]
    )
    root = ElementTree.fromstring(pictures.picture(study))
    svg = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{svg}g")) == len(cases.PROBLEMS) + 1
    assert len(root.findall(f"{svg}g/{svg}circle")) == 3 + len(study.methods)
    assert len(root.findall(f"{svg}g/{svg}polyline")) == 1
