"""Generators: their items against independent, slow definitions."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.task_samples import SMALL, small

from btfnet.errors import UsageError
from btfnet.problem.values import InputKind, OutputKind
from btfnet.tasks import GENERATORS, generate
from btfnet.tasks.generator import REQUIRED
from btfnet.tasks.numerals import numeral
from btfnet.tasks.rows import binary, distinct_rows, n_rows


def number(bits):
    return int("".join("1" if bit == 1 else "0" for bit in bits), 2)


# -- what holds for all -------------------------------------------------------------------------------------


def test_every_generator_has_a_sample_here():
    assert set(SMALL) == set(GENERATORS)


@pytest.mark.parametrize("name", SMALL)
def test_same_seed_same_items_and_another_seed_other_items(name):
    one, same, other = small(name, 1), small(name, 1), small(name, 2)
    assert one == same
    assert one != other


@pytest.mark.parametrize("name", sorted(set(SMALL) - {"digits"}))
def test_no_two_items_are_alike(name):
    items = small(name)
    rows = np.hstack([items.inputs, items.outputs])
    assert len(np.unique(rows, axis=0)) == items.n_items


@pytest.mark.parametrize("name", sorted(set(SMALL) - {"digits", "decoder"}))
def test_training_and_test_items_share_no_input_row(name):
    rows = small(name).inputs
    assert len(np.unique(rows, axis=0)) == len(rows)


@pytest.mark.parametrize("name", SMALL)
def test_every_parameter_says_what_it_is_and_has_an_allowed_default(name):
    assert GENERATORS[name].summary.endswith(".")
    for parameter in GENERATORS[name].parameters.values():
        assert parameter.help
        assert parameter.expected
        assert parameter.default in (REQUIRED, None) or parameter.allows(parameter.default)


@pytest.mark.parametrize("name", sorted(set(SMALL) - {"digits"}))
def test_items_come_in_rows_of_signs(name):
    items = small(name)
    assert items.outputs.dtype == np.int8
    assert items.inputs.dtype == np.float32
    assert len(items.inputs) == len(items.outputs) > 0
    assert np.isin(items.inputs, (-1, 1)).all()
    assert np.isin(items.outputs, (-1, 1)).all()


# -- multiplier and parity ----------------------------------------------------------------------------------


@pytest.mark.parametrize("a, b", [(1, 1), (2, 2), (3, 3), (2, 3), (3, 1), (4, 4)])
def test_multiplier_holds_every_product_once_most_significant_bit_first(a, b):
    items = generate("multiplier", {"a": a, "b": b}, 1)
    seen = set()
    for row, product in zip(items.inputs, items.outputs, strict=True):
        left, right = number(row[:a]), number(row[a:])
        assert number(product) == left * right
        seen.add((left, right))
    assert len(seen) == items.n_items == 2 ** (a + b)


def test_multiplier_names_its_bits_most_significant_first():
    items = generate("multiplier", {"a": 2, "b": 1}, 1)
    assert items.input_names == ("a1", "a0", "b0")
    assert items.output_names == ("p2", "p1", "p0")


@pytest.mark.parametrize("bits", [1, 4, 8, 40])
def test_parity_is_the_product_of_the_signs(bits):
    items = generate("parity", {"bits": bits}, 1)
    assert items.n_items == min(2**bits, 10_000)
    for row, (odd,) in zip(items.inputs[:200], items.outputs, strict=False):
        assert (odd == 1) == (sum(value == 1 for value in row) % 2 == 1)


# -- codes --------------------------------------------------------------------------------------------------


def test_autoencoder_gives_back_its_inputs():
    items = small("autoencoder")
    assert items.n_items == 16
    assert (items.inputs == items.outputs).all()


def test_decoder_has_unknown_bits():
    items = small("decoder", items=5)
    assert items.input_kind is InputKind.UNKNOWN_BITS
    assert items.inputs.shape == (5, 0)
    assert items.outputs.shape == (5, 16)


@pytest.mark.parametrize("bits", [2, 3, 12, 64])
def test_permutation_trains_on_one_hot_vectors_and_tests_on_others(bits):
    items = generate("permutation", {"bits": bits, "tests": 40}, 1)
    ones = (items.inputs == 1).sum(axis=1)
    assert (items.inputs[:bits] == 2 * np.eye(bits) - 1).all()
    assert (ones[bits:] != 1).all()
    assert items.n_items == min(bits + 40, 2**bits)
    order = [int(np.flatnonzero(items.outputs[:bits, column] == 1)[0]) for column in range(bits)]
    assert sorted(order) == list(range(bits))
    for row, out in zip(items.inputs, items.outputs, strict=True):
        assert out.tolist() == [row[source] for source in order]


# -- pictures and numerals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2])
def test_rorschach_images_are_all_mirrored_ones_and_half_of_them_reversed(k):
    items = generate("rorschach", {"k": k}, 1)
    images = items.inputs.reshape(-1, 2 * k, 2 * k)
    mirrored = images[:, :, ::-1]
    same = (images == mirrored).all(axis=(1, 2))
    reversed_contrast = (images == -mirrored).all(axis=(1, 2))
    assert (same ^ reversed_contrast).all()
    assert same.sum() == reversed_contrast.sum()
    assert items.n_items == 2 ** (2 * k * k + 1)
    assert (items.inputs == items.outputs).all()


@pytest.mark.parametrize(
    "value, text",
    [
        (1, "I"),
        (4, "IV"),
        (14, "XIV"),
        (49, "XLIX"),
        (888, "DCCCLXXXVIII"),
        (1994, "MCMXCIV"),
        (4999, "MMMMCMXCIX"),
    ],
)
def test_numerals_are_written_as_the_romans_might_have(value, text):
    assert numeral(value) == text


def read_numeral(text):
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[symbol] for symbol in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


@pytest.mark.parametrize("code, highest, width", [("one_hot", 899, 84), ("four_bit", 4999, 64)])
def test_roman_rows_decode_to_every_number_once(code, highest, width):
    items = generate("roman", {"code": code, "highest": highest}, 1)
    assert items.inputs.shape == (highest, width)
    assert (items.inputs == items.outputs).all()
    numbers = []
    for row in items.inputs:
        places = row.reshape(-1, 7 if code == "one_hot" else 4)
        assert all(
            (place == 1).sum() == 1 if code == "one_hot" else (place == 1).sum() % 2 == 0 for place in places
        )
        indices = [int(np.argmax(place)) if code == "one_hot" else number(place[:3]) for place in places]
        text = "".join(" IVXLCDM"[index] for index in indices)
        assert " " not in text.rstrip()
        numbers.append(read_numeral(text.rstrip()))
    assert sorted(numbers) == list(range(1, highest + 1))


def test_digits_are_grey_pictures_of_ten_classes():
    items = small("digits")
    assert items.inputs.shape == (1797, 64)
    assert (items.inputs.min(), items.inputs.max()) == (-1, 1)
    assert items.input_kind is InputKind.ANALOG
    assert items.output_kind is OutputKind.CLASS
    assert ((items.outputs == 1).sum(axis=0) > 170).all()


def test_digits_without_scikit_learn_say_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(UsageError, match=r"pip install .btfnet\[digits\]"):
        generate("digits", {}, 1)


# -- rows ---------------------------------------------------------------------------------------------------


@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 1000))
def test_distinct_rows_are_distinct_signs(n_bits, items, seed):
    items = n_rows(min(items, 2**n_bits), n_bits)
    rows = distinct_rows(np.random.default_rng(seed), items, n_bits)
    assert rows.shape == (items, n_bits)
    assert len({tuple(row) for row in rows.tolist()}) == items
    assert np.isin(rows, (-1, 1)).all()


def test_binary_puts_the_most_significant_bit_first():
    assert binary(np.array([6]), 4).tolist() == [[-1, 1, 1, -1]]


# -- complaints ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, parameters, complaint",
    [
        ("multiplyer", {}, 'there is no generator "multiplyer"; did you mean multiplier'),
        (
            "multiplier",
            {"a": 2},
            'the parameter "b" .bits of the second factor. is missing; give it a whole number',
        ),
        ("multiplier", {"a": 2, "c": 2}, 'there is no parameter "c"'),
        ("multiplier", {"a": 0, "b": 2}, "a is 0, but it must be a whole number from 1 to 10"),
        ("multiplier", {"a": 2.0, "b": 2}, "a is 2.0, but it must be a whole number"),
        ("multiplier", {"a": True, "b": 2}, "a is True, but it must be a whole number"),
        ("parity", {"bits": 3, "items": 9}, "items is 9, but there are only 8 different rows of 3 bits"),
        ("parity", {"bits": 3, "items": None}, "items is None, but it must be a whole number"),
        ("parity", {"bits": 3, "item": 9}, "did you mean items"),
        ("autoencoder", {"bits": 3, "items": 9}, "only 8 different rows"),
        ("andor", {"depth": 2, "width": 1}, "width is 1, but it must be a whole number from 2"),
        ("maj", {"depth": 2, "width": 2}, "width is 2, but it must be a whole number from 3"),
        (
            "maj",
            {"depth": 2, "gate_probability": 1.5},
            "gate_probability is 1.5, but it must be a number from 0 to 1",
        ),
        ("maj", {"depth": 2, "gate_probability": float("nan")}, "gate_probability is nan"),
        ("automaton", {"rule": 256, "cells": 8}, "with radius 1 it must be below 2.8"),
        ("automaton", {"rule": -1, "cells": 8}, "rule is -1, but it must be a whole number of at least 0"),
        ("automaton", {"rule": 1, "cells": 2}, "2 cells are fewer than the 3 that a cell sees"),
        ("automaton", {"rule": 1, "cells": 8, "periodic": 1}, "periodic is 1, but it must be true or false"),
        ("roman", {"code": "ascii"}, 'code is \'ascii\', but it must be "one_hot" or "four_bit"'),
        ("roman", {"code": ["one_hot"]}, "code is .*but it must be"),
        ("roman", {"highest": 5000}, "from 1 to 4999"),
        ("digits", {"items": 3}, 'there is no parameter "items". Its parameters: none'),
    ],
)
def test_bad_parameters_are_refused_with_the_value_and_the_range(name, parameters, complaint):
    with pytest.raises(UsageError, match=complaint):
        generate(name, parameters, 1)


@pytest.mark.parametrize("seed", [-1, 1.5, True, 2**63])
def test_senseless_seeds_are_refused(seed):
    with pytest.raises(UsageError, match=r"seed is .*whole number from 0"):
        generate("parity", {"bits": 3}, seed)
