"""Templates are learned from windows of training pictures, by counting alone, as many as there is room for.

Source: patches clustered by k-means as a first layer, A. Coates, A. Ng and H. Lee, AISTATS (2011), 215.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.layer import JoinedLayer, Layer
from btfnet.committee.pictures import MOST_PIXELS, Kind, Picture, PictureLayer, Templates, bright, cells_of
from btfnet.kernels.pictures import window_words

DRAWN = 100_000
"""Windows of training pictures that are drawn, of which …"""
CLUSTERED = 25_000
"""… so many that are not nearly all dark or all bright are clustered, …"""
FLAT = 0.15
"""… which are those with a smaller part of either."""
PASSES = 12
RARE = 0.93
"""Quantile of the windows' agreement with a template from which on it counts as found."""


def learned_templates(pixels: NDArray[np.uint8], kind: Kind, rng: np.random.Generator) -> Templates:
    """Centres of windows of training pictures, (n_items, n_planes, height, width)."""
    side, number = kind.side, kind.number
    n_pixels = pixels.shape[1] * side * side
    rows, columns = pixels.shape[2] - side + 1, pixels.shape[3] - side + 1
    items, tops, lefts = (rng.integers(0, most, DRAWN) for most in (len(pixels), rows, columns))
    words = np.zeros(DRAWN, dtype=np.uint64)
    window_words(pixels, side, items, tops, lefts, words)
    bright = np.bitwise_count(words) / n_pixels
    seen = words[(bright > FLAT) & (bright < 1 - FLAT)][:CLUSTERED]
    if not len(seen):
        seen = words[:CLUSTERED]
    bits = (seen[:, None] >> np.arange(n_pixels, dtype=np.uint64) & np.uint64(1)).astype(np.float32) * 2 - 1
    centres = bits[rng.choice(len(bits), number, replace=len(bits) < number)]
    for _ in range(PASSES):
        nearest = (bits @ centres.T).argmax(axis=1)
        for index in range(number):
            own = bits[nearest == index]
            if len(own):
                centres[index] = np.where(own.sum(axis=0) >= 0, 1, -1)
    agreement = (bits @ centres.T + n_pixels) / 2
    at_least = np.ceil(np.quantile(agreement, RARE, axis=0)).astype(np.int64)
    powers = np.uint64(1) << np.arange(n_pixels, dtype=np.uint64)
    found = np.where(centres > 0, powers, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return Templates(kind, found, at_least)


class Look(NamedTuple):
    """Levels of grey, as parts of its range, at which pixels are bright, and the templates of such pixels."""

    levels: tuple[float, ...]
    kinds: tuple[Kind, ...]


LOOKS = (
    Look((0.4,), (Kind(7, 24, 4, 3),)),
    Look((0.25, 0.65), (Kind(5, 32, 4, 2), Kind(4, 24, 3, 2))),
)
SMALL_LOOKS = (Look((0.2, 0.5), (Kind(3, 32, 2, 1),)),)
"""The same of pictures no larger than `SMALL`, whose pixels are shades more than lines."""
SMALL = 16
AFFORDABLE, LEAST_PART, MOST_STEP = 0.6, 1 / 3, 3
"""Where gates are few: templates may take so large a part of them; before only a smaller part of the templates is
left than that, they are looked for at every second or third position alone."""


def picture_layer(
    picture: Picture, inputs: NDArray[np.float32], rng: np.random.Generator, gates: int | None = None
) -> Layer:
    """Levels and templates of training pictures, (n_items, n_inputs).

    gates  so many are there for the whole committee; None for any number
    """
    looks = SMALL_LOOKS if is_small(picture) else LOOKS
    kinds = iter(affordable(picture, [kind for look in looks for kind in look.kinds], gates))
    least, most = float(inputs.min()), float(inputs.max())
    layers = []
    for look in looks:
        levels = least + (most - least) * np.array(look.levels)
        pixels, templates = bright(picture, levels, inputs), []
        for kind in islice(kinds, len(look.kinds)):
            side = _fitting(picture, kind.side, pixels.shape[1])
            templates.append(learned_templates(pixels, kind._replace(side=side), rng))
        layers.append(PictureLayer(picture, levels, templates))
    return layers[0] if len(layers) == 1 else JoinedLayer(tuple(layers))


def _fitting(picture: Picture, side: int, n_planes: int) -> int:
    """The side of a window that is in the picture, and one word."""
    side = min(side, picture.height, picture.width)
    while side > 1 and side**2 * n_planes > MOST_PIXELS:
        side -= 1
    return side


def affordable(picture: Picture, kinds: Sequence[Kind], gates: int | None) -> list[Kind]:
    """Kinds of templates whose gates leave room for members: fewer templates, then at fewer positions, too."""
    if gates is None:
        return list(kinds)
    for step in range(1, MOST_STEP + 1):
        coarse = [kind._replace(stride=max(1, kind.stride // step) * step, step=step) for kind in kinds]
        part = AFFORDABLE * gates / sum(kind.number * _gates_of_one(picture, kind) for kind in coarse)
        if part >= LEAST_PART or step == MOST_STEP:
            break
    return [kind._replace(number=max(1, int(kind.number * min(1, part)))) for kind in coarse]


def _gates_of_one(picture: Picture, kind: Kind) -> int:
    """Of one template, if all its positions and cells are needed."""
    fitting = kind._replace(side=min(kind.side, picture.height, picture.width))
    cells = cells_of(picture, fitting)
    return len({place for cell in cells for place in cell}) + sum(len(cell) > 1 for cell in cells)


def is_small(picture: Picture) -> bool:
    """Whether single pixels count: features of tables are added to such pictures."""
    return max(picture.height, picture.width) <= SMALL
