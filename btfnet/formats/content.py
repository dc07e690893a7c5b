"""What the text of a file without a telling suffix looks like, where no word at its beginning names its format."""

from __future__ import annotations

import re
from typing import NamedTuple

_TERM = re.compile(r"([-012xX]{2,})[\s|=]+([-~01234xX]+)")
_CELL = re.compile(r"[-+]?[01](\.0*)?|[-?xX]|true|false|yes|no", re.I)


class Text(NamedTuple):
    """What a file begins with.

    lines      without blanks around them; no blank ones, no comments
    complete   whether this is the whole file
    """

    text: str
    lines: list[str]
    complete: bool


def is_dat(head: Text) -> bool:
    """Numbers, of which the first five say how many follow."""
    words = head.text.split(None, 5)
    if len(words) < 6 or not all(re.fullmatch("[0-9]{1,9}", word) for word in words[:5]):
        return False
    items, _, inputs, _, outputs = map(int, words[:5])
    n_values, promised = len(words[5].split()), items * (inputs + outputs)
    return n_values == promised or (not head.complete and 0 < n_values < promised)


def is_terms(head: Text) -> bool:
    """Lines of two fields of signs, all of one shape: a PLA without its numbers."""
    lines = [line.partition("#")[0].strip() for line in head.lines if line not in (".e", ".end")]
    terms = [_TERM.fullmatch(line) for line in lines]
    shapes = {(len(term[1]), len(term[2])) if term else None for term in terms}
    return len(shapes) == 1 and None not in shapes


def is_table(head: Text) -> bool:
    """Rows of as many cells of bits, below a header or not."""
    return any(_is_cut_into_bits(head.lines, separator) for separator in ",;\t")


def _is_cut_into_bits(lines: list[str], separator: str) -> bool:
    rows = [line.split(separator) for line in lines]
    below = rows[1:] if len(rows) > 1 else rows
    return (
        len({len(row) for row in rows}) == 1
        and len(rows[0]) > 1
        and all(_CELL.fullmatch(cell.strip().strip('"')) for row in below for cell in row)
    )
