"""What a column is, how its cells are read, and where numbers are cut."""

from __future__ import annotations

import numpy as np
import pytest

from btfnet.errors import DataError
from btfnet.tables.cells import as_texts, plain, text_of, typed
from btfnet.tables.columns import Kind, column_of
from btfnet.tables.cuts import Cuts, between, levels_of
from btfnet.tables.table import Table

MANY = 40


def kind_of(cells, name="c"):
    return column_of(name, typed([str(cell) for cell in cells])).kind


@pytest.mark.parametrize(
    "cells, kind",
    [
        (["0", "1"] * MANY, Kind.BOOLEAN),
        (["yes", "no", ""] * MANY, Kind.BOOLEAN),
        (["TRUE", "FALSE"] * MANY, Kind.BOOLEAN),
        (["-1", "1"] * MANY, Kind.BOOLEAN),
        (["1", "2", "3"] * MANY, Kind.INTEGER),
        (["1.5", "2", "NA"] * MANY, Kind.REAL),
        (["3,14", "2,7", "1,0"] * MANY, Kind.REAL),
        (["red", "green"] * MANY, Kind.CATEGORY),
        (["low", "high", "med"] * MANY, Kind.ORDERED),
        (["a"] * MANY, Kind.CONSTANT),
        ([""] * MANY, Kind.CONSTANT),
        (["a", ""] * MANY, Kind.CATEGORY),
        (range(1, MANY), Kind.IDENTIFIER),
        ([f"row-{number}" for number in range(MANY)], Kind.IDENTIFIER),
        ([f"this is the text of row {number}" for number in range(MANY)], Kind.TEXT),
        ([str(number + 0.5) for number in range(MANY)], Kind.REAL),
    ],
    ids=str,
)
def test_a_column_is_what_a_reader_would_say(cells, kind):
    assert kind_of(cells) is kind


def test_the_order_of_a_known_scale_is_the_scales():
    assert column_of("c", typed(["high", "low", "med", "low"] * 9)).values == ("low", "med", "high")


def test_an_order_that_is_told_counts():
    assert column_of("c", typed(["b", "a", "c"] * 9), ("c", "a", "b")).values == ("c", "a", "b")


def test_few_rows_do_not_make_an_identifier():
    assert kind_of(["a", "b", "c", "d"]) is Kind.CATEGORY
    assert kind_of(["1", "2", "3", "4"]) is Kind.INTEGER


def test_whole_numbers_are_written_without_a_point():
    assert [text_of(value) for value in (1.0, 1, 1.5, "1 ")] == ["1", "1", "1.5", "1"]
    assert as_texts(np.array([1.0, np.nan, 2.5])).tolist() == ["1", None, "2.5"]


def test_values_of_python_become_numbers_where_all_are():
    assert plain([1, None, True]).tolist()[::2] == [1.0, 1.0]
    assert plain(["a", None, 2]).tolist() == ["a", None, "2"]
    assert plain([10**400, 1]).tolist() == [str(10**400), "1"]


@pytest.mark.parametrize("missing", ["", "NA", "n/a", "NaN", "?", "-", "null", "None"])
def test_spellings_of_a_missing_value_are_missing(missing):
    assert np.isnan(typed(["1", missing, "2"])[1])
    assert typed(["a", missing, "b"])[1] is None


def test_a_number_with_an_underscore_or_infinity_is_text():
    assert typed(["1_0", "2"]).dtype == object
    assert typed(["inf", "2"]).dtype == object


# -- levels -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "low, high",
    [(36, 37), (0.1, 0.2), (1e-9, 2e-9), (-5, 1000), (3.14159, 3.1416), (99, 101), (0, 1e308), (0, 5e-324)],
)
def test_a_level_is_above_the_lower_and_not_above_the_higher_value(low, high):
    assert low < between(low, high) <= high


def test_levels_are_round_numbers():
    assert between(36.0, 37.0) == 37
    assert between(0.123, 0.188) == 0.16
    assert between(5.01, 5.94) == 5.5


@pytest.mark.parametrize("how", Cuts)
def test_few_values_are_all_told_apart(how):
    assert levels_of(np.array([1.0, 2, 3, 3, 1]), np.array([0, 1, 0, 1, 1]), how, 5) == (2.0, 3.0)


@pytest.mark.parametrize("how", Cuts)
def test_there_are_at_most_so_many_levels_and_they_rise(how):
    rng = np.random.default_rng(1)
    values, labels = rng.normal(size=500), rng.integers(0, 2, 500)
    levels = levels_of(values, labels, how, 6)
    assert 3 <= len(levels) <= 6
    assert list(levels) == sorted(set(levels))
    assert all(values.min() < level <= values.max() for level in levels)


def test_levels_by_classes_find_where_the_class_changes():
    values = np.arange(1000) / 10
    labels = ((values >= 33.3) & (values < 71.2)).astype(np.int64)
    levels = levels_of(values, labels, Cuts.CLASSES, 8)
    assert any(33.2 < level <= 33.3 for level in levels)
    assert any(71.1 < level <= 71.2 for level in levels)


@pytest.mark.parametrize("how", Cuts)
def test_the_largest_floats_are_cut_as_any_others(how):
    values = np.linspace(-1, 1, 41) * 1.79e308
    assert column_of("c", values).kind is Kind.INTEGER
    levels = levels_of(values, (values > 0).astype(np.int64), how, 7)
    assert 0 < len(levels) <= 7
    assert all(values.min() < level <= values.max() for level in levels)


def test_missing_values_do_not_count_for_levels():
    values = np.array([np.nan, 1, 2, np.nan, 3])
    assert levels_of(values, np.array([0, 0, 1, 0, 1]), Cuts.CLASSES) == (2.0, 3.0)
    assert levels_of(np.array([np.nan, 1.0]), np.array([0, 1]), Cuts.CLASSES) == ()


# -- tables -------------------------------------------------------------------------------------------------


def test_a_table_comes_of_arrays_mappings_and_frames():
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    columns = {"a": [1, 2], "b": ["x", None]}
    for made in (columns, pandas.DataFrame(columns), polars.DataFrame(columns)):
        table = Table.of(made)
        assert table.names == ("a", "b")
        assert table.column("a").tolist() == [1.0, 2.0]
        assert table.column("b").tolist() == ["x", None]
    assert Table.of(np.eye(2)).names == ("x0", "x1")


def test_ordered_categories_of_pandas_keep_their_order():
    pandas = pytest.importorskip("pandas")
    column = pandas.Categorical(["b", "a", None], categories=["b", "a"], ordered=True)
    assert Table.of(pandas.DataFrame({"c": column})).orders == {"c": ("b", "a")}


@pytest.mark.parametrize(
    "values, says",
    [
        (np.zeros(3), "found 1 dimensions"),
        ({"a": [1], "b": [1, 2]}, "columns of"),
        (np.array([[np.inf]]), "infinity"),
        ([[1, 2], [3]], "differ in length"),
    ],
    ids=["flat", "lengths", "infinite", "ragged"],
)
def test_what_is_no_table_is_told(values, says):
    with pytest.raises(DataError, match=says):
        Table.of(values)
