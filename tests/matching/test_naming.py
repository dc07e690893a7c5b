"""Which column is which: names decide wherever both sides have them, and nothing is matched in silence else.

Before, tables and data frames were always matched by position, and the tests only ever gave them in the circuit's
own order: the wrong bit and the right one were the same there.
"""

from __future__ import annotations

import warnings

import pytest

from btfnet.errors import BtfnetWarning, DataError, UsageError
from btfnet.matching.columns import (
    By,
    Ports,
    Unknown,
    generated,
    input_places,
    listed,
    name_shown,
    order,
    orders,
)

SIDES = ("ours", "theirs")


@pytest.mark.parametrize(
    ("ours", "theirs", "places"),
    [
        (("a", "b", "c"), ("c", "a", "b"), (1, 2, 0)),
        (("a", "b"), ("a", "b"), None),
        (("x0", "x1"), ("x1", "x0"), (1, 0)),
        ((), ("a", "b"), None),
        (("a", "b"), (), None),
        (("x0", "x1"), ("a", "b"), None),
        (("a", "b"), ("column_0", "column_1"), None),
        (("x0", "x1"), ("in0", "in1"), None),
        (("x1", "x2"), ("in0", "in1"), None),
    ],
)
def test_names_are_matched_and_numbers_that_a_format_made_up_are_not_names(ours, theirs, places):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert order(ours, theirs, "input", SIDES) == places


@pytest.mark.parametrize(
    ("ours", "theirs", "places"),
    [
        (("a b", "c"), ("c", "a_b"), (1, 0)),
        (("Age", "sex"), ("sex", "age"), (1, 0)),
        (("a[0]", "a[1]"), ("a_1_", "a_0_"), (1, 0)),
        (("s", "a"), ("a_2", "s"), (1, 0)),
        (("a", "b "), ("b", "a"), (1, 0)),
        (("p", "q"), ("r", "s"), None),
        (("a", "A"), ("A", "b"), "refused"),
        (("a", "A"), ("b", "B"), None),
        (("x1", "x2"), ("x0", "x1"), None),
        (("a[0]", "b"), ("B", "a_0"), (1, 0)),
        (("INPUTx", "b"), ("b", "_INPUTx"), (1, 0)),
    ],
)
def test_other_spellings_and_other_names_are_told(ours, theirs, places):
    if places == "refused":
        with pytest.raises(DataError, match="cannot be matched by name"):
            order(ours, theirs, "input", SIDES)
        return
    with pytest.warns(BtfnetWarning, match="matched") as said:
        assert order(ours, theirs, "input", SIDES) == places
    assert len(said) == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (("a", "b"), ("a", "zzz"), ["no input of ours is named zzz", "theirs has no input named b"]),
        (("a", "b"), ("a",), ["theirs has no input named b"]),
        (("a", "b"), ("b", "a", "c"), ["no input of ours is named c", "ours: a, b", "theirs: b, a, c"]),
        (("a", "b"), ("a", "a"), ["two inputs are named a"]),
        (("x0", "x1"), ("x1", "foo"), ["no input of ours is named foo"]),
        (("x0", "x1"), ("x0",), ["theirs has no input named x1"]),
        (("a", "b"), ("~a", "b"), ["no input of ours is named '~a'"]),
        (("x+", "b"), ("x-", "b"), ["no input of ours is named x-"]),
        (("age_2", "b"), ("age_3", "b"), ["no input of ours is named age_3"]),
        (("age_0", "b"), ("age", "b"), ["no input of ours is named age"]),
    ],
)
def test_unknown_missing_and_repeated_names_are_refused_with_both_lists(ours, theirs, words):
    with pytest.raises(DataError) as caught:
        order(ours, theirs, "input", SIDES)
    for word in words:
        assert word in str(caught.value)


