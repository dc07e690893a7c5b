"""Items of every kind, for the tests of the formats that hold them."""

from __future__ import annotations

import numpy as np

from btfnet import PackedBits
from btfnet.formats import Items
from btfnet.problem.values import InputKind, OutputKind, one_hot


def signs(rng, *shape):
    return rng.choice([-1, 1], shape)


def every_kind(seed=0):
    rng = np.random.default_rng(seed)
    none, bits = np.zeros((7, 0)), signs(rng, 7, 3)
    classes = one_hot(rng.integers(0, 5, 7), 5, "test")
    analog = (2 * np.round(rng.uniform(0, 1, (7, 4)), 2) - 1).astype(np.float32)
    care = np.arange(21).reshape(7, 3) % 4 > 0
    return {
        "bits": Items(signs(rng, 7, 4), bits),
        "care": Items(signs(rng, 7, 4), bits, care=care),
        "class_care": Items(
            signs(rng, 7, 2), classes, output_kind=OutputKind.CLASS, care=np.repeat(care[:, :1], 5, axis=1)
        ),
        "unknown_care": Items(none, bits, InputKind.UNKNOWN_BITS, care=care),
        "packed": Items(PackedBits.from_rows(signs(rng, 7, 4)), bits),
        "one_item": Items([[1, -1]], [[1]]),
        "analog": Items(analog, bits, InputKind.ANALOG),
        "analog_classes": Items(analog, classes, InputKind.ANALOG, OutputKind.CLASS),
        "bit_classes": Items(signs(rng, 7, 2), classes, output_kind=OutputKind.CLASS),
        "unknown_bits": Items(none, bits, InputKind.UNKNOWN_BITS),
        "unknown_one_hot": Items(none, bits, InputKind.UNKNOWN_ONE_HOT),
        "counted_unknown": Items(none, bits, InputKind.UNKNOWN_BITS, n_unknown=6),
        "named": Items(bits, bits[:, :2], input_names=("a,b", " b ", '"q"'), output_names=("in", "ü")),
        "half_named": Items(bits, bits[:, :2], output_names=("p0", "p1")),
    }


KINDS = every_kind()
