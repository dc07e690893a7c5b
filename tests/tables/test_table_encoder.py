"""Conditions: bits that say what they are, the same for whatever way rows come."""

from __future__ import annotations

import numpy as np
import pytest
from support.table_samples import people, table_of, without

from btfnet.errors import DataError
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.table import Table


@pytest.fixture(scope="module")
def encoder():
    columns = people()
    labels = np.array([name == "in" for name in columns["class"]]).astype(np.int64)
    return TableEncoder.fit(table_of(without(columns, "class")), labels)


def test_every_bit_is_what_its_name_says(encoder):
    columns = people(60, seed=3)
    bits = encoder.encode(columns)
    for name, bit in zip(encoder.names, bits.T, strict=True):
        sign = ">=" if ">=" in name else "="
        column, _, value = name.partition(sign)
        cells = columns[column]
        if value == "missing":
            expected = [cell is None for cell in cells]
        elif sign == ">=":
            expected = [cell is not None and float(cell) >= float(value) for cell in cells]
        else:
            expected = [cell is not None and str(cell) == value for cell in cells]
        assert bit.tolist() == expected, name


def test_names_of_rows_constants_and_text_are_left_out(encoder):
    assert {column.name for column in encoder.left_out} == {"id", "country"}


def test_no_condition_says_what_another_one_says(encoder):
    columns = people()
    bits = encoder.encode(columns)
    seen = {(column ^ column[0]).tobytes() for column in bits.T}
    assert len(seen) == bits.shape[1]
    assert bits.any(axis=0).all()
    assert not bits.all(axis=0).any()


def test_columns_are_found_by_name_in_any_order_and_others_are_not_looked_at(encoder):
    columns = people(30, seed=4)
    shuffled = {name: columns[name] for name in reversed(columns)} | {"more": ["?"] * 30}
    assert np.array_equal(encoder.encode(shuffled), encoder.encode(columns))
    assert np.array_equal(encoder.encode(without(columns, "id", "country", "class")), encoder.encode(columns))


def test_rows_without_names_go_by_position(encoder):
    columns = without(people(30, seed=4), "class")
    rows = np.array([*zip(*columns.values(), strict=True)], dtype=object)
    assert np.array_equal(encoder.encode(rows), encoder.encode(columns))


def test_numbers_may_come_as_text_and_codes_as_numbers():
    encoder = TableEncoder.fit(
        table_of({"code": ["1", "2", "x"] * 9, "n": [1.5, 2, 3] * 9}), np.array([0, 1, 1] * 9)
    )
    bits = encoder.encode({"code": [1.0, 2.0], "n": ["1.5", "2"]})
    assert np.array_equal(bits, encoder.encode({"code": ["1", "2"], "n": [1.5, 2]}))


def test_a_value_that_training_never_saw_is_equal_to_nothing(encoder):
    row = {name: values[:1] for name, values in people().items()} | {"colour": ["violet"]}
    bits = dict(zip(encoder.names, encoder.encode(row)[0].tolist(), strict=True))
    assert not any(bit for name, bit in bits.items() if name.startswith("colour="))


def test_booleans_may_be_spelled_otherwise(encoder):
    row = {name: values[:4] for name, values in people().items()}
    assert np.array_equal(
        encoder.encode(row | {"flag": ["yes", "no", "yes", "no"]}),
        encoder.encode(row | {"flag": [1, 0, "TRUE", "f"]}),
    )


@pytest.mark.parametrize(
    "change, says",
    [
        (lambda rows: without(rows, "age"), "no column named age"),
        (lambda rows: rows | {"age": ["old"] * len(rows["age"])}, "row 1 has 'old' in the column age"),
    ],
    ids=["missing", "text"],
)
def test_rows_that_do_not_fit_are_told(encoder, change, says):
    with pytest.raises(DataError, match=says):
        encoder.encode(change(people(5)))


def test_arrays_of_another_width_are_told(encoder):
    with pytest.raises(DataError, match="found 3 columns, expected 6"):
        encoder.encode(np.zeros((2, 3)))


def test_nothing_is_asked_of_a_table_that_tells_nothing():
    assert TableEncoder.fit(Table.of({"a": ["x"] * 30}), np.array([0, 1] * 15)).conditions == ()


def test_a_value_means_the_same_whatever_values_stand_beside_it():
    columns = {
        "code": ["01", "1", "A", "1.0"] * 20,
        "flag": [1, 0] * 40,
        "level": [place * 0.5 for place in range(80)],
    }
    labels = np.array([0, 1, 1, 1, 0, 0, 1, 1] * 10)
    encoder = TableEncoder.fit(table_of(columns), labels)
    rows = {
        "code": ["01", "1", "1.0", "007", "A", "01"],
        "flag": ["yes", "1", "0", "no", "x", None],
        "level": ["7,5", "7.5", "inf", "?", "3e1", None],
    }
    bits = encoder.encode(rows)
    for place, row in enumerate(zip(*rows.values(), strict=True)):
        alone = {name: [value] for name, value in zip(rows, row, strict=True)}
        assert np.array_equal(encoder.encode(alone)[0], bits[place]), row
    found = {name: bits[:, place].tolist() for place, name in enumerate(encoder.names)}
    assert found["code=01"] == [True, False, False, False, False, True]
    assert found["flag"] == [True, True, False, False, False, False]
    with pytest.raises(DataError, match="expected a number"):
        encoder.encode(rows | {"level": ["1_0", "1", "1", "1", "1", "1"]})