def test_rows_without_any_known_name_are_refused_where_a_table_with_outputs_is_warned_of():
    with pytest.raises(DataError, match="no input of ours is named zzz, qqq"):
        order(("a", "b"), ("zzz", "qqq"), "input", SIDES, unknown=Unknown.REFUSED)
    with pytest.warns(BtfnetWarning, match="by position: zzz, qqq of the latter for a, b"):
        assert order(("a", "b"), ("zzz", "qqq"), "input", SIDES) is None


def test_what_was_asked_for_holds():
    assert order(("a", "b"), ("b", "a"), "input", SIDES, By.POSITION) is None
    assert order(("a", "b"), ("a", "zzz"), "input", SIDES, By.POSITION) is None
    assert order(("a", "b"), ("b", "a"), "input", SIDES, By.NAME) == (1, 0)
    with pytest.raises(DataError, match="cannot be matched"):
        order(("x0", "x1"), ("a", "b"), "input", SIDES, By.NAME)
    with pytest.raises(UsageError, match="theirs has no names of inputs"):
        order(("a", "b"), (), "input", SIDES, By.NAME)
    with pytest.raises(UsageError, match="contradict"):
        By.asked(by_name=True, by_position=True)


def test_inputs_and_outputs_are_matched_each_by_their_own_names():
    ours, theirs = Ports("m", ("a", "b"), ("s", "c")), Ports("t", ("b", "a"), ("c", "s"))
    assert orders(ours, theirs) == ((1, 0), (1, 0))
    assert orders(ours, theirs, By.POSITION) == (None, None)


def test_netlists_that_were_renamed_correspond_by_position_unless_shared_names_contradict_that():
    with pytest.warns(BtfnetWarning, match="by position: c of the latter for b"):
        assert order(("a", "b"), ("a", "c"), "input", SIDES, unknown=Unknown.PLACED) is None
    for unknown, theirs in ((Unknown.PLACED, ("c", "a")), (Unknown.DIFFERENT, ("a", "c"))):
        with pytest.raises(DataError, match="no input of ours is named c"):
            order(("a", "b"), theirs, "input", SIDES, unknown=unknown)


@pytest.mark.parametrize(
    ("columns", "places"),
    [
        (("a", "b"), None),
        (("b", "a"), (1, 0)),
        (("y", "b", "a"), (2, 1)),
        (("a", "b", "y"), (0, 1)),
        ((), None),
    ],
)
def test_columns_named_like_outputs_are_left_out_of_rows_wherever_they_stand(columns, places):
    assert input_places(columns, Ports("m", ("a", "b"), ("y",)), "t") == places


def test_an_input_that_is_also_an_output_stays_an_input():
    assert input_places(("b", "a"), Ports("m", ("a", "b"), ("a",)), "t") == (1, 0)


@pytest.mark.parametrize(
    ("names", "made_up"),
    [
        (("x0", "x1"), True), (("x1", "x2"), True), (("x1", "x0"), False), (("x0", "x2"), False),
        (("in0",), True), (("a0", "a1"), False), (("column_0", "column_1"), True), (("",), False), ((), False),
    ],
)  # fmt: skip
def test_made_up_names_are_known_by_their_numbers(names, made_up):
    assert generated(names) is made_up


def test_a_hundred_thousand_names_are_matched_at_once_and_shown_in_few_words():
    ours = tuple(f"n{index}" for index in range(100_000))
    assert order(ours, ours[::-1], "input", SIDES)[0] == 99_999
    with pytest.raises(DataError) as caught:
        order(ours, (*ours[:-1], "z\x1b[31m" + "w" * 500), "input", SIDES)
    assert len(str(caught.value)) < 1000
    assert str(caught.value).replace("\n", "").isprintable()
    assert "(100000 in all)" in str(caught.value)
    assert listed(()) == "none"
    assert name_shown("a b") == "'a b'"
    assert name_shown("Preis in €") == "'Preis in €'"
    assert name_shown("red\x1b[31m") == "'red\\x1b[31m'"
