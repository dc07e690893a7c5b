"""Small pictures: Rorschach images to autoencode, and handwritten digits to classify."""

from __future__ import annotations

import numpy as np

from btfnet.problem.items import Items
from btfnet.problem.values import InputKind, OutputKind, one_hot
from btfnet.tasks.generator import ITEMS, MissingPackage, Parameter, generator
from btfnet.tasks.rows import bit_items, distinct_rows, n_rows, numbered


@generator("rorschach", k=Parameter("half the side of the square images", high=32), items=ITEMS)
def rorschach(rng: np.random.Generator, *, k: int, items: int | None = None) -> Items:
    """Random 2k×2k images whose right half mirrors the left one, in half of them with reversed contrast.

    Pixels row by row; every image is its own output. There are 2^(2k²+1) such images, and they are drawn
    from all of them without repetition. One bit says whether the contrast is reversed, 2k² the left half.
    """
    side, half = 2 * k, 2 * k * k
    rows = distinct_rows(rng, n_rows(items, half + 1), half + 1)
    contrast, left = rows[:, 0], rows[:, 1:].reshape(-1, side, k)
    right = left[:, :, ::-1] * contrast[:, None, None]
    images = np.concatenate([left, right], axis=2).reshape(-1, side * side)
    return bit_items(
        images, images, input_names=pixel_names("in", side), output_names=pixel_names("out", side)
    )


@generator("digits")
def digits(rng: np.random.Generator) -> Items:
    """The 1797 handwritten digits of scikit-learn: 8×8 grey pixels, ten classes, in random order.

    Source: E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI repository (1998);
    here the copy that scikit-learn ships, so nothing is downloaded. Grey 0 … 16 becomes -1 … +1.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MissingPackage(
            "generator digits: the pictures come with scikit-learn, which is not installed.\n"
            'Install it with: pip install "btfnet[digits]"'
        ) from error
    grey, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(labels))
    return Items(
        (grey[order] / 8 - 1).astype(np.float32),
        one_hot(labels[order], 10, "digits"),
        InputKind.ANALOG,
        OutputKind.CLASS,
        input_names=pixel_names("in", 8),
        output_names=numbered("digit", 10),
    )


def pixel_names(stem: str, side: int) -> tuple[str, ...]:
    return tuple(f"{stem}_{row}_{column}" for row in range(side) for column in range(side))
