"""What a packed model must satisfy, whoever made it. Everything is checked on arrays, in time linear in them."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.logic.packed.weights import MOST_PLANES, MOST_TERMS, Terms


def check(
    name: str,
    places: NDArray[np.int64],
    first_words: NDArray[np.int64],
    at_least: NDArray[np.int64],
    terms: Terms,
    outputs: NDArray[np.int64],
) -> None:
    """Raise `DataError` unless the parts make a model.

    places       of all nodes in the row of bits
    first_words  for each gate, the first word of the row that its layer writes
    """
    _check_terms(name, terms)
    late = np.flatnonzero(terms.word >= first_words[terms.gate])
    if late.size:
        gate, word = terms.gate[late[0]], terms.word[late[0]]
        _fail(
            name,
            f"gate {gate} reads word {word} of the values, which is written by its own layer or later; "
            f"it may read words 0 to {first_words[gate] - 1} only",
        )
    present = np.zeros(int(places[-1]) // 64 + 1 if places.size else 0, dtype=np.uint64)
    np.bitwise_or.at(present, places // 64, np.uint64(1) << (places % 64).astype(np.uint64))
    stray = np.flatnonzero(terms.mask & ~present[terms.word])
    if stray.size:
        _fail(name, f"gate {terms.gate[stray[0]]} has a weight where there is no node")
    totals = terms.totals()
    wrong = np.flatnonzero((at_least < 0) | (at_least > totals + 1))
    if wrong.size:
        gate = wrong[0]
        _fail(name, f"gate {gate} needs {at_least[gate]} literals; expected 0 to {totals[gate] + 1}")
    lost = np.flatnonzero((outputs == 0) | (outputs < -places.size) | (outputs > places.size))
    if lost.size:
        _fail(name, f"output {lost[0]} is node {outputs[lost[0]]}; expected ±1 to ±{places.size}")


def _check_terms(name: str, terms: Terms) -> None:
    """Order, planes, and one sign for each weight."""
    if terms.word.size > MOST_TERMS:
        _fail(name, f"there are {terms.word.size} terms; at most {MOST_TERMS} are allowed")
    gate = terms.gate
    keys = np.stack([gate, terms.word, terms.plane])
    step = np.diff(keys, axis=1)
    ordered = (step[0] > 0) | ((step[0] == 0) & ((step[1] > 0) | ((step[1] == 0) & (step[2] > 0))))
    if not ordered.all():
        _fail(name, f"the terms of gate {gate[1:][~ordered][0]} are not in order of word and plane")
    bad = (terms.word < 0) | (terms.plane < 0) | (terms.plane >= MOST_PLANES)
    if bad.any():
        _fail(
            name, f"a term of gate {gate[bad][0]} has plane {terms.plane[bad][0]}; at most {MOST_PLANES - 1}"
        )
    bad = (terms.mask == 0) | (terms.sign & ~terms.mask != 0)
    if bad.any():
        _fail(name, f"a term of gate {gate[bad][0]} has no weight, or a sign where there is no weight")
    same_word = np.concatenate([[True], (step[:2] != 0).any(axis=0)])[: gate.size]
    first = np.flatnonzero(same_word)
    if first.size:
        positive = np.bitwise_or.reduceat(terms.sign, first)
        negative = np.bitwise_or.reduceat(terms.mask & ~terms.sign, first)
        twofold = np.flatnonzero(positive & negative)
        if twofold.size:
            _fail(name, f"a weight of gate {gate[first[twofold[0]]]} has different signs in its planes")


def _fail(name: str, what: str) -> NoReturn:
    raise DataError(f"{name}: {what}.")
