"""`.btf` and the layout of safetensors: what is written is read by others, what is damaged is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, random_circuit, table

from btfnet import formats
from btfnet.errors import FormatError
from btfnet.files import tensors
from btfnet.formats.btf.model import TENSORS, encode, read_model
from btfnet.logic.packed_model import PackedModel

CIRCUITS = {
    **corner_circuits(),
    **{f"random{seed}": random_circuit(np.random.default_rng(seed), widest=9) for seed in range(20)},
}


@pytest.fixture
def good(tmp_path):
    """Header, data and path of a good file."""
    path = tmp_path / "x.btf"
    formats.write_circuit(path, corner_circuits()["weights"])
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    return json.loads(data[8:begin]), data[begin:], path


def put(good, header, body=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    good[2].write_bytes(len(text).to_bytes(8, "little") + text + (good[1] if body is None else body))


def refused(good, message, header, body=None):
    put(good, header, body)
    with pytest.raises(FormatError, match=message) as caught:
        formats.read_circuit(good[2])
    assert str(caught.value).startswith(str(good[2]))


@pytest.mark.parametrize("name", CIRCUITS)
def test_model_that_is_written_is_read_back(name, tmp_path):
    model = PackedModel.from_circuit(CIRCUITS[name])
    (tmp_path / "x.btf").write_bytes(encode(model))
    assert read_model(tmp_path / "x.btf") == model
    assert table(formats.read_circuit(tmp_path / "x.btf")) == table(CIRCUITS[name])


def test_library_of_safetensors_reads_the_same_arrays(good):
    library = pytest.importorskip("safetensors.numpy")
    model = read_model(good[2])
    arrays = library.load_file(good[2])
    assert set(arrays) == set(TENSORS)
    assert arrays["mask"].tolist() == model.terms.mask.tolist()
    assert arrays["outputs"].tolist() == model.outputs.tolist()


def test_file_that_the_library_of_safetensors_wrote_is_read(good):
    library = pytest.importorskip("safetensors.numpy")
    model, arrays = read_model(good[2]), library.load_file(good[2])
    library.save_file(arrays, good[2], metadata=good[0]["__metadata__"])
    assert read_model(good[2]) == model


def test_arrays_may_stand_in_any_order(good):
    header, body, path = good
    model, names, at, data = read_model(path), sorted(TENSORS), 0, b""
    for name in names:
        first, end = header[name]["data_offsets"]
        data += body[first:end]
        header[name]["data_offsets"] = [at, at := at + end - first]
    put(good, header, data)
    assert read_model(path) == model


@pytest.mark.parametrize(
    "edit, message",
    [
        (lambda h: h.pop("mask"), "the arrays take|begins at byte"),
        (lambda h: h.update(more={"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}), "'more': found"),
        (lambda h: h["sign"].update(dtype="I64"), r"'sign': found \('int64', 1\), expected \('uint64', 1\)"),
        (lambda h: h["sign"].update(dtype="F8"), "has the type 'F8'; expected one of BOOL"),
        (lambda h: h["sign"].update(shape=[1]), "which does not fill its offsets"),
        (lambda h: h["sign"].update(shape=[1, *h["sign"]["shape"]]), r"'sign': found \('uint64', 2\)"),
        (lambda h: h["sign"].update(shape=[1] * 9), "expected at most 8 lengths"),
        (lambda h: h["sign"].update(shape=[-1]), "has the shape"),
        (lambda h: h["sign"].update(shape=[True]), "has the shape"),
        (lambda h: h["sign"].update(shape=[2**62]), "which does not fill"),
        (lambda h: h["sign"].update(data_offsets=[0, 2**63]), "has the offsets"),
        (lambda h: h["sign"].update(data_offsets=h["mask"]["data_offsets"]), "begins at byte"),
        (lambda h: h["sign"].update(more=1), "other keys than dtype"),
        (lambda h: h.update(sign=[]), "other keys than dtype"),
        (lambda h: h.update(__metadata__=[]), "__metadata__ is no object of strings"),
        (lambda h: h["__metadata__"].update(version=1), "__metadata__ is no object of strings"),
        (lambda h: h.pop("__metadata__"), "format: found None"),
        (lambda h: h["__metadata__"].update(format="pt"), "format: found 'pt', expected \"btfnet-packed\""),
        (lambda h: h["__metadata__"].update(version="4"), "read later ones with a newer btfnet"),
        (lambda h: h["__metadata__"].update(more=""), "metadata: found"),
        (lambda h: h["__metadata__"].pop("name"), "metadata: found"),
        (lambda h: h["__metadata__"].update(inputs="[1]"), "inputs: found"),
        (lambda h: h["__metadata__"].update(inputs="{}"), "expected a JSON list of strings"),
        (lambda h: h["__metadata__"].update(inputs="[" * 9999), "expected a JSON list of strings"),
        (lambda h: h["__metadata__"].update(inputs='["a", "a", "b", "c"]'), "'a' twice"),
        (lambda h: h["__metadata__"].update(outputs="[]"), "expected at least one|at least one"),
        (lambda h: h["__metadata__"].update(outputs='["y"]'), "found 1 names, expected 3"),
    ],
)  # fmt: skip
def test_header_that_does_not_fit_is_refused_with_the_reason(good, edit, message):
    edit(good[0])
    refused(good, message, good[0])


@pytest.mark.parametrize(
    "header, message",
    [
        (b"", "its header is no JSON"),
        (b"[]", "its header is no object"),
        (b"{" * 99999, "its header is no JSON"),
        (b"[" * 99999, "nested too deeply"),
        (b"\xff", "its header is no JSON in UTF-8"),
        (b'{"a": NaN}', "its header: found NaN"),
        (b'{"a": 1, "a": 2}', "the key 'a' stands twice"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number of 5000 characters"),
        (b"{}", "the arrays take 0 bytes"),
        (b"{}" + b" " * (1 << 24), "16777216 are allowed"),
    ],
)
def test_header_that_is_none_is_refused_with_the_reason(good, header, message):
    refused(good, message, header)


NO_FIT = {
    "outputs": "output 0 is node 9187201950435737471; expected ±1 to ±7",
    "at_least": "gate 0 needs 9187201950435737471 literals; expected 0 to 6",
    "sign": "a sign where there is no weight",
    "mask": "a weight of gate 0 has different signs in its planes",
    "layers": r"the layers hold \d+ gates, expected 3",
    "n_terms": r"\d+ in n_terms of 3 gates, .*; expected as many terms everywhere",
    "word": "the terms of gate 2 are not in order of word and plane",
    "plane": "the terms of gate 0 are not in order of word and plane",
}
"""What is said of an array whose bytes are all 0x7f."""


@pytest.mark.parametrize("name", TENSORS)
def test_number_that_does_not_fit_is_refused(good, name):
    header, body, _ = good
    first, end = header[name]["data_offsets"]
    refused(good, NO_FIT[name], header, body[:first] + b"\x7f" * (end - first) + body[end:])


def test_header_longer_than_the_file_allocates_nothing(good):
    good[2].write_bytes((2**64 - 1).to_bytes(8, "little") + b"{}")
    with pytest.raises(FormatError, match="its header claims 18446744073709551615 bytes, but 2 follow"):
        read_model(good[2])


def test_a_weight_too_large_for_literals_loads_as_a_model_but_not_as_a_circuit(good):
    header, body, path = good
    first, end = header["plane"]["data_offsets"]
    put(good, header, body[:first] + bytes([*body[first : end - 1], 31]) + body[end:])
    assert read_model(path).predict(np.ones((1, 4))).shape == (1, 3)
    with pytest.raises(FormatError, match="literals"):
        formats.read_circuit(path)


def test_packed_arrays_are_unpacked_as_they_were():
    arrays = {"a": np.arange(6, dtype=np.int16).reshape(2, 3), "b": np.array(True), "c": np.zeros((0, 2))}
    metadata, again = tensors.unpack(tensors.pack({"k": "é"}, arrays), longest_header=1000)
    assert metadata == {"k": "é"}
    assert all(np.array_equal(again[name], array) for name, array in arrays.items())
    assert all(again[name].dtype == array.dtype for name, array in arrays.items())
