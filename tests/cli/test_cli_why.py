"""`btfnet inspect --why`, and what `verify` proves of a committee."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from support.cli_samples import run, strict_json
from support.committee_samples import SMALL, bit_classes, clusters, items_file, made_small

from btfnet import formats, load_classifier, load_committee, train_committee
from btfnet.formats.btf.classifier import write_classifier


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Committees of numbers and of bits, as `btfnet classify` leaves them, and the rows of the first."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        made_small(patch)
        for name, problem in {"clusters": clusters(), "twos": bit_classes()}.items():
            data = items_file(folder / f"{name}.npz", problem)
            given = ("--data", data, "--members", 8, "--out", folder / name, "--quiet")
            assert run("classify", *given).exit_code == 0
    np.savetxt(folder / "rows.csv", clusters().inputs[:5], delimiter=",", fmt="%.9g")
    return folder


def test_a_row_is_explained_as_in_python(runs):
    found = strict_json(
        run("inspect", runs / "clusters", "--data", runs / "rows.csv", "--why", 4, "--json").stdout
    )
    (told,) = found["explanations"]
    committee = load_committee(runs / "clusters")
    votes = committee.votes(clusters().inputs[3:4])[0]
    names = load_classifier(runs / "clusters").class_names
    assert told["class"] == names[int(votes.argmax())]
    assert told["votes"] == dict(zip(names, votes.tolist(), strict=True))
    assert told["lead"] == votes.max() - np.sort(votes)[-2]
    assert told["reasons"]
    text = run("inspect", runs / "clusters", "--data", runs / "rows.csv", "--why", 4).output
    assert f"Row 4 of {runs / 'rows.csv'}: {told['class']}, {told['lead']} vote" in text
    assert told["reasons"][0]["feature"] in text


def test_training_items_are_explained_without_data_and_bits_by_their_names(runs):
    text = run("inspect", runs / "twos", "--why", 1).output
    assert "Row 1 of the training items: " in text
    assert re.search(r"^ +[+-]\d+ +(not: )?in[01]$", text, re.MULTILINE)


def test_it_is_drawn_where_nothing_of_others_is_lost(runs, tmp_path):
    given = ("inspect", runs / "clusters", "--why", 1, "--draw", tmp_path / "why.svg")
    for _ in range(2):
        assert run(*given).exit_code == 0
    assert (tmp_path / "why.svg").read_text().startswith("<svg")
    (tmp_path / "why.svg").write_text("mine")
    assert run(*given).exit_code == 1
    assert (tmp_path / "why.svg").read_text() == "mine"
    assert run(*given, "--force").exit_code == 0


@pytest.mark.parametrize(
    "more, code, message",
    [
        (("--why", 0), 2, "--why"),
        (("--why", 121), 2, "--why is 121, but there are 120 training items"),
        (("--why", 6, "--data", "rows.csv"), 2, "rows.csv has 5 rows"),
        (("--why", 1, "--draw", "x.png"), 2, "--why draws .svg"),
        (("--why", 1, "--exact"), 2, "ask for one of them"),
        (("--why", 1, "--separator", ";"), 2, "belong to --data"),
        (("--why", 1, "--data", "none.csv"), 1, "none.csv"),
    ],
)
def test_what_cannot_be_explained_says_why_not(more, code, message, runs):
    given = [runs / word if str(word).endswith(".csv") else word for word in more]
    result = run("inspect", runs / "clusters", *given)
    assert result.exit_code == code
    assert message in result.output


def test_models_without_a_committee_say_how_to_get_one(runs, tmp_path):
    result = run("inspect", runs / "clusters" / "model.btf", "--why", 1)
    assert result.exit_code == 2
    assert "train one with btfnet classify --out DIR" in result.output
    result = run("inspect", tmp_path, "--why", 1)
    assert result.exit_code == 1
    assert "holds no circuit.json" in result.output


@pytest.mark.parametrize("name", ["clusters", "twos"])
def test_verify_proves_the_model_to_be_the_committee(name, runs):
    result = run("verify", runs / name)
    assert "The model is the committee: the same comparisons, gate for gate" in result.output
    told = strict_json(run("verify", runs / name, "--json").stdout)["committee"]
    assert told["proven"]
    assert told["members"] == told["n_members"] == 8
    assert ("on all 128 inputs" in result.output) == (name == "twos")


def test_a_model_that_is_another_one_is_found(runs, tmp_path):
    shutil.copytree(runs / "clusters", tmp_path / "run")
    committee = train_committee(clusters(), **(SMALL | {"seed": 9}))
    formats.btf.committee.save_committee(tmp_path / "run" / "committee.safetensors", committee)
    result = run("verify", tmp_path / "run")
    assert result.exit_code == 3
    assert "The model is not shown to be the committee beside it: " in result.output


def test_a_model_with_other_levels_is_found(runs, tmp_path):
    """The circuit was compared, and what makes its bits was not."""
    shutil.copytree(runs / "clusters", tmp_path / "run")
    model = load_classifier(tmp_path / "run")
    other = replace(model, comparisons=replace(model.comparisons, level=model.comparisons.level + 5))
    write_classifier(tmp_path / "run" / "model.btf", other)
    result = run("verify", tmp_path / "run")
    assert result.exit_code == 3
    assert "comparisons, names or kinds of inputs differ" in result.output
