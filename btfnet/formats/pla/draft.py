"""What the keywords of a `.pla` file say: counts, names, type, and what espresso alone could do with a table."""

from __future__ import annotations

import os
import re
import warnings
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple, NoReturn

from btfnet.errors import BtfnetWarning, FormatError
from btfnet.formats.netlists.names import completed, distinct
from btfnet.printable import shown

TYPES = ("f", "fd", "fr", "fdr", "r", "dr", "esop")
INPUT_SIGNS, OUTPUT_SIGNS = "01-2xX", "01-~234xX"
MOST = 1 << 20
"""Most inputs, and most outputs; a count is believed before there is a term."""
WHAT = {".i": "inputs", ".o": "outputs"}
NAMES = {".ilb": ".i", ".ob": ".o"}
LABEL = ".label"
KNOWN = (*WHAT, *NAMES, LABEL, ".type", ".p", ".e", ".end", ".mv", ".phase", ".pair", ".kiss", ".symbolic")
_LETTERS = {".ilb": "x", ".ob": "y"}
_AS_IT_STANDS = (
    "which changes what espresso minimises, not the table; remove the line to read the table as it is"
)
_REFUSED = {
    ".pair": f"joins inputs for decoders of two bits, {_AS_IT_STANDS}",
    ".symbolic": f"makes one symbol of several inputs, {_AS_IT_STANDS}",
    ".symbolic-output": f"makes one symbol of several outputs, {_AS_IT_STANDS}",
    ".kiss": "makes a table of states of this one; expected a table of bits. Encode the states in bits first",
}


class Term(NamedTuple):
    """A line of the table: where it begins, and its signs as the file has them."""

    line: int
    inputs: str
    outputs: str


class Names(NamedTuple):
    """The words after .ilb, .ob or .label."""

    line: int
    words: list[str]


@dataclass
class Draft:
    """What a file says, as far as it is read; `counts` has .i and .o."""

    path: str | os.PathLike[str]
    counts: dict[str, int] = field(default_factory=dict)
    type: str = ""
    given: dict[str, Names] = field(default_factory=dict)
    labels: list[Names] = field(default_factory=list)
    promised: int | None = None
    terms: list[Term] = field(default_factory=list)

    @property
    def n_inputs(self) -> int:
        return self.counts[".i"]

    @property
    def n_outputs(self) -> int:
        return self.counts[".o"]

    @property
    def width(self) -> int:
        """Signs of a term; 0 while a count is missing."""
        return self.n_inputs + self.n_outputs if len(self.counts) == len(WHAT) else 0

    def names(self, key: str) -> tuple[str, ...]:
        """The names after .ilb or .ob, distinct, completed where there are too few; () where there are none."""
        count = self.counts[NAMES[key]]
        line, words = self.given.get(key, Names(0, []))
        if not words:
            return ()
        if len(words) > count:
            self.fail(
                line, f"{key} has {len(words)} names; expected {count}, one for each of the {_of(key)}."
            )
        for word in words:
            if not word.isprintable():
                self.fail(line, f"found {shown(word)} after {key}; expected printable names.")
        unique = distinct(words)
        if unique != words:
            twice = next(old for old, new in zip(words, unique, strict=True) if old != new)
            self.warn(
                line, f"{key} gives the name {shown(twice)} twice; the later one gets a number behind it."
            )
        if len(unique) < count:
            self.warn(
                line, f"{key} has {len(unique)} names for {count} {_of(key)}; the others get made-up ones."
            )
        return completed([*unique, *[None] * (count - len(unique))], _LETTERS[key])

    def fail(self, line: int | None, message: str) -> NoReturn:
        raise FormatError(self.path, line, message)

    def warn(self, line: int, message: str) -> None:
        warnings.warn(f"{self.path}:{line}: {message}", BtfnetWarning, stacklevel=2)


def _of(key: str) -> str:
    return WHAT[NAMES[key]]


