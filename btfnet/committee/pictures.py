"""The first layer for pictures: templates learned from windows of them, sought everywhere, counted in cells.

A template is a gate "at least k of m pixels are as here"; it stands at every position of a picture, and a cell is
true where it is found at one of its positions or more. Templates are the centres of windows that were seen in
training, majorities of their pixels (k-means by Hamming distance), so that nothing but counting is needed.

Source: A. Coates, A. Ng and H. Lee, AISTATS (2011), 215: k-means of windows as a first layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import need, whole
from btfnet.committee.comparisons import Comparisons
from btfnet.errors import UsageError
from btfnet.kernels.pictures import find_templates, window_words
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate

MOST_PIXELS = 64
"""Of a window, over all channels and levels: it is one word."""
LARGEST = 2**14
"""Values of a picture."""


@dataclass(frozen=True)
class Picture:
    """How a row of inputs is a picture: row after row, each pixel with its channels side by side."""

    height: int
    width: int
    channels: int = 1

    def __post_init__(self) -> None:
        sizes = {"height": (self.height, whole(1)), "width": (self.width, whole(1))}
        need("Picture", **sizes, channels=(self.channels, whole(1, MOST_PIXELS // 2)))

    @property
    def n_inputs(self) -> int:
        return self.height * self.width * self.channels


class Kind(NamedTuple):
    """Templates of one size, and the cells in which they are looked for.

    side    of their window; number  of templates
    pool, stride  a cell is pool x pool positions, the next one begins `stride` further
    step    windows are looked at in every step-th row and column alone
    """

    side: int
    number: int
    pool: int
    stride: int
    step: int = 1


@dataclass(frozen=True, eq=False)
class Templates:
    """Templates of a kind.

    words     uint64, (n_templates,): their pixels as `btfnet.kernels.pictures.window_word` has them
    at_least  int64, (n_templates,): so many pixels must agree
    """

    kind: Kind
    words: NDArray[np.uint64]
    at_least: NDArray[np.int64]

    @property
    def side(self) -> int:
        return self.kind.side


class PictureLayer:
    """Levels of grey, and templates in cells; the features are every template's cells.

    levels     (n_levels,), ascending; a pixel is bright at a level where its value is above it
    templates  several sizes
    """

    def __init__(self, picture: Picture, levels: NDArray[np.float64], templates: Sequence[Templates]) -> None:
        self.picture, self.levels, self.templates = picture, levels, tuple(templates)
        n_planes = self.n_planes
        for kind in self.templates:
            if kind.side**2 * n_planes > MOST_PIXELS or kind.side > min(picture.height, picture.width):
                raise UsageError(f"windows of {kind.side} x {kind.side} pixels do not fit.")

    @property
    def n_planes(self) -> int:
        return self.picture.channels * len(self.levels)

    @cached_property
    def comparisons(self) -> Comparisons:
        """A bit for each plane (level by level, channel by channel), row and column."""
        picture, n_levels = self.picture, len(self.levels)
        order = np.arange(picture.n_inputs).reshape(-1, picture.channels).T.reshape(-1)
        return Comparisons.of_inputs(
            picture.n_inputs, np.tile(order, n_levels), np.repeat(self.levels, picture.n_inputs)
        )

    @cached_property
    def _cells(self) -> list[list[list[int]]]:
        """For each kind of templates the cells, each the positions that are in it."""
        return [cells_of(self.picture, each.kind) for each in self.templates]

    @cached_property
    def _by_position(self) -> list[tuple[NDArray[np.int64], NDArray[np.int32]]]:
        """For each kind of templates the cells of each position, in compressed form."""
        picture, found = self.picture, []
        for kind, cells in zip(self.templates, self._cells, strict=True):
            belongs: list[list[int]] = [
                [] for _ in range((picture.height - kind.side + 1) * (picture.width - kind.side + 1))
            ]
            for number, cell in enumerate(cells):
                for position in cell:
                    belongs[position].append(number)
            start = np.cumsum([0, *map(len, belongs)]).astype(np.int64)
            found.append((start, np.array([each for some in belongs for each in some], dtype=np.int32)))
        return found

    @cached_property
    def n_features(self) -> int:
        return sum(
            len(kind.words) * len(cells) for kind, cells in zip(self.templates, self._cells, strict=True)
        )

    def features(self, inputs: NDArray[np.float32]) -> NDArray[np.bool_]:
        pixels, parts = bright(self.picture, self.levels, inputs), []
        for index, kind in enumerate(self.templates):
            found = np.zeros((len(pixels), len(kind.words), len(self._cells[index])), dtype=bool)
            find_templates(pixels, kind.side, kind.words, kind.at_least, *self._by_position[index], found)
            parts.append(found.reshape(len(pixels), -1))
        return np.concatenate(parts, axis=1)

    def circuit(self, features: Sequence[int]) -> Circuit:
        """A gate for each template at each position that is asked for, and one for each cell."""
        n_bits = self.comparisons.n_bits
        gates: list[Gate] = []
        matches: dict[tuple[int, int, int], int] = {}
        outputs = []
        for feature in features:
            kind, template, cell = self.place(feature)
            literals = []
            for position in self._cells[kind][cell]:
                if (kind, template, position) not in matches:
                    gates.append(self._match(kind, template, position))
                    matches[kind, template, position] = n_bits + len(gates)
                literals.append(matches[kind, template, position])
            if len(literals) > 1:
                gates.append(Gate(1, tuple(literals)))
                literals = [n_bits + len(gates)]
            outputs += literals
        return Circuit(n_bits, tuple(gates), tuple(outputs))

    def place(self, number: int) -> tuple[int, int, int]:
        """Which kind of templates, which template and which cell a feature is."""
        for index, (kind, cells) in enumerate(zip(self.templates, self._cells, strict=True)):
            if number < len(kind.words) * len(cells):
                return index, *divmod(number, len(cells))
            number -= len(kind.words) * len(cells)
        raise IndexError(number)

    def windows(self, number: int) -> list[tuple[int, int]]:
        """The rows and columns at which the windows of a feature's cell begin."""
        kind, _, cell = self.place(number)
        n_columns = self.picture.width - self.templates[kind].side + 1
        return [divmod(position, n_columns) for position in self._cells[kind][cell]]

    def seen_at(self, number: int, pixels: NDArray[np.uint8]) -> list[tuple[int, int]]:
        """Those of them that agree with the feature's template; pixels of one picture, as of `bright`."""
        kind, template, _ = self.place(number)
        templates, windows = self.templates[kind], self.windows(number)
        tops, lefts = (np.array(side, dtype=np.int64) for side in zip(*windows, strict=True))
        words = np.zeros(len(windows), dtype=np.uint64)
        window_words(pixels[None], templates.side, np.zeros(len(windows), np.int64), tops, lefts, words)
        n_pixels = templates.side**2 * self.n_planes
        agreeing = n_pixels - np.bitwise_count(words ^ templates.words[template]).astype(np.int64)
        return [
            window for window, n in zip(windows, agreeing, strict=True) if n >= templates.at_least[template]
        ]

    def _match(self, kind: int, template: int, position: int) -> Gate:
        templates, picture = self.templates[kind], self.picture
        top, left = divmod(position, picture.width - templates.side + 1)
        word, literals, bit = int(templates.words[template]), [], 0
        for plane in range(self.n_planes):
            for row in range(top, top + templates.side):
                for column in range(left, left + templates.side):
                    node = 1 + (plane * picture.height + row) * picture.width + column
                    literals.append(node if word >> bit & 1 else -node)
                    bit += 1
        return Gate(int(templates.at_least[template]), tuple(literals))


