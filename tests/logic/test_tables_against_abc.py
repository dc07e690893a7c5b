"""Truth tables in all spellings are read as ABC reads them; scripts/checks/espresso_tables.py compares more."""

from __future__ import annotations

from collections import Counter

import pytest
from support.pla_and_abc import Disagreement, compare_tables
from support.pla_tables import Sample, Spelling, plain, random_tables

from btfnet.tools import programs

N_TABLES = 80


needs_abc = pytest.mark.skipif(not programs.available("abc"), reason="ABC is not on this machine")


@needs_abc
def test_random_tables_in_all_spellings_are_read_as_abc_reads_them(tmp_path):
    tables = random_tables(0, N_TABLES)
    both = compare_tables(tables, tmp_path)
    assert both > N_TABLES / 8


def test_the_generator_uses_every_spelling_and_kind():
    tables = random_tables(0, 240)
    ways = Counter(way for _, spelling in tables for way in spelling.ways)
    assert len(ways) >= 32
    assert {sample.kind for sample, _ in tables} == {"f", "fd", "fr", "fdr", "r", "dr"}
    assert max(sample.n_inputs for sample, _ in tables) > 100


@needs_abc
@pytest.mark.parametrize(
    ("old", "new"), [("11- 1", "110 1"), ("0-1 0", "0-1 1"), ("-00 -", "-01 -"), (".ilb a", ".ilb d")]
)
def test_a_table_that_says_something_else_is_noticed(old, new, tmp_path):
    terms = [("11-", "1"), ("0-1", "0"), ("-00", "-")]
    sample = Sample("fdr", 3, 1, terms, ["a", "b", "c"])
    text = plain(sample).replace(".ilb", ".type fdr\n.ilb")
    assert compare_tables([(sample, Spelling(text, (), False))], tmp_path) == 0
    assert old in text
    with pytest.raises(Disagreement):
        compare_tables([(sample, Spelling(text.replace(old, new), (), False))], tmp_path)
