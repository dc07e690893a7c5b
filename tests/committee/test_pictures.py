"""Pictures: levels, templates, cells, and the circuit that they are."""

from __future__ import annotations

import numpy as np
import pytest

from btfnet import DataError, Network, Problem, UsageError, train_committee
from btfnet.committee.boosting import Boost
from btfnet.committee.layer import Features, JoinedLayer, PlainLayer
from btfnet.committee.pictures import (
    Kind,
    Picture,
    PictureLayer,
    Templates,
    bright,
    cells_of,
)
from btfnet.committee.templates import affordable, learned_templates, picture_layer
from btfnet.committee.varied import n_varied, varied
from btfnet.kernels.bits import unpack_bits


def pictures(n_items=80, height=9, width=8, channels=1, seed=0):
    """Bars that stand or lie somewhere, in noise: rows of numbers from 0 to 255, and which they are."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 90, (n_items, height, width, channels))
    labels = rng.integers(0, 2, n_items)
    for image, label in zip(images, labels, strict=True):
        place = rng.integers(2, min(height, width) - 2)
        image[(slice(1, -1), place) if label else (place, slice(1, -1))] += 160
    return images.reshape(n_items, -1).astype(np.float32), labels


@pytest.mark.parametrize(
    ("side", "pool", "stride"), [(3, 2, 2), (3, 4, 2), (2, 3, 3), (5, 4, 4), (8, 1, 1), (3, 9, 9), (3, 1, 2)]
)
def test_every_position_is_in_a_cell_and_no_cell_in_another(side, pool, stride):
    picture = Picture(9, 8)
    cells = cells_of(picture, Kind(side, 1, pool, stride))
    positions = (10 - side) * (9 - side)
    assert all(cell and max(cell) < positions for cell in cells)
    if stride <= pool:
        assert {position for cell in cells for position in cell} == set(range(positions))
    assert not any(set(a) < set(b) for a in cells for b in cells)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("levels", [[100.0], [60.0, 200.0]])
def test_the_layer_s_circuit_says_what_the_layer_says(channels, levels):
    rows, _ = pictures(channels=channels)
    picture = Picture(9, 8, channels)
    pixels = bright(picture, np.array(levels), rows)
    rng = np.random.default_rng(1)
    kinds = [
        learned_templates(pixels, kind, rng)
        for kind in (Kind(3, 3, 3, 2), Kind(2, 2, 4, 4), Kind(2, 2, 4, 2, 2))
    ]
    plain = PlainLayer(PictureLayer(picture, np.array(levels), ()).comparisons)
    assert np.array_equal(plain.features(rows), pixels.reshape(len(rows), -1) > 0)
    templates = PictureLayer(picture, np.array(levels), kinds)
    for layer in (plain, templates, JoinedLayer((templates, plain, templates))):
        features = layer.features(rows)
        assert features.shape == (len(rows), layer.n_features)
        some = list(range(0, layer.n_features, 3))[::-1]
        circuit = layer.circuit(some)
        found = circuit.predict(layer.comparisons.encode(rows), kind="bool")
        assert np.array_equal(found, features[:, some])
        packed = Features.of(layer, iter([rows[:37], rows[37:]]), len(rows))
        assert np.array_equal(unpack_bits(packed.columns, len(rows)), features)
        bits = np.unpackbits(packed.rows.view(np.uint8), axis=1, bitorder="little")
        assert np.array_equal(bits[:, : layer.n_features] > 0, features)


def test_a_pixel_is_bright_above_the_level_in_its_own_channel_and_place():
    picture = Picture(2, 3, 2)
    values = np.arange(12, dtype=np.float32)[None] % 3
    pixels = bright(picture, np.array([0.5, 1.5]), values)
    for level in range(2):
        for channel in range(2):
            for row in range(2):
                for column in range(3):
                    value = values[0, (row * 3 + column) * 2 + channel]
                    assert pixels[0, 2 * level + channel, row, column] == (value > (0.5, 1.5)[level])


def test_templates_are_windows_seen_in_training_and_few_windows_agree_with_one():
    rows, _ = pictures(400)
    layer = picture_layer(Picture(9, 8), rows, np.random.default_rng(0))
    [kind] = layer.templates
    assert (kind.at_least > kind.side**2 / 2).all()
    shares = layer.features(rows).mean(axis=0)
    assert 0 < shares.mean() < 0.7


def test_shifted_pictures_lose_an_edge_and_nothing_else():
    rows = np.arange(1, 13, dtype=np.float32)[None]
    images = [each.reshape(3, 4) for each in varied(rows, Picture(3, 4))]
    picture = rows.reshape(3, 4)
    down, up, right, left = images
    assert np.array_equal(down[1:], picture[:-1])
    assert np.array_equal(up[:-1], picture[1:])
    assert np.array_equal(right[:, 1:], picture[:, :-1])
    assert np.array_equal(left[:, :-1], picture[:, 1:])
    edges = (0, -1, np.s_[:, 0], np.s_[:, -1])
    assert all((image[edge] == 1).all() for image, edge in zip(images, edges, strict=True))


def test_large_pictures_are_turned_too_and_small_ones_are_not():
    picture = Picture(20, 21)
    image = np.zeros((20, 21), dtype=np.float32)
    image[4:16, 10] = 200
    made = [each.reshape(20, 21) for each in varied(image.reshape(1, -1), picture)]
    assert len(made) == n_varied(picture) == 6
    assert n_varied(Picture(16, 16)) == 4
    one, other = made[4:]
    assert np.allclose(one, other[:, ::-1], atol=1e-3)
    assert not np.array_equal(one, image)
    for turned in (one, other):
        assert abs(float(turned.sum()) - image.sum()) < 0.02 * image.sum()
        rows, columns = np.nonzero(turned > 100)
        slope = np.rad2deg(np.arctan(np.polyfit(rows, columns, 1)[0]))
        assert 8 < (slope if turned is one else -slope) < 12


@pytest.mark.parametrize("gates", [100, 1000, 5000, 20_000, 60_000, None])
def test_templates_leave_room_for_members_where_gates_are_few(gates):
    kinds, picture = (Kind(5, 24, 4, 2), Kind(7, 24, 4, 3)), Picture(28, 28)
    found = affordable(picture, kinds, gates)
    if gates in (None, 60_000):
        assert found == list(kinds)
        return
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 2, (20, 1, 28, 28)).astype(np.uint8)
    layer = PictureLayer(picture, np.array([0.5]), [learned_templates(pixels, kind, rng) for kind in found])
    n_gates = len(layer.circuit(range(layer.n_features)).gates)
    assert n_gates <= 0.6 * gates or all(kind.number == 1 for kind in found)


def test_windows_that_do_not_fit_are_refused():
    kind = Templates(Kind(9, 1, 1, 1), np.zeros(1, np.uint64), np.zeros(1, np.int64))
    with pytest.raises(UsageError, match="windows of 9 x 9 pixels"):
        PictureLayer(Picture(8, 8), np.zeros(1), [kind])
    with pytest.raises(UsageError, match="height is 0"):
        Picture(0, 8)


def test_bars_are_told_apart_from_any_range_of_grey_and_the_one_circuit_says_the_same():
    rows, labels = pictures(300)
    network = Network.layered([72, 2])
    problem = Problem.from_arrays(
        rows, labels, network, input_kind="numbers", output_kind="class", n_train=200
    )
    boost = Boost(items=128, inputs=30, hidden=4, rounds=4)
    committee = train_committee(problem, members=80, picture=Picture(9, 8), boost=boost, jobs=1)
    assert committee.scores(problem)[1] > 0.85
    found = committee.circuit().predict(committee.comparisons.encode(rows), kind="bool")
    assert np.array_equal(found.argmax(axis=1), committee.predict(rows))
    assert np.array_equal(committee.classifier().predict(rows), committee.predict(rows))
    with pytest.raises(DataError, match="expected a finite number"):
        committee.predict(np.full((1, 72), np.nan))
    with pytest.raises(UsageError, match="has 64 values, and the items have 72 inputs"):
        train_committee(problem, picture=Picture(8, 8))
