"""Curves of trials: kept thinned, read back, and small enough for a terminal."""

import math
from itertools import pairwise

import pytest
from support.run_samples import curves

from btfnet import TraceRow
from btfnet.viewing.curves import (
    MOST_CURVES,
    MOST_POINTS,
    Curve,
    Gathered,
    Point,
    as_csv,
    chosen,
    from_csv,
    small_curve,
)


def test_a_table_of_curves_is_read_back_as_it_was():
    read = from_csv(as_csv(curves()))
    assert [curve.trial for curve in read] == [0, 1, 2]
    for curve, other in zip(read, curves(), strict=True):
        for name in ("train", "gap", "least_gap"):
            assert dict(curve.column(name)) == pytest.approx(dict(other.column(name)))
        assert curve.column("test") == []


def test_trace_csv_of_earlier_versions_is_one_trial():
    text = (
        "iteration,gap_w,gap_x,gap_y,gap,least_gap,train_bits,test_bits,seconds\n10,,,,0.5,0.5,0.75,0.5,0.1\n"
    )
    (curve,) = from_csv(text)
    assert curve.points == (Point(10, 0.1, 0.75, curve.points[0].validation, 0.5, 0.5, 0.5),)
    assert math.isnan(curve.points[0].validation)


@pytest.mark.parametrize(
    "text", ["", "\0", "a,b\n1,2\n", "iteration\nx\n", "trial,iteration\nnan,3\n", "iteration\n1e999\n"]
)
def test_a_damaged_table_has_fewer_points_and_no_error(text):
    assert all(math.isfinite(point.iteration) for curve in from_csv(text) for point in curve.points)


def test_a_long_curve_keeps_its_first_and_last_points():
    curve = Curve(0, tuple(Point(k, float(k)) for k in range(1001)))
    thin = curve.thinned()
    assert len(thin.points) <= MOST_POINTS
    assert (thin.points[0], thin.points[-1]) == (curve.points[0], curve.points[-1])
    assert thin.thinned() == thin


@pytest.mark.parametrize("count", [1, 2, 7, 199, 200, 201, 5000])
def test_a_curve_under_way_is_evenly_spaced_and_ends_at_the_last_look(count):
    gathered = Gathered(3)
    assert gathered.curve == Curve(3, ())
    for k in range(count):
        gathered.add(Point(k, float(k)))
    found = [point.iteration for point in gathered.curve.points]
    assert (found[0], found[-1]) == (0, count - 1)
    assert len(found) <= 2 * MOST_POINTS
    assert len({b - a for a, b in pairwise(found[:-1])}) <= 1


def test_of_many_trials_the_best_is_kept():
    many = [Curve(trial, ()) for trial in range(4 * MOST_CURVES)]
    kept = [curve.trial for curve in chosen(many, 150)]
    assert len(kept) == MOST_CURVES
    assert 150 in kept
    assert kept == sorted(kept)


def test_what_engines_test_on_validates_where_items_validate():
    look = TraceRow(1, 0.5, 0.4, 2.0, train_bits=0.9, test_bits=0.8)
    assert Point.of(look, validated=True).validation == Point.of(look, validated=False).test == 0.8
    assert math.isnan(Point.of(look, validated=True).test)


@pytest.mark.parametrize(
    "values, signs",
    [
        ([], ""),
        ([math.nan], ""),
        ([0.0, 0.0], "▁▁"),
        ([1.0, 0.5, 0.0], "█▅▁"),
        ([1.0, 1e-9, 0.0], "█▂▁"),
        ([0.3], "█"),
    ],
)  # fmt: skip
def test_a_small_curve_is_as_high_as_its_values_and_lowest_only_at_zero(values, signs):
    assert small_curve(values) == signs


def test_a_small_curve_is_no_wider_than_asked_and_ends_where_the_values_end():
    signs = small_curve([1.0] * 99 + [0.0], 10)
    assert (len(signs), signs[-1], signs[:-1]) == (10, "▁", "█" * 9)
