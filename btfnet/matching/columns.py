"""Which column is which: two sides that both have names are matched by them, never by position in silence.

Sides are tables, models and netlists. A side whose names were only counted out by a format (x0, x1, …) or which
has none is matched by position. Everything that joins two sides asks here, so that all of btfnet gives one answer.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from btfnet.errors import BtfnetWarning, DataError, UsageError
from btfnet.matching.spellings import respelled

STEMS = frozenset({"x", "y", "i", "o", "in", "out", "pi", "po", "f", "v", "column", "col", "feature"})
"""What formats and libraries put before a number where nobody gave a name."""
FRAME = "the data frame"
"""What messages call a side that is one; no option says how it is matched."""
SHOWN = 8
"""Most names of a side in a message; others are counted."""
LONGEST = 40
"""Most characters of a name in a message."""

Order = tuple[int, ...] | None
"""For each of our names the place on the other side; None where the sides correspond by position."""


class By(StrEnum):
    """How two sides are matched: by name where both have names, or what was asked for."""

    AUTO = "auto"
    NAME = "name"
    POSITION = "position"

    @classmethod
    def asked(cls, *, by_name: bool, by_position: bool) -> By:
        """From the two options of a command. Raises `UsageError` for both at once."""
        if by_name and by_position:
            raise UsageError("--by-name and --by-position contradict each other; give one of them, or none.")
        return cls.NAME if by_name else cls.POSITION if by_position else cls.AUTO


class Unknown(StrEnum):
    """What becomes of names that are not known on both sides, unless it is said how to match.

    REFUSED     every one is an error: rows, of which an answer is asked
    DIFFERENT   names that have nothing in common correspond by position, with a warning: tables with outputs
    PLACED      so do others, as long as the shared ones stand in the same places: netlists, whose writers rename
    """

    REFUSED = "refused"
    DIFFERENT = "different"
    PLACED = "placed"


class Ports(NamedTuple):
    """A side: what messages call it, and its names; () where it has none."""

    side: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


def orders(
    ours: Ports, theirs: Ports, by: By = By.AUTO, *, unknown: Unknown = Unknown.DIFFERENT
) -> tuple[Order, Order]:
    """Where our inputs and outputs stand on the other side; see `order`. Sides may still differ in numbers."""
    sides = (ours.side, theirs.side)
    return (
        order(ours.inputs, theirs.inputs, "input", sides, by, unknown=unknown),
        order(ours.outputs, theirs.outputs, "output", sides, by, unknown=unknown),
    )


def order(
    ours: Sequence[str],
    theirs: Sequence[str],
    what: str,
    sides: tuple[str, str],
    by: By = By.AUTO,
    *,
    unknown: Unknown = Unknown.DIFFERENT,
) -> Order:
    """For each of our names its place among theirs; None: they correspond by position.

    what     input or output; for messages, as are the names of both sides
    unknown  what becomes of other names

    The same names in any order are matched; so are, with a warning, names that differ in case or in signs that a
    format had to change. Raises `DataError`, with both lists, for names that are not known on both sides, and
    where a name stands twice; `UsageError` where matching by name is asked for and a side has none.
    """
    if by is By.POSITION:
        return None
    if by is By.NAME and not (ours and theirs):
        lacking = sides[1] if ours else sides[0]
        raise UsageError(f"{lacking} has no names of {what}s, so nothing can be matched by name.")
    if not ours or not theirs or tuple(ours) == tuple(theirs):
        return None
    _check_once(theirs, what, sides[1])
    if set(ours) == set(theirs):
        return _places(ours, theirs)
    shared = set(ours) & set(theirs)
    if by is By.AUTO and _counted_out(ours, theirs, shared):
        if shared and len(ours) == len(theirs):
            _warn(
                f"{sides[0]} and {sides[1]} count their {what}s from different numbers, and are matched by "
                f"position: {theirs[0]} of the latter for {ours[0]}.{_if_right(sides)}"
            )
        return None
    spelled = respelled(ours, theirs)
    if spelled is not None:
        changed = [(one, other) for one, other in zip(ours, spelled, strict=True) if one != other]
        pairs = ", ".join(f"{name(one)} is {name(other)}" for one, other in changed[:SHOWN])
        more = " …" if len(changed) > SHOWN else ""
        _warn(f"{sides[0]} and {sides[1]} spell {what}s differently; they are matched: {pairs}{more}.")
        return _places(spelled, theirs)
    if by is By.AUTO and _may_be_placed(ours, theirs, shared, unknown):
        others = [place for place, one in enumerate(ours) if one not in shared]
        mine, its = ([names[place] for place in others] for names in (ours, theirs))
        _warn(
            f"{sides[0]} and {sides[1]} have different names of {what}s, and are matched by position: "
            f"{listed(its)} of the latter for {listed(mine)}.{_if_right(sides)}"
        )
        return None
    raise DataError(_mismatch(ours, theirs, what, sides))


def input_places(columns: Sequence[str], ports: Ports, side: str, by: By = By.AUTO) -> Order:
    """For each input its place among the named columns of rows, of which those that are outputs are left out.

    None: the columns are the inputs, in their order. Raises as `order` does; unknown names are an error.
    """
    if by is By.POSITION or (by is By.AUTO and not columns):
        return None
    aside = set(ports.outputs) - set(ports.inputs)
    kept = [place for place, one in enumerate(columns) if one not in aside]
    found = order(
        ports.inputs,
        [columns[place] for place in kept],
        "input",
        (ports.side, side),
        by,
        unknown=Unknown.REFUSED,
    )
    places = tuple(kept if found is None else (kept[place] for place in found))
    return None if places == tuple(range(len(columns))) else places


def generated(names: Sequence[str]) -> bool:
    """Whether names are x0, x1, … or the like: counted from 0 or 1 by whoever had none."""
    first = re.fullmatch(r"([A-Za-z]+)(_?)([01])", names[0]) if names else None
    if not first or first[1].lower() not in STEMS:
        return False
    start = int(first[3])
    return all(one == f"{first[1]}{first[2]}{start + place}" for place, one in enumerate(names))


def listed(names: Sequence[str]) -> str:
    """Names for a message: printable, and not too many of them."""
    text = ", ".join(map(name, names[:SHOWN]))
    return f"{text}, … ({len(names)} in all)" if len(names) > SHOWN else text or "none"


def name(text: str) -> str:
    """One name for a message: printable and short, in quotes where it is no plain word."""
    plain = re.fullmatch(r"[\w.\[\]:$<>/-]+", text) and text.isprintable()
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return short if plain else ascii(short)


def repeated(names: Sequence[str]) -> str | None:
    """The first name that stands more than once, None where all are distinct."""
    if len(set(names)) == len(names):
        return None
    counts = Counter(names)
    return next(one for one in names if counts[one] > 1)


def _check_once(names: Sequence[str], what: str, side: str) -> None:
    twice = repeated(names)
    if twice is not None:
        raise DataError(f"{side}: two {what}s are named {name(twice)}; give each its own name.")


def _places(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, ...]:
    place = {one: index for index, one in enumerate(theirs)}
    return tuple(place[one] for one in ours)


def _counted_out(ours: Sequence[str], theirs: Sequence[str], shared: set[str]) -> bool:
    """Whether a side has no names but numbers, none of which is a name of the other side; or both have, and theirs
    lack none.
    """
    if not shared:
        return generated(ours) or generated(theirs)
    return len(ours) <= len(theirs) and generated(ours) and generated(theirs)


def _may_be_placed(ours: Sequence[str], theirs: Sequence[str], shared: set[str], unknown: Unknown) -> bool:
    """Whether names that are not known on both sides may correspond by position."""
    if unknown is Unknown.REFUSED or len(ours) != len(theirs):
        return False
    pairs = zip(ours, theirs, strict=True)
    same = sum(one == other for one, other in pairs)
    return not shared or (unknown is Unknown.PLACED and same == len(shared))


def _mismatch(ours: Sequence[str], theirs: Sequence[str], what: str, sides: tuple[str, str]) -> str:
    known, given = set(ours), set(theirs)
    missing = [one for one in ours if one not in given]
    unknown = [one for one in theirs if one not in known]
    lone = []
    if unknown:
        lone.append(f"no {what} of {sides[0]} is named {listed(unknown)}")
    if missing:
        lone.append(f"{sides[1]} has no {what} named {listed(missing)}")
    return (
        f"{sides[0]} and {sides[1]}: their {what}s cannot be matched by name: {'; '.join(lone)}.\n"
        f"{sides[0]}: {listed(ours)}\n{sides[1]}: {listed(theirs)}\n"
        f"{_BY_ARRAY if sides[1] == FRAME else _BY_OPTION}"
    )


def _if_right(sides: tuple[str, str]) -> str:
    return "" if FRAME in sides else " Say --by-position if this is right."


_BY_OPTION = "Give both the same names, or match them by position (--by-position)."
_BY_ARRAY = (
    "Give both the same names, or hand over an array (to_numpy()), which has none and goes by position."
)


def _warn(text: str) -> None:
    warnings.warn(text, BtfnetWarning, stacklevel=4)
