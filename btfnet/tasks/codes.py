"""Random vectors through a bottleneck, from unknown bits, and permuted."""

from __future__ import annotations

import numpy as np

from btfnet.problem.items import Items
from btfnet.problem.values import InputKind
from btfnet.tasks.generator import MAX_ITEMS, Parameter, generator
from btfnet.tasks.rows import bit_items, distinct_rows, n_rows, signs

BITS = Parameter("length of the vectors", high=100_000)
AS_MANY = Parameter("number of vectors; left out: as many as they have bits", high=MAX_ITEMS, default=None)


@generator("autoencoder", bits=BITS, items=AS_MANY)
def autoencoder(rng: np.random.Generator, *, bits: int, items: int | None = None) -> Items:
    """Random distinct vectors, each of which is its own output.

    The task lies in the network's bottleneck. Source: arXiv 2602.17493, "binary autoencoding".
    """
    rows = distinct_rows(rng, n_rows(bits if items is None else items, bits), bits)
    return bit_items(rows, rows)


@generator("decoder", bits=BITS, items=AS_MANY)
def decoder(rng: np.random.Generator, *, bits: int, items: int | None = None) -> Items:
    """Random distinct vectors as outputs of unknown input bits, which the search finds too.

    The number of unknown bits is the first width of the network. Source: arXiv 2602.17493.
    """
    rows = distinct_rows(rng, n_rows(bits if items is None else items, bits), bits)
    return Items(np.empty((len(rows), 0), dtype=np.float32), rows, input_kind=InputKind.UNKNOWN_BITS)


@generator(
    "permutation",
    bits=Parameter("number of bits that are permuted", low=2, high=10_000),
    tests=Parameter("number of random vectors to test with", high=MAX_ITEMS, default=1000),
)
def permutation(rng: np.random.Generator, *, bits: int, tests: int = 1000) -> Items:
    """Outputs are the inputs in another, fixed order: train on the one-hot vectors, test on random ones.

    The first `bits` items are the one-hot vectors, so let as many train; the tests are
    distinct, and none of them is one-hot.
    """
    order = rng.permutation(bits)
    ones = signs(np.eye(bits, dtype=bool))
    drawn = distinct_rows(rng, min(tests + bits, 2**bits), bits)
    others = drawn[(drawn == 1).sum(axis=1) != 1][:tests]
    rows = np.vstack([ones, others])
    return bit_items(rows, rows[:, order])
