"""Training pictures once more with small changes, which leave them what they are: moved, turned a little."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform

from btfnet.committee.pictures import Picture
from btfnet.committee.templates import is_small

SHIFTS = ((1, 1), (1, -1), (2, 1), (2, -1))
"""Axis and step: down, up, right, left."""
TURNS = (-10.0, 10.0)
"""Degrees, of pictures that are not small."""
AT_ONCE = 1024
"""Pictures that are turned between two questions whether it is over."""


def n_varied(picture: Picture) -> int:
    """So many changed pictures of each."""
    return len(SHIFTS) + (0 if is_small(picture) else len(TURNS))


def varied(inputs: NDArray[np.float32], picture: Picture) -> Iterator[NDArray[np.float32]]:
    """All pictures with one change after another, in pieces; what comes in is as dark as the darkest value.

    inputs  (n_items, n_inputs)
    """
    shape = (len(inputs), picture.height, picture.width, picture.channels)
    images, dark = inputs.reshape(shape), inputs.min()
    for axis, step in SHIFTS:
        moved = np.roll(images, step, axis=axis)
        edge: list[slice | int] = [slice(None)] * 4
        edge[axis] = 0 if step == 1 else -1
        moved[tuple(edge)] = dark
        yield moved.reshape(len(inputs), -1)
    for degrees in () if is_small(picture) else TURNS:
        for first in range(0, len(images), AT_ONCE):
            part = images[first : first + AT_ONCE]
            yield _turned(part, degrees, float(dark)).reshape(len(part), -1)


def _turned(images: NDArray[np.float32], degrees: float, dark: float) -> NDArray[np.float32]:
    """About the middle, values between pixels interpolated; (n_items, height, width, channels)."""
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    matrix = np.eye(3)
    matrix[:2, :2] = [[cosine, -sine], [sine, cosine]]
    middle = (np.array([*images.shape[1:3], 1]) - 1) / 2
    offset = middle - matrix @ middle
    turned = np.empty_like(images)
    for image, out in zip(images, turned, strict=True):
        affine_transform(image, matrix, offset, output=out, order=1, cval=dark)
    return turned
