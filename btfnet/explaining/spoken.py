"""Names that are numbered, and many of them in few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

NUMBERED = re.compile(r"(.*?)[\[(_]?(\d+)[\])]?")
"""A name that ends in a number, as `a3`, `a_3` or `a[3]`."""


def span(names: Sequence[str]) -> str:
    """Names, or numbers, in a row; the middle of many numbered ones is left out."""
    matches = [NUMBERED.fullmatch(name) for name in names]
    if len(names) > 3 and all(matches) and len({match[1] for match in matches if match}) == 1:
        numbers = [int(match[2]) for match in matches if match]
        steps = {after - before for before, after in pairwise(numbers)}
        if steps in ({1}, {-1}):
            return f"{names[0]} … {names[-1]}"
    return ", ".join(names)
