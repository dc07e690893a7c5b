"""Committees as they are saved: the same classes, the same bytes, and nothing believed that is damaged."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.committee_samples import SMALL, bit_classes, clusters, model_bytes

import btfnet
from btfnet import DataError, FormatError, formats, train_committee
from btfnet.formats.btf.classifier import decode, encode, load_classifier, write_classifier


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Kernels are there before any command says that it compiles them."""
    decode("m.btf", model_bytes()).one_hot(np.zeros((1, 6)))


@pytest.fixture
def saved(tmp_path):
    write_classifier(tmp_path / "m.btf", train_committee(clusters(), **SMALL).classifier())
    return tmp_path / "m.btf"


# -- the file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", [clusters(3, n_classes=3), bit_classes()], ids=["analog", "bits"])
def test_saved_model_names_the_class_of_the_committee_on_every_item(problem, tmp_path):
    committee = train_committee(problem, **SMALL)
    write_classifier(tmp_path / "m.btf", committee.classifier())
    found = btfnet.load_classifier(tmp_path / "m.btf")
    assert np.array_equal(found.predict(problem.inputs), committee.predict(problem.inputs))
    assert (found.one_hot(problem.inputs).sum(axis=1) == 1).all()
    assert found.class_names == committee.circuit().output_names
    assert found.input_kind is problem.input_kind
    assert encode(found) == (tmp_path / "m.btf").read_bytes()


def test_same_seed_saves_the_same_bytes():
    assert encode(train_committee(clusters(), **SMALL).classifier()) == model_bytes()


def test_the_circuit_alone_is_read_like_any_model(saved):
    committee = train_committee(clusters(), **SMALL)
    bits = committee.comparisons.encode(clusters().inputs)
    assert np.array_equal(formats.read_circuit(saved).predict(bits), committee.circuit().predict(bits))


def test_model_without_comparisons_is_no_classifier(saved):
    formats.write_circuit(saved, formats.read_circuit(saved))
    with pytest.raises(FormatError, match=r"no comparisons, so its inputs are bits; use btfnet\.load_model"):
        load_classifier(saved)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0.0] * 5], "rows of 6 values"),
        ([[0.0] * 6, [0, 0, 3, 0, 0, 0]], r"item 9 has the value 3\.0 in column 3; expected a number from -1"),
        ([[np.nan] * 6], "item 8 has the value nan in column 1"),
        ([["a"] * 6], "expected numbers"),
    ],
)  # fmt: skip
def test_rows_that_are_none_are_refused(rows, message):
    with pytest.raises(DataError, match=message):
        decode("m.btf", model_bytes()).one_hot(rows, first=7)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_file_is_read_or_refused_but_never_breaks_the_reader(data):
    model = model_bytes()
    place = data.draw(st.integers(0, len(model) - 1))
    kind = data.draw(st.sampled_from(["cut", "byte", "drop", "double"]))
    other = bytes([data.draw(st.integers(0, 255))])
    found = {
        "cut": model[:place],
        "byte": model[:place] + other + model[place + 1 :],
        "drop": model[:place] + model[place + 1 :],
        "double": model[:place] + other + model[place:],
    }[kind]
    try:
        classifier = decode("m.btf", found)
    except FormatError as error:
        assert str(error).startswith("m.btf: ")  # noqa: PT017
    else:
        assert kind == "byte"
        classifier.one_hot(np.zeros((2, 6)))


def edited(edit):
    """The file with another header or other arrays, packed anew."""
    metadata, arrays = btfnet.files.tensors.unpack(model_bytes(), longest_header=1 << 24)
    arrays = {name: array.copy() for name, array in arrays.items()}
    edit(metadata, arrays)
    return btfnet.files.tensors.pack(metadata, arrays)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda m, a: a["level"].put(3, np.nan), "a level that is not finite"),
        (lambda m, a: a["level"].put(3, np.inf), "a level that is not finite"),
        (lambda m, a: a["comparison"].put(3, 2), "other weights than 0 and"),
        (lambda m, a: a["comparison"].put(3, -128), "other weights than 0 and"),
        (lambda m, a: a.update(level=a["level"][1:]), r"the shape \(441, 6\) and 440 levels"),
        (lambda m, a: a.update(comparison=a["comparison"][1:]), r"the shape \(440, 6\)"),
        (lambda m, a: a.update(comparison=a["comparison"][:, :0]), "expected 0"),
        (lambda m, a: a.update(comparison=a["comparison"].astype(np.int64)), "'int64'"),
        (lambda m, a: a.pop("level"), "the array 'level'"),
        (lambda m, a: m.update(raw_inputs='["a"]'), "found 1 names, expected 6"),
        (lambda m, a: m.update(raw_inputs=json.dumps(list("aabcde"))), "expected distinct ones"),
        (lambda m, a: m.update(raw_inputs="6"), "a JSON list of strings"),
        (lambda m, a: m.update(input_kind="unknown_bits"), "expected analog or bits"),
        (lambda m, a: m.pop("input_kind"), "metadata"),
        (lambda m, a: m.update(version="1"), "metadata"),
        (lambda m, a: m.update(version="4"), "newer btfnet"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused_with_the_reason(edit, message):
    with pytest.raises(FormatError, match=message):
        decode("m.btf", edited(edit))
