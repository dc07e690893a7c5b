"""The arithmetic effort of a model as plain values and in words, for `btfnet inspect`."""

from __future__ import annotations

from btfnet.logic.packed.effort import effort_of
from btfnet.logic.packed.gates import PackedGates
from btfnet.logic.packed.sharing import share

Report = dict[str, dict[str, int]]


def effort_report(gates: PackedGates) -> Report:
    """Operations for one item: "plain", and "shared_bits" and "shared_words" along either spanning tree."""
    return {
        "plain": effort_of(gates.terms, gates.at_least).as_dict(),
        "shared_bits": share(gates, "bit").effort().as_dict(),
        "shared_words": share(gates, "word").effort().as_dict(),
    }


def effort_words(report: Report) -> list[str]:
    """Two lines: operations on 64-bit words and on single bits, plain and shared."""
    plain = report["plain"]
    words, bits = plain["word_operations"], plain["bit_operations"]
    return [
        f"{words:,} operations on 64-bit words ({plain['popcounts']:,} popcounts); "
        f"{report['shared_words']['word_operations']:,} when gates share sums",
        f"{bits:,} operations on single bits; {report['shared_bits']['bit_operations']:,} when gates share sums",
    ]
