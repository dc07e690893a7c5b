"""Checkpoint files: what comes back, how it is laid out, and how often one is written."""

from __future__ import annotations

import json

import numpy as np

from btfnet.checkpoint import file
from btfnet.checkpoint.file import Record
from btfnet.checkpoint.folder import SaveInterval


def test_record_comes_back_bit_for_bit(tmp_path):
    arrays = {
        "floats": np.array([[0.1, np.nan], [-np.inf, 1e-320]]),
        "words": np.array([2**64 - 1], dtype=np.uint64),
        "nothing": np.zeros((0, 3), dtype=np.float32),
        "bits": np.array([True, False]),
        "single": np.array(7),
    }
    values = {"gap": 0.1 + 0.2, "state": 2**127 + 1, "none": None, "name": "β"}
    file.write(tmp_path / "a.safetensors", Record(values, arrays))
    record = file.read(tmp_path / "a.safetensors")
    assert record.values == values
    for name, array in arrays.items():
        assert record.arrays[name].tobytes() == array.tobytes()
        assert (record.arrays[name].dtype, record.arrays[name].shape) == (array.dtype, array.shape)


def test_file_is_laid_out_as_safetensors(tmp_path):
    path = tmp_path / "a.safetensors"
    file.write(path, Record({"a": 1}, {"x": np.arange(3, dtype=np.int32)}))
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    assert header["x"] == {"dtype": "I32", "shape": [3], "data_offsets": [0, 12]}
    assert data[8 + length :][:12] == np.arange(3, dtype="<i4").tobytes()
    assert set(map(type, header["__metadata__"].values())) == {str}


def test_checkpoints_take_a_hundredth_of_the_time_whatever_they_cost(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("btfnet.checkpoint.folder.time.monotonic", lambda: now[0])
    for cost in (0.001, 0.3, 20.0):
        rhythm, spent, begun = SaveInterval(cost * 2e8), 0.0, now[0]
        while now[0] < begun + 20_000:
            now[0] += 0.02
            if rhythm.due():
                with rhythm.measured():
                    now[0] += cost
                    spent += cost
        assert 0 < spent / (now[0] - begun) <= 0.0101
