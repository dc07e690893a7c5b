"""Products of whole numbers, and parity."""

from __future__ import annotations

import numpy as np

from btfnet.problem.items import Items
from btfnet.tasks.generator import ITEMS, Parameter, generator
from btfnet.tasks.rows import binary, bit_items, distinct_rows, n_rows, numbered


@generator(
    "multiplier",
    a=Parameter("bits of the first factor", high=10),
    b=Parameter("bits of the second factor", high=10),
)
def multiplier(rng: np.random.Generator, *, a: int, b: int) -> Items:
    """All products of an a-bit and a b-bit number, most significant bits first.

    Inputs: the bits of the first factor, then of the second; outputs: a + b bits of the product.
    The items stand in random order, so that the first N of them are a fair sample.
    Source: arXiv 2602.17493, "multiplier circuits".
    """
    number = rng.permutation(2 ** (a + b))
    product = (number >> b) * (number & (2**b - 1))
    return bit_items(
        binary(number, a + b),
        binary(product, a + b),
        input_names=numbered("a", a)[::-1] + numbered("b", b)[::-1],
        output_names=numbered("p", a + b)[::-1],
    )


@generator("parity", bits=Parameter("number of input bits", high=1000), items=ITEMS)
def parity(rng: np.random.Generator, *, bits: int, items: int | None = None) -> Items:
    """Whether an odd number of the bits is true, for random distinct rows (all rows where there are few)."""
    rows = distinct_rows(rng, n_rows(items, bits), bits)
    odd = (rows == 1).sum(axis=1) % 2
    return bit_items(rows, np.where(odd, 1, -1).astype(np.int8)[:, None], output_names=("odd",))
