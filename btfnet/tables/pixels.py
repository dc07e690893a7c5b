"""Columns that are the pixels of a picture: found out by how neighbours go along with each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.pictures import LARGEST, Picture
from btfnet.errors import DataError
from btfnet.matching.columns import name_shown
from btfnet.printable import one_word
from btfnet.tables.columns import Column
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.table import Table

LEAST_SIDE, LONGEST = 6, 3.0
"""Pixels of the shorter side, and how much longer the other one may be."""
SEEN = 2000
"""Rows that are looked at."""
BRIGHTEST = 1e30
"""No pixel is as large; squares of larger numbers may be infinite."""
ALONG, NEARER = 0.25, 0.15
"""Neighbours have this correlation on average at least, and lie so far from that of any two pixels towards 1."""


@dataclass(frozen=True)
class PixelEncoder:
    """Columns that are pixels, as numbers.

    columns  row after row of the picture
    """

    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one_word(column.name) for column in self.columns)

    @property
    def used(self) -> tuple[int, ...]:
        """Numbers of the columns: every pixel counts."""
        return tuple(range(len(self.columns)))

    @property
    def left_out(self) -> tuple[Column, ...]:
        return ()

    def encode(self, rows: Any, *, first: int = 0) -> NDArray[np.float32]:
        """The pixels of rows, (n_rows, n_columns). Raises `DataError` for rows that lack one."""
        values = TableEncoder(self.columns, ()).values_of(rows, self.used, first=first)
        pixels = np.stack(values, axis=1) if values else np.zeros((0, 0))
        if np.isnan(pixels).any():
            row, column = np.argwhere(np.isnan(pixels))[0].tolist()
            raise DataError(
                f"the rows: row {first + row + 1} has no value in the column "
                f"{name_shown(self.columns[column].name)}; expected a number, as all pixels are."
            )
        return pixels.astype(np.float32)


def picture_of(table: Table) -> Picture | None:
    """The picture that the columns of a table are, row after row, each pixel with its channels; None where they
    are none: where they are no numbers of one range, or neighbours are no more alike than others.
    """
    n_columns = len(table.names)
    if not LEAST_SIDE**2 <= n_columns <= LARGEST or table.n_rows < 2:
        return None
    if any(column.dtype != np.float64 or not (np.abs(column) < BRIGHTEST).all() for column in table.columns):
        return None
    pixels = np.stack([column[:SEEN] for column in table.columns], axis=1)
    if not _one_range(pixels):
        return None
    correlation = _correlation(pixels)
    found = [(_along(correlation, picture), picture) for picture in _shapes(n_columns)]
    along, best = max(found, key=lambda each: each[0], default=(0.0, None))
    any_two = float(np.nanmean(np.abs(correlation)))
    if best is None or along < max(ALONG, any_two + NEARER * (1 - any_two)):
        return None
    return best if _comes_back(correlation, best) else None


def _one_range(pixels: NDArray[np.float64]) -> bool:
    """Whether all columns lie in the range of most of them, and there are some greys or two values alone."""
    high, low = pixels.max(axis=0), pixels.min(axis=0)
    changing = high > low
    if changing.sum() < LEAST_SIDE:
        return False
    return bool(
        np.quantile(high[changing], 0.5) >= low.min() + 0.5 * (high.max() - low.min())
        and np.quantile(low[changing], 0.5) <= low.min() + 0.5 * (high.max() - low.min())
        and np.quantile(high[changing], 0.9) >= low.min() + 0.9 * (high.max() - low.min())
    )


def _correlation(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of any two columns, NaN of those that never change."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = (pixels - pixels.mean(axis=0)) / pixels.std(axis=0)
        found: NDArray[np.float64] = scaled.T @ scaled / len(pixels)
    return found


def _shapes(n_columns: int) -> Iterator[Picture]:
    for channels in (1, 3):
        size, rest = divmod(n_columns, channels)
        for height in range(LEAST_SIDE, size // LEAST_SIDE + 1) if not rest else ():
            width = size // height
            if size % height == 0 and max(height, width) <= LONGEST * min(height, width):
                yield Picture(height, width, channels)


def _along(correlation: NDArray[np.float64], picture: Picture) -> float:
    """How much pixels go along with those beside them, or with those below, whichever is less."""
    place = np.arange(picture.n_inputs).reshape(picture.height, picture.width, picture.channels)
    beside = correlation[place[:, 1:].ravel(), place[:, :-1].ravel()]
    below = correlation[place[1:].ravel(), place[:-1].ravel()]
    if np.isnan(beside).all() or np.isnan(below).all():
        return 0.0
    return float(min(np.nanmean(beside), np.nanmean(below)))


def _comes_back(correlation: NDArray[np.float64], picture: Picture) -> bool:
    """Whether pixels are more like those a row further than those half a row further: of series they are less."""
    n_columns, row = len(correlation), picture.width * picture.channels
    place = np.arange(n_columns - row)
    half = row // 2 // picture.channels * picture.channels
    return bool(np.nanmean(correlation[place, place + row]) > np.nanmean(correlation[place, place + half]))
