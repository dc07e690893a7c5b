"""What known rules are called, and rules as people read them."""

from __future__ import annotations

import numpy as np

from btfnet.rules.lattice import NAMES, window
from btfnet.rules.records import AnyRule
from btfnet.rules.rule import TableRule
from btfnet.rules.thresholds import ThresholdRule

MOST_INPUTS = 9
"""Tables of masks and gates are looked at up to so many."""
LONGEST_NUMBER = 64
"""Bits of a rule whose number is written in decimal."""
MOORE_CENTRE = 4


def known_name(rule: AnyRule) -> str | None:
    """Such as "Wolfram's rule 110" and "Life (B3/S23)"; None for rules without a name."""
    if rule.n_states != 2 or rule.neighbourhood.size > MOST_INPUTS:
        return None
    table = rule if isinstance(rule, TableRule) else rule.as_table()
    if rule.neighbourhood.offsets in [window(first, 3).offsets for first in range(-2, 1)]:
        return f"Wolfram's rule {table.number}"
    return _life_like(table) if rule.neighbourhood == NAMES["moore"] else None


def _life_like(table: TableRule) -> str | None:
    """By the numbers of living neighbours with which cells are born, and survive; where only these matter."""
    patterns = np.arange(len(table.values))
    centre = patterns >> MOORE_CENTRE & 1
    around = np.bitwise_count(patterns) - centre
    told = {True: "", False: ""}
    for alive in (False, True):
        for count in range(9):
            values = set(table.values[(centre == alive) & (around == count) & ~table.unseen].tolist())
            if len(values) > 1:
                return None
            told[alive] += str(count) if values == {1} else ""
    name = f"B{told[False]}/S{told[True]}"
    return f"Life ({name})" if name == "B3/S23" else name


def number_shown(table: TableRule) -> str:
    """A table's number: decimal and hexadecimal, of long ones the latter alone."""
    digits = -(-len(table.values) * table.bits // 4)
    if len(table.values) * table.bits <= LONGEST_NUMBER:
        return f"{table.number} (0x{table.number:0{digits}x})"
    return f"0x{table.number:0{digits}x}"


def masks_shown(rule: ThresholdRule) -> list[str]:
    """Each node's cells as signs, # where one counts, - where it counts against, . where not, and its bound."""
    lines = []
    for weights, bound, above in zip(rule.weights.tolist(), rule.bounds, rule.form.above, strict=True):
        lines.append(f"{'at least' if above else 'at most'} {bound} of")
        lines += _rows_of_signs(rule, ["-.#"[weight + 1] for weight in weights])
    return lines


def _rows_of_signs(rule: ThresholdRule, signs: list[str]) -> list[str]:
    offsets = rule.neighbourhood.offsets
    if rule.neighbourhood.dimensions == 1:
        return ["  " + " ".join(signs)]
    rows: dict[int, dict[int, str]] = {}
    for (down, right), sign in zip(offsets, signs, strict=True):
        rows.setdefault(down, {})[right] = sign
    columns = range(min(right for _, right in offsets), max(right for _, right in offsets) + 1)
    return [
        "  " + " ".join(rows[down].get(right, " ") for right in columns).rstrip() for down in sorted(rows)
    ]
