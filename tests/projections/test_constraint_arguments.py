"""What constraints say about wrong arguments."""

from __future__ import annotations

import numpy as np
import pytest

import btfnet
from btfnet.projections.btf import Btf
from btfnet.projections.choice import ExactlyK, OneHot, Permutation
from btfnet.projections.combine import on_blocks, on_copies
from btfnet.projections.continuous import Agreement, HalfSpace, Hyperplane, Sphere
from btfnet.projections.ties import Equal, Table
from btfnet.projections.values import Fixed, PlusMinusOne

pytestmark = pytest.mark.no_compiler

WRONG_ARGUMENTS = {
    "repeated index": (lambda: Fixed([1, 2, 1], 0.0), "index 1 twice"),
    "negative index": (lambda: Fixed([-1], 0.0), "index -1; count from 0"),
    "fractional index": (lambda: Fixed([0.5], 0.0), "float64"),
    "mask": (lambda: Fixed([True, False], 0.0), "flatnonzero"),
    "no indices": (lambda: Fixed([], 0.0), "flat list of whole numbers"),
    "values of another length": (lambda: Fixed([1, 2], [1.0]), "2 indices, but values of shape"),
    "values that are no numbers": (lambda: Fixed([1], "x"), "cannot be read as numbers"),
    "infinite value": (lambda: Fixed([1, 2], [1, np.inf]), "value inf at index"),
    "radius zero": (lambda: Sphere(0), "radius is 0, but it must be a positive number"),
    "radius no number": (lambda: Sphere("2"), "radius is '2'"),
    "normal zero": (lambda: Hyperplane([0, 0], 1), "not all zero"),
    "normal not flat": (lambda: HalfSpace([[1, 0]], 1), r"shape \(1, 2\); give a flat list"),
    "k above the size": (lambda: ExactlyK(4, [0, 1, 2]), "k is 4, .* at most 3"),
    "groups overlap": (lambda: OneHot([[0, 1], [1, 2]]), "index 1 twice"),
    "groups ragged": (lambda: OneHot([[0, 1], [2]]), "differ in size"),
    "groups too deep": (lambda: OneHot(np.arange(8).reshape(2, 2, 2)), r"expected \(n_groups, size\)"),
    "low above high": (lambda: Permutation(2, low=1, high=0), "low must be below high"),
    "n zero": (lambda: Permutation(0), "n is 0"),
    "no groups": (lambda: Agreement([]), "at least one"),
    "weights of another shape": (lambda: Agreement([[0, 1]], [[1.0]]), "one weight for each entry"),
    "weight zero": (lambda: Agreement([[0, 1]], [[1.0, 0.0]]), "must be positive"),
    "equal groups ragged": (lambda: Equal([[0, 1], [2]]), "differ in size"),
    "equal groups overlap": (lambda: Equal([[0, 1], [1, 2]]), "index 1 twice"),
    "a weight for each place": (lambda: Equal([[0, 1]], [1.0]), "groups of 2 entries, but the weights"),
    "a place's weight zero": (lambda: Equal([[0, 1]], [1.0, 0.0]), "one positive number for each place"),
    "table too short": (lambda: Table([[0, 1]], [2], [[3, 4]]), r"\(1, 4\) entries of tables"),
    "outputs for other rows": (lambda: Table([[0]], [1, 4], [[2, 3]]), r"expected \(1,\) outputs"),
    "output in the table": (lambda: Table([[0]], [1], [[1, 2]]), "index 1 twice"),
    "too many inputs": (lambda: Table([list(range(21))], [30], [[40]]), "at most 20"),
    "known for other rows": (lambda: Table([[0]], [1], [[2, 3]], known=[1, 1]), "give one value for each"),
    "known no level": (lambda: Table([[0]], [1], [[2, 3]], known=[0]), "value 0; give -1, 1 or NaN"),
    "known no number": (lambda: Table([[0]], [1], [[2, 3]], known=["x"]), "cannot be read as numbers"),
    "table's weights": (lambda: Table([[0]], [1], [[2, 3]], weights=[1, 1]), "three positive numbers"),
    "table's weight zero": (lambda: Table([[0]], [1], [[2, 3]], weights=[1, 0, 1]), "three positive"),
    "sigma zero": (lambda: Btf(3, 0), "sigma is 0"),
    "no inputs": (lambda: Btf(0), "n_inputs is 0"),
    "no constraints": (lambda: on_copies([]), "at least one"),
    "class for an instance": (lambda: on_copies([PlusMinusOne]), "class PlusMinusOne; give an instance"),
    "no projection": (lambda: on_copies([3]), "number 0 is 3, which has no project"),
    "copies' weights": (lambda: on_copies([PlusMinusOne()], weights=[1, 2]), "one positive number for each"),
    "copies' weight zero": (lambda: on_copies([PlusMinusOne()], weights=[0]), "one positive number for each"),
    "blocks overlap": (lambda: on_blocks([([0], Sphere(1)), ([0], Sphere(1))]), "index 0 twice"),
    "block no pair": (lambda: on_blocks([Sphere(1)]), "no pair"),
    "no blocks": (lambda: on_blocks([]), "at least one"),
    "open slice": (lambda: on_blocks([(slice(3, None), Sphere(1))]), "slice with a stop"),
    "split of odd size": (
        lambda: on_copies([Sphere(1), Sphere(2)])[1].merge(np.zeros(3)),
        "cannot hold 2 copies",
    ),
}


@pytest.mark.parametrize("build, said", WRONG_ARGUMENTS.values(), ids=WRONG_ARGUMENTS)
def test_a_wrong_argument_is_refused_with_its_value(build, said):
    with pytest.raises(btfnet.UsageError, match=said):
        build()


@pytest.mark.parametrize("constraint", [Permutation(3), Hyperplane([1, 2], 0), HalfSpace([1, 2], 0), Btf(4)])
def test_a_point_that_is_too_large_is_refused_where_the_size_is_known(constraint):
    with pytest.raises(btfnet.UsageError, match="10 values, but it needs"):
        constraint.project(np.zeros(10))


def test_constraints_cannot_be_changed():
    fixed = Fixed([0], [1.0])
    with pytest.raises(AttributeError):
        fixed.values = 2
    with pytest.raises(ValueError):
        fixed.values[0] = 2
