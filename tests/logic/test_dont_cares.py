"""External don't cares in proofs: output bits that do not count are no differences, and all others are."""

from __future__ import annotations

import numpy as np
import pytest
from support.naive_circuit import evaluate, every_input, random_circuit

from btfnet import DataError
from btfnet.logic.proof.equivalence import prove_equal
from btfnet.logic.verify import compare


def differences(a, b, free):
    """Inputs, outputs as (row, index) on which a and b differ and that count."""
    return [
        (bits, index)
        for bits in every_input(a.n_inputs)
        for index, (x, y, f) in enumerate(
            zip(evaluate(a, bits), evaluate(b, bits), evaluate(free, bits), strict=True)
        )
        if x != y and not f
    ]


@pytest.mark.parametrize("method", ["sat", "exhaustive"])
def test_answers_with_dont_cares_are_those_of_brute_force(method):
    answers = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n_inputs = int(rng.integers(1, 6))
        a, b, free = (random_circuit(rng, n_inputs, int(rng.integers(1, 9)), 2) for _ in range(3))
        found, wrong = prove_equal(a, b, method=method, dont_care=free), differences(a, b, free)
        assert found.equal is (not wrong)
        answers.append(found.equal)
        if wrong:
            example = found.counterexample
            assert all((example.inputs, index) in wrong for index in example.wrong_outputs)
            values, dont_care = evaluate(a, example.inputs), evaluate(free, example.inputs)
            off = [None if f else value for value, f in zip(values, dont_care, strict=True)]
            assert list(example.expected) == off
            assert example.wrong_outputs
    assert 20 < sum(answers) < 130


def test_wrong_bits_that_do_not_count_are_not_counted():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        a, b, free = (random_circuit(rng, 4, 6, 3) for _ in range(3))
        verdict, wrong = compare(a, b, dont_care=free), differences(a, b, free)
        assert (verdict.n_items, verdict.n_wrong_bits) == (16, len(wrong))
        assert verdict.n_wrong_items == len({bits for bits, _ in wrong})


def test_dont_cares_of_another_shape_are_refused():
    rng = np.random.default_rng(0)
    a, b = random_circuit(rng, 3, 4, 2), random_circuit(rng, 3, 4, 1)
    with pytest.raises(DataError, match="outputs"):
        prove_equal(a, a, dont_care=b)
