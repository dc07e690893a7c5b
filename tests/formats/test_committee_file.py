"""`committee.safetensors`: members, layer and names come back; what is damaged is refused."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.committee_samples import SMALL, bit_classes, clusters

import btfnet
from btfnet import FormatError, Network, Picture, Problem, load_committee, save_committee, train_committee
from btfnet.committee.boosting import Boost
from btfnet.files import tensors
from btfnet.formats.btf.committee import decode, to_bytes


def pictures():
    rng = np.random.default_rng(3)
    rows = rng.integers(0, 255, (40, 8 * 9 * 2))
    network = Network.free(rows.shape[1], 3)
    problem = Problem.from_arrays(
        rows, rng.integers(0, 3, 40), network, input_kind="numbers", output_kind="class"
    )
    boost = Boost(64, 20, 4, 2)
    return problem, train_committee(problem, members=6, picture=Picture(8, 9, 2), boost=boost, validation=0)


def two_outputs():
    rows = np.random.default_rng(1).integers(0, 2, (64, 5))
    problem = Problem.from_arrays(rows, rows[:, :2], Network.free(5, 2))
    return problem, train_committee(problem, members=8, boost=Boost(64, 5, 3, 2), validation=0)


MADE = {
    "classes": lambda: (clusters(), train_committee(clusters(), **SMALL)),
    "bits": lambda: (bit_classes(), train_committee(bit_classes(), **SMALL)),
    "pictures": pictures,
    "outputs": two_outputs,
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_committee_comes_back_as_it_was(make, tmp_path):
    problem, committee = make()
    save_committee(tmp_path / "committee.safetensors", committee)
    found = load_committee(tmp_path)
    assert to_bytes(found) == to_bytes(committee)
    assert np.array_equal(found.votes(problem.inputs), committee.votes(problem.inputs))
    assert found.circuit() == committee.circuit()
    names = ("name", "class_names", "input_names", "input_kind", "output_kind", "training", "status")
    assert [getattr(found, name) for name in names] == [getattr(committee, name) for name in names]


@cache
def sample():
    return to_bytes(pictures()[1])


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader(data):
    whole = sample()
    place = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["cut", "byte", "drop"]))
    other = bytes([data.draw(st.integers(0, 255))])
    found = {
        "cut": whole[:place],
        "byte": whole[:place] + other + whole[place + 1 :],
        "drop": whole[:place] + whole[place + 1 :],
    }[kind]
    try:
        committee = decode("c", found)
    except FormatError as error:
        assert str(error).startswith("c: ")  # noqa: PT017
    else:
        assert kind == "byte"
        committee.votes(np.zeros((2, 144)))


def edited(edit):
    metadata, arrays = tensors.unpack(sample(), longest_header=1 << 24)
    arrays = {name: array.copy() for name, array in arrays.items()}
    told = json.loads(metadata["committee"])
    edit(metadata, told, arrays)
    return tensors.pack({**metadata, "committee": json.dumps(told)}, arrays)


WRONG = [
    (lambda m, t, a: m.update(version="2"), "expected btfnet-committee 1"),
    (lambda m, t, a: m.update(format="x"), "expected btfnet-committee 1"),
    (lambda m, t, a: t.pop("n_outputs"), "other keys"),
    (lambda m, t, a: t.update(n_outputs=1), "n_outputs is 1"),
    (lambda m, t, a: t.update(n_outputs=True), "n_outputs is True"),
    (lambda m, t, a: t.update(n_outputs=1 << 40), "n_outputs is"),
    (lambda m, t, a: t.update(n_outputs=4, classes=[]), "code does not fit"),
    (lambda m, t, a: t.update(output_kind="bits", classes=[]), "code does not fit"),
    (lambda m, t, a: a["layer.1.weight"].put(3, 5), "other weights than 0 and"),
    (lambda m, t, a: t.update(classes=["a", "a", "b"]), "names that repeat"),
    (lambda m, t, a: t.update(classes=["a", "b"]), "2 names of 3 classes or outputs"),
    (lambda m, t, a: t.update(inputs=["a"]), "1 names of 144 inputs"),
    (lambda m, t, a: t.update(input_kind="x"), "'x'"),
    (lambda m, t, a: t.update(status="x"), "'x'"),
    (lambda m, t, a: t.update(training={"wrong_bits": -1}), "the whole numbers"),
    (lambda m, t, a: t.update(layer=[]), "the layer is damaged"),
    (lambda m, t, a: t.update(layer={"parts": []}), "too many layers, or none"),
    (lambda m, t, a: t["layer"].update(parts=[{"parts": [{"parts": [{}]}]}]), "too many layers"),
    (lambda m, t, a: t["layer"]["parts"][0].update(templates=[[1, 32, 1024, 1, 1]]), "positions"),
    (lambda m, t, a: t["layer"]["parts"][0].update(picture=[9, 9, 1]), "layers of other inputs"),
    (lambda m, t, a: t.update(classes=["a", "\x1b", "b"]), "cannot be printed"),
    (lambda m, t, a: a.update({"members.inputs": a["members.inputs"][:, None]}), "inputs is int64 of 2"),
    (lambda m, t, a: a.update({"layer.1.level": a["layer.1.level"][:, None]}), "level is float64 of 2"),
    (lambda m, t, a: a.update({"members.codes": a["members.codes"] * 1.0}), "codes is float64"),
    (lambda m, t, a: a.update({n: x[:0] for n, x in a.items() if n.startswith("members.")}), "no members"),
    (lambda m, t, a: t["layer"]["parts"][0].update(picture=[1 << 20, 1 << 20, 1]), "the layer is damaged"),
    (lambda m, t, a: t["layer"]["parts"][0].update(picture=[1, 1, 1]), "do not fit"),
    (
        lambda m, t, a: t["layer"]["parts"][0].update(templates=[[3, 32, 1 << 40, 1, 1]]),
        "the layer is damaged",
    ),
    (lambda m, t, a: t["layer"]["parts"][0].update(templates=[[3, 32, 2, 0, 1]]), "the layer is damaged"),
    (lambda m, t, a: a["layer.0.levels"].put(0, np.nan), "a level that is not finite"),
    (lambda m, t, a: a["members.inputs"].put(0, 1 << 40), "hears what is no feature"),
    (lambda m, t, a: a["members.inputs"].put(0, -1), "hears what is no feature"),
    (lambda m, t, a: a["members.codes"].put(0, 7), "code does not fit"),
    (lambda m, t, a: a["members.outputs"].put(0, 1 << 40), "output"),
    (lambda m, t, a: a["members.n_literals"].put(0, 1 << 40), "n_literals that do not fit literals"),
    (lambda m, t, a: a["members.n_inputs"].put(0, 1 << 40), "n_inputs that do not fit inputs"),
    (lambda m, t, a: a["members.n_gates"].put([0, 1], [-1, 99]), "n_gates that do not fit at_least"),
    (lambda m, t, a: a.pop("members.codes"), "the members are damaged"),
    (lambda m, t, a: a.update({"members.n_inputs": a["members.n_inputs"][:-1]}), "the members are damaged"),
]


@pytest.mark.parametrize(("edit", "message"), WRONG)
def test_what_does_not_fit_is_refused_with_the_reason(edit, message):
    with pytest.raises(FormatError, match=f"(?i){message}"):
        decode("c", edited(edit))


def test_wrong_arguments_are_told():
    for wrong in (3, None):
        with pytest.raises(btfnet.UsageError):
            load_committee(wrong)
    with pytest.raises(btfnet.UsageError):
        save_committee("x", 3)