def bright(picture: Picture, levels: NDArray[np.float64], inputs: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pixels above the levels, 0 or 1, (n_items, n_planes, height, width): level by level, channel by channel."""
    grey = np.asarray(inputs, dtype=np.float32).astype(np.float64)
    grey = grey.reshape(len(inputs), picture.height, picture.width, picture.channels).transpose(0, 3, 1, 2)
    above = grey[:, None] > levels[None, :, None, None, None]
    return above.reshape(len(inputs), -1, picture.height, picture.width).astype(np.uint8)


def cells_of(picture: Picture, kind: Kind) -> list[list[int]]:
    """The positions in each cell; the last ones are cut off by the picture's end, those without left out."""
    n_rows, n_columns = picture.height - kind.side + 1, picture.width - kind.side + 1
    cells = [
        [row * n_columns + column
         for row in range(top, min(top + kind.pool, n_rows)) if row % kind.step == 0
         for column in range(left, min(left + kind.pool, n_columns)) if column % kind.step == 0]
        for top in _starts(n_rows, kind)
        for left in _starts(n_columns, kind)
    ]  # fmt: skip
    return list(map(list, dict.fromkeys(map(tuple, filter(None, cells)))))


def _starts(n_positions: int, kind: Kind) -> range:
    """So that every position is in a cell, and no cell is in another."""
    last = max(0, n_positions - kind.pool + kind.stride - 1) // kind.stride * kind.stride
    return range(0, min(last + 1, n_positions), kind.stride)
