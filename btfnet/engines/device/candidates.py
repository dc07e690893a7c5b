"""What every small gate of a node would get wrong, for many trials at once: descent's candidates on a device.

As in `btfnet.kernels.descent.gate_arrays`: d[i] is by how much the wrong output bits of item i change if the node
flips there, r = d · (present value ±1), and with a gate h in place of the present one the error changes by
(Σ d - A(h)) / 2, A(h) = Σ r h. With the correlations C = Σ r a of single senders, and T = Σ r a b c of triples,

    A(copy of a) = C_a      A(maj(a, b, c)) = (C_a + C_b + C_c - T) / 2,

and a complement of a sender negates its C and T. All sums are of bit planes, by counting ones: they are
integers, and the same on any device. The kernels of best_gate.py prune what cannot win; here all is counted,
as a device likes it.

Arguments: xp  a namespace with NumPy's functions; a row is unsigned, (n_words,), one bit an item, 1 is +1.
Source: own, as gate_arrays.py and best_gate.py.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.device.backend import require_jax
from btfnet.engines.device.points import Array

SIGNS = np.array([[s & 1, s >> 1 & 1, s >> 2 & 1] for s in range(8)])
"""Which of a majority's senders are complemented: bit k of the pattern negates the k-th."""


def triples_of(n_senders: int) -> NDArray[np.int32]:
    """All triples of senders, ascending; int32, (n_triples, 3)."""
    a, b, c = np.ix_(*[np.arange(n_senders, dtype=np.int32)] * 3)
    return np.argwhere((a < b) & (b < c)).astype(np.int32)


def weighted_ones(xp: ModuleType, planes: Array, rows: Array) -> Array:
    """Σ |d| over the items at which rows are 1; int32.

    planes  (n_planes, n_words): bits of |d|, the lowest first;  rows  (k, n_words)
    """
    total: Any = 0
    for plane in range(planes.shape[0]):
        ones = xp.bitwise_count(planes[plane] & rows).astype(xp.int32).sum(-1, dtype=xp.int32)
        total = total + (ones << plane)
    return total


def changes(
    xp: ModuleType, senders: Array, value: Array, sign: Array, planes: Array, triples: Array
) -> tuple[Array, Array]:
    """How the wrong bits change with each candidate gate in the node's place.

    senders  (n_senders, n_words): their values;  value  (n_words,): the node's;  sign  (n_words,): 1 where d < 0
    planes   (n_planes, n_words): bits of |d|, 0 beyond the last item;  triples  (n_triples, 3): senders
    Returns int32, (2, n_senders), of copies and of complements, and (8, n_triples), of majorities by `SIGNS`.
    Twin: tests/engines/test_device_candidates.py, by the kernels and by wrong_bits of descent_samples.py.
    """
    total = weighted_ones(xp, planes, ~xp.zeros_like(senders[:1]))
    columns = ~(senders ^ sign ^ value)  # 1 where r times the sender is positive
    correlation = 2 * weighted_ones(xp, planes, columns) - total
    first, second, third = (columns[triples[:, k]] for k in range(3))
    # a column carries r's sign once, three of them carry it once, too
    products = 2 * weighted_ones(xp, planes, first ^ second ^ third) - total
    singles = correlation[triples].T  # (3, n_triples)
    flips = xp.asarray(1 - 2 * SIGNS, dtype=xp.int32)  # (8, 3)
    sums = (flips[:, :, None] * singles[None]).sum(1, dtype=xp.int32) - flips.prod(1, dtype=xp.int32)[
        :, None
    ] * products[None]
    held = total - 2 * weighted_ones(xp, planes, sign[None])  # Σ d: A of the gate held
    copies = xp.stack([correlation, -correlation])
    return (held - copies) // 2, (held - sums // 2) // 2


def compiled_changes() -> Any:
    """`changes` of many trials at once, in JAX: (trials, …) senders, value, sign, planes, and the same triples.

    Words are uint32, so that a GPU counts them in one instruction. Raises `UsageError` where JAX is not installed.
    """
    jax = require_jax()

    def one(senders: Array, value: Array, sign: Array, planes: Array, triples: Array) -> tuple[Array, Array]:
        return changes(jax.numpy, senders, value, sign, planes, triples)

    return jax.jit(jax.vmap(one, in_axes=(0, 0, 0, 0, None)))


def halves(words: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Words of 64 items as twice as many of 32, in the items' order."""
    return np.ascontiguousarray(words).astype("<u8", copy=False).view("<u4").astype(np.uint32, copy=False)
