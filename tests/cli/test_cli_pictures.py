"""`btfnet classify` on pictures, and on arrays as NumPy saves them."""

from __future__ import annotations

import numpy as np
import pytest
from support.cli_samples import run, strict_json
from support.committee_samples import SMALL, clusters

from btfnet import formats, train_committee


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Committees of the command line are small, and there is nothing to warm up."""

    def train(problem, **options):
        return train_committee(problem, **(SMALL | options))

    monkeypatch.setattr("btfnet.cli.commands.classify.train_committee", train)
    monkeypatch.setattr("btfnet.cli.commands.classify.warm_up_committee", lambda **_: None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("28", "give its height and width"),
        ("0x6", "height is 0"),
        ("2x4", "has 8 values, and the items have 6"),
    ],
)
def test_pictures_that_are_none_are_refused(tmp_path, text, message):
    result = run("classify", "--data", saved(tmp_path / "c.npz"), "--picture", text)
    assert result.exit_code == 2
    assert message in result.stderr


def test_labels_and_numbers_of_any_range_are_read_from_plain_arrays(tmp_path):
    """As NumPy saves them: no kinds, pictures from 0 to 255, and a test file without the last class."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 90)
    inputs = (rng.integers(0, 60, (90, 12)) + 60 * labels[:, None]).astype(np.uint8)
    np.savez(tmp_path / "train.npz", inputs=inputs, outputs=labels)
    few = labels < 2
    np.savez(tmp_path / "test.npz", inputs=inputs[few], outputs=labels[few])
    given = ("--data", tmp_path / "train.npz", "--test", tmp_path / "test.npz", "--picture", "3x4")
    record = strict_json(run("classify", *given, "--members", 40, "--out", tmp_path / "run", "--json").stdout)
    assert record["scores"]["test"]["words"] > 0.8
    assert record["scores"]["test"]["words"] == record["test_classes"]
    assert record["committee"]["classes"] == ["y0", "y1", "y2"]
    np.save(tmp_path / "rows.npy", inputs.astype(np.float32))
    assert run("predict", tmp_path / "run", tmp_path / "rows.npy", tmp_path / "out.npy").exit_code == 0
    found = np.load(tmp_path / "out.npy").argmax(axis=1)
    assert (found[few] == labels[few]).mean() == record["test_classes"]


def saved(path):
    formats.write_items(path, clusters().items)
    return path
