"""Which column is which: two sides that both have names are matched by them, never by position in silence.

Sides are tables, models and netlists. A side whose names were only counted out by a format (x0, x1, …) or which
has none is matched by position. Everything that joins two sides asks here, so that all of btfnet gives one answer.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from btfnet.errors import BtfnetWarning, DataError, UsageError
from btfnet.matching.spellings import respelled

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


def numbered(names: Iterable[str]) -> tuple[str, ...]:
    """The names, of which one that an earlier one has already is followed by `_2`, `_3`, …."""
    found: dict[str, None] = {}
    for name in names:
        free, number = name, 2
        while free in found:
            free, number = f"{name}_{number}", number + 1
        found[free] = None
    return tuple(found)


def listed(names: Sequence[str]) -> str:
    """Names for a message: printable, and not too many of them."""
    text = ", ".join(map(name_shown, names[:SHOWN]))
    return f"{text}, … ({len(names)} in all)" if len(names) > SHOWN else text or "none"


def name_shown(name: str) -> str:
    """One name for a message: printable and short, in quotes where it is no plain word."""
    plain = re.fullmatch(r"[\w.\[\]:$<>/-]+", name) and name.isprintable()
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    return short if plain else repr(short)


FRAME = "the data frame"
"""What messages call a side that is one; no option says how it is matched."""

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
    return _Match(ours, theirs, what, sides).order(None if by is By.NAME else unknown)


def input_places(columns: Sequence[str], ports: Ports, side: str, by: By = By.AUTO) -> Order:
    """For each input its place among the named columns of rows, of which those that are outputs are left out.

    None: the columns are the inputs, in their order. Raises as `order` does; unknown names are an error.
    """
    if by is By.POSITION or (by is By.AUTO and not columns):
        return None
    aside = set(ports.outputs) - set(ports.inputs)
    candidates = [place for place, name in enumerate(columns) if name not in aside]
    names = [columns[place] for place in candidates]
    among = order(ports.inputs, names, "input", (ports.side, side), by, unknown=Unknown.REFUSED)
    places = tuple(candidates if among is None else (candidates[index] for index in among))
    return None if places == tuple(range(len(columns))) else places


@dataclass(frozen=True)
class _Match:
    """Names of two sides that differ, at least in their order."""

    ours: Sequence[str]
    theirs: Sequence[str]
    what: str
    sides: tuple[str, str]

    def order(self, unknown: Unknown | None) -> Order:
        """See `order`; `unknown` is None where positions do not count."""
        twice = repeated(self.theirs)
        if twice is not None:
            raise DataError(
                f"{self.sides[1]}: two {self.what}s are named {name_shown(twice)}; give each its own name."
            )
        if set(self.ours) == set(self.theirs):
            return self._places(self.ours)
        if unknown is not None and self._counted_out():
            if self._shared and len(self.ours) == len(self.theirs):
                self._warn_of_other_numbers()
            return None
        spelled = respelled(self.ours, self.theirs)
        if spelled is not None:
            self._warn_of_spellings(spelled)
            return self._places(spelled)
        if unknown is not None and self._may_be_placed(unknown):
            self._warn_of_other_names()
            return None
        raise self._mismatch()

    @property
    def _shared(self) -> set[str]:
        return set(self.ours) & set(self.theirs)

    def _places(self, names: Sequence[str]) -> tuple[int, ...]:
        place = {name: index for index, name in enumerate(self.theirs)}
        return tuple(place[name] for name in names)

    def _counted_out(self) -> bool:
        """Whether a side has no names but numbers, none of which is a name of the other side; or both have, and
        theirs lack none.
        """
        if not self._shared:
            return generated(self.ours) or generated(self.theirs)
        return len(self.ours) <= len(self.theirs) and generated(self.ours) and generated(self.theirs)

    def _may_be_placed(self, unknown: Unknown) -> bool:
        """Whether names that are not known on both sides may correspond by position."""
        if unknown is Unknown.REFUSED or len(self.ours) != len(self.theirs):
            return False
        shared = self._shared
        n_in_place = sum(our == their for our, their in zip(self.ours, self.theirs, strict=True))
        return not shared or (unknown is Unknown.PLACED and n_in_place == len(shared))

    # -- what is said -------------------------------------------------------------------------------

    def _warn_of_other_numbers(self) -> None:
        self._warn(
            f"count their {self.what}s from different numbers, and are matched by position: "
            f"{self.theirs[0]} of the latter for {self.ours[0]}.{self._if_right}"
        )

    def _warn_of_spellings(self, spelled: Sequence[str]) -> None:
        changed = [(our, their) for our, their in zip(self.ours, spelled, strict=True) if our != their]
        pairs = ", ".join(f"{name_shown(our)} is {name_shown(their)}" for our, their in changed[:SHOWN])
        more = " …" if len(changed) > SHOWN else ""
        self._warn(f"spell {self.what}s differently; they are matched: {pairs}{more}.")

    def _warn_of_other_names(self) -> None:
        shared = self._shared
        others = [index for index, name in enumerate(self.ours) if name not in shared]
        ours, theirs = ([names[index] for index in others] for names in (self.ours, self.theirs))
        self._warn(
            f"have different names of {self.what}s, and are matched by position: "
            f"{listed(theirs)} of the latter for {listed(ours)}.{self._if_right}"
        )

    def _warn(self, text: str) -> None:
        """To whoever called `order`."""
        warnings.warn(f"{self.sides[0]} and {self.sides[1]} {text}", BtfnetWarning, stacklevel=6)

    @property
    def _if_right(self) -> str:
        return "" if FRAME in self.sides else " Say --by-position if this is right."

    def _mismatch(self) -> DataError:
        (our_side, their_side), known, given = self.sides, set(self.ours), set(self.theirs)
        missing = [name for name in self.ours if name not in given]
        unknown = [name for name in self.theirs if name not in known]
        lone = []
        if unknown:
            lone.append(f"no {self.what} of {our_side} is named {listed(unknown)}")
        if missing:
            lone.append(f"{their_side} has no {self.what} named {listed(missing)}")
        return DataError(
            f"{our_side} and {their_side}: their {self.what}s cannot be matched by name: {'; '.join(lone)}.\n"
            f"{our_side}: {listed(self.ours)}\n{their_side}: {listed(self.theirs)}\n"
            f"{self._advice(their_side)}"
        )

    def _advice(self, their_side: str) -> str:
        mine, yours = len(self.ours), len(self.theirs)
        if mine > yours:
            return f"{mine} {self.what}s are needed, and {yours} are there: give the missing columns."
        return _BY_ARRAY if their_side == FRAME else _BY_OPTION


_BY_OPTION = "Give both the same names, or match them by position (--by-position)."
_BY_ARRAY = (
    "Give both the same names, or hand over an array (to_numpy()), which has none and goes by position."
)
