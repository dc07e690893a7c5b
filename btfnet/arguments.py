"""What an argument must be, said in one sentence when it is something else.

    need("solve", problem=(problem, a(Problem)), time_limit=(time_limit, optional(number(0, 1e9))))

Python's own errors come from deep inside and name what btfnet made of an argument; these name the argument.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any

from btfnet.errors import UsageError
from btfnet.printable import printable

SHOWN = 60
"""Characters of a value that a message repeats."""


@dataclass(frozen=True)
class Wanted:
    """What fits, and the end of a sentence that says so: "expected …"."""

    words: str
    fits: Callable[[Any], bool]


def need(where: str, **given: tuple[Any, Wanted]) -> None:
    """Raise `UsageError` naming the first argument whose value does not fit."""
    for name, (value, expected) in given.items():
        if not expected.fits(value):
            raise UsageError(f"{where}: {name} is {said(value)}; expected {expected.words}.")


def must_be(name: str, value: Any, expected: Wanted) -> None:
    """`need` for a single value of that name, of a call, a file or an option."""
    if not expected.fits(value):
        raise UsageError(f"{name} is {said(value)}, but it must be {expected.words}.")


def a(kind: type | tuple[type, ...], words: str = "") -> Wanted:
    """An instance; the words may say how to make one."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return Wanted(words or _an(kinds[0].__name__), lambda value: isinstance(value, kinds))


def optional(expected: Wanted) -> Wanted:
    """The same, or None."""
    return Wanted(f"{expected.words}, or None", lambda value: value is None or expected.fits(value))


def one_of(*choices: str) -> Wanted:
    """One of a few words."""
    return Wanted(
        " or ".join(f'"{choice}"' for choice in choices),
        lambda value: isinstance(value, str) and value in choices,
    )


def whole(low: int, high: int | None = None) -> Wanted:
    """A whole number in a range."""
    most = "" if high is None else f" and at most {high:g}"
    return Wanted(
        f"a whole number of at least {low}{most}",
        lambda value: is_whole(value) and value >= low and (high is None or value <= high),
    )


def number(low: float, high: float, *, open_low: bool = False) -> Wanted:
    """A finite number in a range; with `open_low` the lower end does not count."""
    above = f"above {low:g}" if open_low else f"of at least {low:g}"
    return Wanted(
        f"a number {above} and at most {high:g}",
        lambda value: is_number(value) and (low < value or (low == value and not open_low)) and value <= high,
    )


def list_of(expected: Wanted, words: str) -> Wanted:
    """A list, a tuple, or a flat array whose entries fit."""

    def fits(value: Any) -> bool:
        if not is_list(value):
            return False
        return all(expected.fits(entry) for entry in value)

    return Wanted(words, fits)


def is_whole(value: object) -> bool:
    """An integer, of Python or NumPy; no truth value."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """A real number, neither NaN nor a truth value."""
    if is_whole(value):
        return True
    return isinstance(value, Real) and not isinstance(value, bool) and not math.isnan(value)


def is_list(value: object) -> bool:
    """A list, a tuple, or an array with one dimension."""
    return isinstance(value, list | tuple) or getattr(value, "ndim", None) == 1


def is_iterable(value: object) -> bool:
    """Anything that can be gone through, but no text and no dict."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | dict)


def is_path(value: object) -> bool:
    """A str or a Path that the system can take: without zero bytes and halves of characters."""
    if not isinstance(value, str | os.PathLike):
        return False
    try:
        return b"\0" not in os.fsencode(value)
    except (UnicodeEncodeError, TypeError):
        return False


FLAG = Wanted(
    "True or False", lambda value: isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")
)
TEXT = Wanted("a text", lambda value: isinstance(value, str))
PATH = Wanted("the path of a file, as a str or a Path of whole characters without zero bytes", is_path)
CALLED = Wanted("a function", lambda value: callable(value) and not isinstance(value, type))
NAMES = list_of(TEXT, "a list of texts")


def path_first(where: str, path: Any, **given: tuple[Any, Wanted]) -> None:
    """`need` for what writes one thing to a path; says so when the two are swapped."""
    [(name, (value, expected))] = given.items()
    if PATH.fits(value) and expected.fits(path):
        raise UsageError(f"{where}: the path comes first: {where}(path, {name}); the two are swapped.")
    need(where, path=(path, PATH), **given)


def said(value: object) -> str:
    """A value as a message repeats it: as it is when that is short, else what kind of thing it is."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()  # np.float64(nan)
    if hasattr(value, "shape") and hasattr(value, "dtype") and value.shape:
        return f"an array of shape {value.shape} and type {value.dtype}"
    if is_whole(value) and abs(value) >= 10**SHOWN:  # type: ignore[arg-type]
        return f"an integer of {int(value).bit_length()} bits"  # type: ignore[call-overload]
    plain = (str, bytes, int, float, complex, list, tuple, dict, set, frozenset, type(None))
    if isinstance(value, (Real, *plain)):
        text = _repr(value)
        if len(text) <= SHOWN:
            return printable(text)
        if isinstance(value, str | bytes):
            return printable(f"{text[:SHOWN]}…")
        if isinstance(value, list | tuple | dict | set | frozenset):
            return f"{_an(type(value).__name__)} of {len(value)} entries"
    if isinstance(value, os.PathLike):
        return said(os.fspath(value))
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    return _an(type(value).__name__)


_OPTIONS: dict[str, str] = {}
"""What users call arguments; empty in Python, where they call them as they are called."""


def called(name: str) -> str:
    """An argument in a message: its name in Python, its option on the command line."""
    return _OPTIONS.get(name, name)


def on_command_line() -> bool:
    """Whether messages speak to somebody at the command line, not in Python."""
    return bool(_OPTIONS)


@contextmanager
def on_the_command_line(options: Mapping[str, str]) -> Iterator[None]:
    """Let messages inside call arguments by their options."""
    before = dict(_OPTIONS)
    _OPTIONS.update(options)
    try:
        yield
    finally:
        _OPTIONS.clear()
        _OPTIONS.update(before)


def similar(name: str, known: Any) -> str:
    """ "; did you mean …?" with the most similar names, or a full stop."""
    close = get_close_matches(name.lower(), [str(one) for one in known], n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else "."


def _repr(value: object) -> str:
    try:
        return repr(value)
    except Exception:
        return "?" * (SHOWN + 1)


def _an(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
