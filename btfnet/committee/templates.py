"""Templates are learned from windows of training pictures, by counting alone, as many as there is room for.

Source: patches clustered by k-means as a first layer, A. Coates, A. Ng and H. Lee, AISTATS (2011), 215.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """Centres of windows of training pictures, (n_items, n_planes, height, width): no two the same, so that there
    may be fewer than the kind says.
    """
    side, number = kind.side, kind.number
    n_pixels = pixels.shape[1] * side * side
    rows, columns = pixels.shape[2] - side + 1, pixels.shape[3] - side + 1
    items, tops, lefts = (rng.integers(0, most, DRAWN) for most in (len(pixels), rows, columns))
    words = np.zeros(DRAWN, dtype=np.uint64)
    window_words(pixels, side, items, tops, lefts, words)
    part = np.bitwise_count(words) / n_pixels
    seen = words[(part > FLAT) & (part < 1 - FLAT)][:CLUSTERED]
    if not len(seen):
        seen = words[:CLUSTERED]
    bits = (seen[:, None] >> np.arange(n_pixels, dtype=np.uint64) & np.uint64(1)).astype(np.float32) * 2 - 1
    _, different = np.unique(seen, return_index=True)
    number = min(number, len(different))
    centres = bits[rng.choice(different, number, replace=False)]
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
    _, once = np.unique(np.stack([found, at_least.astype(np.uint64)]), axis=1, return_index=True)
    return Templates(kind._replace(number=len(once)), found[np.sort(once)], at_least[np.sort(once)])


class Sight(NamedTuple):
    """Levels of grey, as parts of its range, at which pixels are bright, and the templates of such pixels."""

    levels: tuple[float, ...]
    kinds: tuple[Kind, ...]


SIGHTS = (
    Sight((0.4,), (Kind(7, 24, 4, 3),)),
    Sight((0.25, 0.65), (Kind(5, 32, 4, 2), Kind(4, 24, 3, 2))),
)
SMALL_SIGHTS = (Sight((0.2, 0.5), (Kind(3, 32, 2, 1),)),)
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
    sights = SMALL_SIGHTS if is_small(picture) else SIGHTS
    wanted = [
        (sight, kind._replace(side=_fitting(picture, kind.side, picture.channels * len(sight.levels))))
        for sight in sights
        for kind in sight.kinds
    ]
    kinds = affordable(picture, [kind for _, kind in wanted], gates)
    least, most = float(inputs.min()), float(inputs.max())
    layers = []
    for sight in sights:
        levels = least + (most - least) * np.array(sight.levels)
        pixels = bright(picture, levels, inputs)
        own = [kind for (other, _), kind in zip(wanted, kinds, strict=True) if other is sight]
        layers.append(PictureLayer(picture, levels, [learned_templates(pixels, kind, rng) for kind in own]))
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
    cells = cells_of(picture, kind)
    return len({place for cell in cells for place in cell}) + sum(len(cell) > 1 for cell in cells)


def is_small(picture: Picture) -> bool:
    """Whether single pixels count: features of tables are added to such pictures."""
    return max(picture.height, picture.width) <= SMALL
