"""Counts whose inputs and weights come from the items: some inputs only, negated ones, weighted thresholds.

Inputs that take part, and which of them are negated, show in how the output goes with single inputs, or with pairs
of them where single ones say nothing. Weights of a threshold are fitted and rounded to the smallest whole numbers
that explain the items.

Source: R. O'Donnell, Analysis of Boolean Functions (2014), chapter 5: of a threshold function the squares of the
coefficients of single inputs sum to 1/2 or more.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from btfnet.families.counting import Count, Table, majority_table
from btfnet.families.evidence import Sample

Floats = NDArray[np.float64]
SURELY = 4.5
"""Standard deviations from 0 at which a coefficient is taken for more than chance, in 500 inputs."""
LINEAR = 0.4
"""Part of the output's variance that single inputs explain where a threshold is worth fitting, below 1/2."""
HEAVIEST = 31
"""Weights are rounded to at most this."""
FITTED = 6400
"""Training items that weights are fitted to, or 8 for each input where that is more: seconds for 800 inputs."""
FEW_ROWS = 32
"""Matrices of fewer rows are decomposed; of larger ones one vector is iterated, in milliseconds at any load."""
MOST_RESTARTS = 300
STEPS = 8
"""Of Newton's method, which then has converged to what rounding needs."""


def weighted_thresholds(sample: Sample) -> Iterator[tuple[int, Table]]:
    """Tables over counts of chosen inputs, and weighted thresholds, that explain outputs."""
    if not len(sample.varying):
        return
    for output in sample.outputs_in_time():
        counted = np.flatnonzero(sample.care[: sample.n_train, output])[: max(FITTED, 8 * sample.n_inputs)]
        if len(counted) < 2:
            continue
        signs = np.where(sample.inputs[np.ix_(counted, sample.varying)], 1.0, -1.0)
        wanted = np.where(sample.outputs[counted, output], 1.0, -1.0)
        centred = wanted - wanted.mean()
        alone: Floats = signs.T @ centred / len(counted)
        yield from _chosen(sample, output, _relevant(alone, len(counted)))
        if not (np.abs(alone) > SURELY / len(counted) ** 0.5).any():
            yield from _chosen(sample, output, _in_pairs(signs, centred))
        needed = LINEAR * (1 - 2 * sample.error) ** 2 * float(centred.var())
        if float((alone**2).sum()) - len(alone) / len(counted) * float(centred.var()) >= needed > 0:
            yield from _threshold(sample, output, _fitted_weights(signs, wanted))


def _relevant(alone: Floats, n_items: int) -> Floats:
    """The sign of each coefficient, 0 where it may be chance."""
    return np.where(np.abs(alone) > SURELY / n_items**0.5, np.sign(alone), 0.0)


def _in_pairs(signs: Floats, centred: Floats) -> Floats:
    """Signs from how the output goes with pairs: x_i x_j counts as s_i s_j, so the s are a leading eigenvector."""
    together = signs.T @ (signs * centred[:, None]) / len(signs)
    np.fill_diagonal(together, 0)
    leading = _leading(together)
    return np.where(np.abs(leading) > 0.5 * np.abs(leading).max(), np.sign(leading), 0.0)


def _leading(matrix: Floats) -> Floats:
    """The eigenvector of the largest eigenvalue by size, of a symmetric matrix."""
    if len(matrix) < FEW_ROWS:
        values, vectors = np.linalg.eigh(matrix)
        return vectors[:, np.abs(values).argmax()]
    nothing = np.zeros(len(matrix))
    if not matrix.any():
        return nothing
    begin = np.random.default_rng(0).standard_normal(len(matrix))
    try:
        leading: Floats = eigsh(matrix, k=1, v0=begin, tol=1e-4, maxiter=MOST_RESTARTS)[1][:, 0]
    except ArpackNoConvergence:  # none stands out
        return nothing
    return leading


def _chosen(sample: Sample, output: int, signs: Floats) -> Iterator[tuple[int, Table]]:
    """A table over the number of ones among some inputs; complements are counted as ones."""
    chosen = np.flatnonzero(signs)
    if len(chosen) < 2 or (len(chosen) == len(sample.varying) and abs(signs.sum()) == len(signs)):
        return
    negated = signs[chosen] < 0
    said = f"the number of ones of {len(chosen)} inputs"
    if negated.any():
        said = f"the number of ones of {int((~negated).sum())} inputs and of zeros of {int(negated.sum())}"
    count = Count.of(said, sample.varying[chosen], negated)
    numbers = count.values(sample.inputs)
    table, described = majority_table(sample, output, count, numbers)
    if sample.explained(output, table.entries[numbers], described + 2 * len(sample.varying)):
        yield output, table


def _fitted_weights(signs: Floats, wanted: Floats) -> Floats:
    """Weights and bias (last) of a logistic regression, by Newton's method, held small by a prior."""
    rows = np.column_stack([signs, np.ones(len(signs))])
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (chance - (wanted > 0)) + 0.01 * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + 0.01 * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def _threshold(sample: Sample, output: int, weights: Floats) -> Iterator[tuple[int, Table]]:
    """The smallest whole weights, in the fitted ratios, with which a threshold explains the output."""
    top, n = np.abs(weights[:-1]).max(), len(sample.varying)
    for heaviest in range(1, HEAVIEST + 1):
        whole = np.rint(weights[:-1] * heaviest / top).astype(np.int64)
        chosen = np.flatnonzero(whole)
        negated = whole[chosen] < 0
        said = f"a weighted sum of {len(chosen)} inputs, weights up to {heaviest},"
        none = np.empty(0, dtype=np.int64)
        count = Count(said, sample.varying[chosen], negated, none, "", np.abs(whole[chosen]))
        numbers = count.values(sample.screen.inputs)
        first = _best_step(sample.screen, output, count, numbers)
        if not sample.screen.likely(output, first.entries[numbers]):
            continue
        numbers = count.values(sample.inputs)
        table = _best_step(sample, output, count, numbers)
        described = n * np.log2(2 * heaviest + 1) + np.log2(count.size)
        if sample.explained(output, table.entries[numbers], float(described)):
            yield output, table
            return


def _best_step(sample: Sample, output: int, count: Count, numbers: NDArray[np.int64]) -> Table:
    """The threshold that is right for most training items."""
    care = sample.care[: sample.n_train, output]
    seen, wanted = numbers[: sample.n_train][care], sample.outputs[: sample.n_train, output][care]
    votes = np.bincount(seen, weights=np.where(wanted, 1, -1), minlength=count.size)
    above = np.cumsum(votes[::-1])[::-1]  # the balance of items at each number or more
    return Table(count, np.arange(count.size) >= int(above.argmax()))
