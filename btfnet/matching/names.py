"""Lists of names: made up or not, repeated or not, and as a message shows them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

STEMS = frozenset({"x", "y", "i", "o", "in", "out", "pi", "po", "f", "v", "column", "col", "feature"})
"""What formats and libraries put before a number where nobody gave a name."""
SHOWN = 8
"""Most names of a side in a message; others are counted."""
LONGEST = 40
"""Most characters of a name in a message."""


def generated(names: Sequence[str]) -> bool:
    """Whether names are x0, x1, … or the like: counted from 0 or 1 by whoever had none."""
    first = re.fullmatch(r"([A-Za-z]+)(_?)([01])", names[0]) if names else None
    if not first or first[1].lower() not in STEMS:
        return False
    start = int(first[3])
    return all(name == f"{first[1]}{first[2]}{start + index}" for index, name in enumerate(names))


def repeated(names: Sequence[str]) -> str | None:
    """The first name that stands more than once, None where all are distinct."""
    if len(set(names)) == len(names):
        return None
    counts = Counter(names)
    return next(name for name in names if counts[name] > 1)


def listed(names: Sequence[str]) -> str:
    """Names for a message: printable, and not too many of them."""
    text = ", ".join(map(name_shown, names[:SHOWN]))
    return f"{text}, … ({len(names)} in all)" if len(names) > SHOWN else text or "none"


def name_shown(name: str) -> str:
    """One name for a message: printable and short, in quotes where it is no plain word."""
    plain = re.fullmatch(r"[\w.\[\]:$<>/-]+", name) and name.isprintable()
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    return short if plain else ascii(short)
