"""Strict JSON, for others and from them: every key once, no NaN, numbers of a length that a number has.

Reading takes time linear in the text.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from btfnet.printable import shown

MOST_DIGITS = 400
"""Of a number; the largest double has 309 before its point."""


def parse(text: str, *, constants: bool = False) -> Any:
    """The value of a JSON text.

    constants   take NaN and infinities too, which Python writes and strict JSON does not know
    Raises ValueError with the reason; `json.JSONDecodeError`, which knows the place, where it is no JSON at all.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=None if constants else _no_constant,
            parse_int=_whole,
            parse_float=_real,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        seen = set[str]()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {shown(twice)} stands twice in an object")
    return keys


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"found {word}, expected numbers")


def _whole(word: str) -> int:
    return int(_short(word))


def _real(word: str) -> float:
    return float(_short(word))


def _short(word: str) -> str:
    if len(word) > MOST_DIGITS:
        raise ValueError(f"found a number of {len(word)} characters, expected at most {MOST_DIGITS}")
    return word


def as_json(value: Any) -> str:
    """One strict JSON value, indented."""
    return json.dumps(strict(value), indent=2, allow_nan=False)


def strict(value: Any) -> Any:
    """The same with plain Python values, and None for NaN and infinities, which JSON cannot say."""
    if isinstance(value, dict):
        return {str(key): strict(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [strict(entry) for entry in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
