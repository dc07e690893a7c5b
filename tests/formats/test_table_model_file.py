"""Models of tables as files: the same answers, the same bytes, nothing believed that is damaged."""

from __future__ import annotations

import json
from contextlib import suppress

import numpy as np
import pytest
from support.table_samples import QUICK, people

import btfnet
from btfnet.errors import DataError, FormatError
from btfnet.files import tensors
from btfnet.formats.btf.table_model import decode, encode

pytestmark = pytest.mark.needs_jit


@pytest.fixture(scope="module")
def model():
    return btfnet.learn(people(150), "class", gates=20, ways=QUICK)


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, 150)
    across = np.linspace(0, 1, 8)
    pictures = np.array([
        np.clip(np.outer(np.exp(-((across - 0.2 * label) ** 2) * 20), np.ones(8)) + rng.random((8, 8)) / 9, 0, 1)
        for label in labels
    ])  # fmt: skip
    return btfnet.learn(
        pictures.reshape(150, 64), labels=labels, picture=btfnet.Picture(8, 8), gates=250
    ), pictures


def test_a_saved_model_says_what_it_said(model, tmp_path):
    btfnet.save_table_model(tmp_path / "m.btf", model)
    found = btfnet.load_table_model(tmp_path / "m.btf")
    rows = people(300, seed=7)
    assert found.predict(rows).tolist() == model.predict(rows).tolist()
    assert np.array_equal(found.predict_proba(rows), model.predict_proba(rows))
    assert found.circuit == model.circuit
    assert encode(found) == encode(model)


def test_a_saved_model_of_pictures_says_what_it_said(pictures):
    model, rows = pictures
    found = decode("m.btf", encode(model))
    assert np.array_equal(found.predict(rows.reshape(150, 64)), model.predict(rows.reshape(150, 64)))
    assert encode(found) == encode(model)


def test_the_circuit_alone_is_read_by_whoever_wants_no_more(model, tmp_path):
    btfnet.save_table_model(tmp_path / "m.btf", model)
    circuit = btfnet.formats.read_circuit(tmp_path / "m.btf")
    assert circuit.input_names == model.encoder.names
    assert btfnet.prove_equal(circuit, model.circuit).equal


def changed(model, change):
    """The file with something else in its description."""
    metadata, arrays = tensors.unpack(encode(model), longest_header=1 << 24)
    told = json.loads(metadata["table"])
    change(told)
    return tensors.pack(metadata | {"table": json.dumps(told)}, arrays)


def _swap_labels(told):
    told["learned"][0]["target"]["labels"].append("third")


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("encoder"),
        lambda told: told["encoder"]["asked"].pop(),
        lambda told: told["encoder"]["asked"].__setitem__(0, [99, "=", "x"]),
        lambda told: told["encoder"]["asked"].__setitem__(0, [1, "=", "old"]),
        lambda told: told["encoder"]["asked"].__setitem__(0, [1, "~", 3]),
        lambda told: told["encoder"].__setitem__("of", "else"),
        lambda told: told["encoder"]["columns"].append(told["encoder"]["columns"][0]),
        lambda told: told["learned"].clear(),
        lambda told: told["learned"][0].__setitem__("step", "much"),
        lambda told: told["learned"][0].__setitem__("step", 1e308),
        lambda told: told["learned"][0].__setitem__("expected", 5),
        lambda told: told["learned"][0]["target"].__setitem__("kind", "real"),
        lambda told: told["learned"][0]["committee"].__setitem__("n_outputs", 5),
        _swap_labels,
    ],
    ids=range(14),
)
def test_a_damaged_description_is_told(change, model):
    with pytest.raises(FormatError, match=r"m\.btf: .*get the file again"):
        decode("m.btf", changed(model, change))


def test_a_circuit_that_is_not_the_one_of_the_votes_is_told(model):
    other = btfnet.learn(people(150, seed=1), "class", gates=20, ways=QUICK)
    metadata, arrays = tensors.unpack(encode(model), longest_header=1 << 24)
    told, own = tensors.unpack(encode(other), longest_header=1 << 24)
    mixed = {name: own[name] for name in own if not name.startswith("0.")}
    mixed |= {name: array for name, array in arrays.items() if name.startswith("0.")}
    with pytest.raises(FormatError, match=r"not the one that its votes make|damaged"):
        decode("m.btf", tensors.pack(told | {"table": metadata["table"]}, mixed))


def test_every_byte_that_is_cut_off_or_changed_is_told_or_harmless(model):
    data = encode(model)
    rng = np.random.default_rng(0)
    for _ in range(150):
        broken = bytearray(data)
        place = int(rng.integers(len(data)))
        broken[place] ^= int(rng.integers(1, 256))
        for some in (bytes(broken), data[:place]):
            try:
                found = decode("m.btf", some)
            except FormatError:
                continue
            with suppress(DataError):  # a column of another name
                found.predict(people(3))


def test_other_models_are_told_apart(model, tmp_path):
    btfnet.formats.write_circuit(tmp_path / "c.btf", model.circuit)
    with pytest.raises(FormatError, match="no model of a table"):
        btfnet.load_table_model(tmp_path / "c.btf")
    btfnet.save_table_model(tmp_path / "t.btf", model)
    with pytest.raises(FormatError, match="no comparisons"):
        btfnet.load_classifier(tmp_path / "t.btf")


def test_names_that_cannot_be_printed_are_saved_and_read():
    columns = {"a\x1bb": ["\x00", "x\ny"] * 12, "\ud7ffq": [1, 2, 3, 4] * 6, "class": ["\x07", "b"] * 12}
    model = btfnet.learn(columns, "class", gates=5, ways=QUICK)
    found = decode("m.btf", encode(model))
    assert found.predict(columns).tolist() == columns["class"]