def take_keyword(draft: Draft, line: int, words: list[str]) -> None:
    """Take a line that begins with a keyword in small letters; its names may go on in later lines."""
    key, *values = words
    match key:
        case ".i" | ".o":
            _set_count(draft, line, key, _number(draft, line, words, 1, MOST))
        case ".p":
            draft.promised = _number(draft, line, words, 0, 10**9)
        case ".mv":
            _take_mv(draft, line, words)
        case ".ilb" | ".ob":
            if key in draft.given:
                draft.fail(line, f"{key} stands twice, before on line {draft.given[key].line}; remove one.")
            draft.given[key] = Names(line, values)
        case ".label":
            draft.labels.append(Names(line, values))
        case ".type":
            _take_type(draft, line, words)
        case ".phase":
            _take_phase(draft, line, words)
        case _ if key in _REFUSED:
            draft.fail(line, f"{key} {_REFUSED[key]}.")
        case _:
            _unknown(draft, line, key)


def _number(draft: Draft, line: int, words: list[str], least: int, most: int) -> int:
    key, *values = words
    fine = len(values) == 1 and re.fullmatch("[0-9]{1,10}", values[0])
    if not fine or not least <= int(values[0]) <= most:
        draft.fail(
            line, f"found {shown(' '.join(words))}; expected {key} and a number from {least} to {most}."
        )
    return int(values[0])


def _set_count(draft: Draft, line: int, key: str, count: int) -> None:
    if draft.counts.setdefault(key, count) != count:
        draft.fail(
            line, f"there are {count} {WHAT[key]} here, but {draft.counts[key]} above; remove what is wrong."
        )


def _take_mv(draft: Draft, line: int, words: list[str]) -> None:
    """N + 1 variables, N of bits, and one more with as many parts as there are outputs, are a plain table."""
    found = shown(" ".join(words))
    numbers = [int(word) for word in words[1:] if re.fullmatch("-?[0-9]{1,9}", word)]
    if len(numbers) != len(words) - 1 or len(numbers) < 2 or len(numbers) != 2 + numbers[0] - numbers[1]:
        draft.fail(
            line, f"found {found}; expected .mv, two counts of variables, and the sizes of the last ones."
        )
    if numbers[0] - numbers[1] != 1 or min(numbers) < 1:
        draft.fail(
            line,
            f"found {found}, variables with several values; expected bits. Write each of them as bits, one for "
            f"each value, and say .i and .o.",
        )
    if max(numbers) > MOST:
        draft.fail(line, f"found {found}; expected at most {MOST} inputs and outputs.")
    _set_count(draft, line, ".i", numbers[1])
    _set_count(draft, line, ".o", numbers[2])


def _take_type(draft: Draft, line: int, words: list[str]) -> None:
    kind = words[1].lower() if len(words) == 2 else ""
    if kind not in TYPES:
        draft.fail(line, f"found {shown(' '.join(words))}; expected .type and one of {', '.join(TYPES)}.")
    if draft.type not in ("", kind):
        draft.fail(line, f"the type is {kind} here, but {draft.type} above; remove what is wrong.")
    if draft.terms and not draft.type:
        draft.warn(line, f".type {kind} stands behind terms; it is taken for the whole table.")
    draft.type = kind


def _take_phase(draft: Draft, line: int, words: list[str]) -> None:
    """Ones change nothing."""
    phases = "".join(words[1:])
    if not phases or phases.strip("01"):
        draft.fail(line, f"found {shown(' '.join(words))}; expected .phase and a 0 or 1 for each output.")
    if "0" in phases:
        draft.fail(
            line,
            f"{shown(' '.join(words))} asks for the complement of outputs, {_AS_IT_STANDS}.",
        )


def _unknown(draft: Draft, line: int, key: str) -> None:
    """Left out as espresso does, unless it looks like a slip."""
    meant = get_close_matches(key, KNOWN, 1, 0.7)
    if meant:
        draft.fail(line, f"found {shown(key)}, which is no keyword; did you mean {meant[0]}?")
    if not re.fullmatch(r"\.[a-z][a-z_-]+", key):
        draft.fail(
            line, f"found {shown(key)}; expected one of {', '.join(KNOWN[:8])}, or a line of the table."
        )
    draft.warn(line, f"{shown(key)} is no keyword of espresso; the line is left out, as espresso does.")
