"""Plain inference with given weights, and what of its outputs counts as right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from btfnet.engines.completion.completion_check import infer
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind

pytestmark = pytest.mark.no_compiler


def test_inference_takes_the_sign_node_by_node_and_zero_is_false():
    network = Network.from_edges(2, 2, [(3, 1), (3, 2), (4, 3), (4, 1)], bias=False)
    found = infer(network, np.array([1.0, 1.0, 1.0, -1.0]), np.array([[1.0, -1.0], [1.0, 1.0]], np.float32))
    # edges by receiver, senders ascending: 3 ← 1, 2; 4 ← 1, 3 with weights 1, -1
    np.testing.assert_array_equal(found, [[0.0, 2.0], [2.0, 0.0]])


def test_a_class_is_the_largest_output():
    problem = Problem(
        "classes",
        Network.layered([1, 2]),
        Items([[0.0], [0.5], [1.0]], [[1, -1], [-1, 1], [1, -1]], "analog"),
    )
    preactivations = np.array([[3.0, -2.0], [2.0, 4.0], [-1.0, 0.0]], dtype=np.float32)
    classes = replace(problem, items=replace(problem.items, output_kind=OutputKind.CLASS))
    assert classes.fractions_right(preactivations) == pytest.approx((2 / 3, 2 / 3))
    assert problem.fractions_right(preactivations)[1] == pytest.approx(1 / 3)
    assert np.isnan(problem.fractions_right(preactivations[:0])[0])
