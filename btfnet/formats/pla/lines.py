"""The lines of a `.pla` file: terms and names in all the spellings that espresso and ABC take."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from btfnet.files.text import read_text
from btfnet.formats.pla.draft import (
    INPUT_SIGNS,
    LABEL,
    NAMES,
    OUTPUT_SIGNS,
    WHAT,
    Draft,
    Names,
    Term,
    take_keyword,
)
from btfnet.printable import shown

_SEPARATORS = str.maketrans("", "", " \t\r\f\v|=_\\")
"""Between the signs of a term these mean nothing."""
ONE_WORD = (".i", ".o", ".p", ".type")
"""Keywords with one word behind them, behind which another keyword may stand."""


def parse(path: str | os.PathLike[str]) -> Draft:
    """What the file says. Raises `FormatError` as pla.md lists it; warns where the file contradicts itself
    harmlessly.
    """
    draft = Draft(path)
    reader = _Reader(draft)
    for number, whole in enumerate(read_text(path).split("\n"), start=1):
        line = whole.partition("#")[0].strip()
        if not line:
            continue
        if reader.ended:
            draft.warn(number, "the table ends with .e above; this line and what follows are not read.")
            break
        for part in _keywords(line):
            reader.take(number, part, whole[whole.index(part) :])
    reader.finish()
    return draft


def _keywords(line: str) -> Iterator[str]:
    """A line, cut where a keyword follows another one and its word: espresso takes `.i 2 .o 1`."""
    while (
        len(words := line.split(None, 2)) == 3 and words[0].lower() in ONE_WORD and words[2].startswith(".")
    ):
        yield line[: -len(words[2])].rstrip()
        line = words[2]
    yield line


class _Reader:
    """Takes line after line; a term or a list of names may go over several of them."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.ended = False
        self._early: list[tuple[int, str]] = []
        """Lines above .i and .o: titles, or a table without these."""
        self._parts: list[str] = []
        self._held, self._begun, self._last = 0, 1, 1
        self._naming: list[str] | None = None
        self._wanted = ""
        self._goes_on = self._told = False

    def take(self, number: int, line: str, whole: str) -> None:
        """A line that is not empty, without and with its comment."""
        self._last = number
        if not line.startswith("."):
            if not self._more_names(line, whole):
                self._naming = None
                self._signs(number, line)
            return
        if self._held:
            self._fail_short(f"{shown(line.split()[0])} comes")
        words = line.split()
        words[0] = words[0].lower()
        named = words[0] in (*NAMES, LABEL)
        if named:
            words[1:] = _words(whole)[1:]
        self._naming = None
        if words in ([".e"], [".end"]):
            self.ended = True
            return
        self._goes_on = _continued(words)
        take_keyword(self.draft, number, words)
        if named:
            names = self.draft.labels[-1] if words[0] == LABEL else self.draft.given[words[0]]
            self._naming, self._wanted = names.words, NAMES.get(words[0], "")

    def _more_names(self, line: str, whole: str) -> bool:
        """Names go on behind a \\, and with words that are no term."""
        if self._naming is None:
            return False
        full = len(self._naming) >= self.draft.counts.get(self._wanted, len(self._naming) + 1)
        if not self._goes_on and (full or _looks_like_terms(line)):
            return False
        words = _words(whole)
        self._goes_on = _continued(words)
        self._naming += words
        return True

    # -- terms --------------------------------------------------------------------------------------------

    def _signs(self, number: int, line: str) -> None:
        width = self.draft.width
        if not width:
            self._early.append((number, line))
            return
        signs = line.translate(_SEPARATORS)
        if self._held:
            self._go_on(signs)
        elif len(signs) < width:
            self._parts, self._held, self._begun = [signs], len(signs), number
            self._check(number, signs, 0)
        elif len(signs) % width == 0:
            for start in range(0, len(signs), width):
                self._term(number, signs[start : start + width])
        else:
            self._check(number, signs[:width], 0)
            self.draft.fail(number, f"the line has {len(signs)} signs; expected {self._expected()}.")

    def _go_on(self, signs: str) -> None:
        """A line inside of a term: it ends the term exactly, or goes on with it."""
        self._check(self._last, signs, self._held)
        at_the_border = self._held == self.draft.n_inputs
        self._parts.append(signs)
        self._held += len(signs)
        if self._held > self.draft.width:
            self.draft.fail(
                self._begun,
                f"the term from here to line {self._last} has {self._held} signs; expected {self._expected()}.",
            )
        if not at_the_border and not self._told:
            self._told = True
            self.draft.warn(self._begun, "a term goes over several lines from here, and is read as one.")
        if self._held == self.draft.width:
            self._held = 0
            self._term(self._begun, "".join(self._parts))

    def _term(self, line: int, signs: str) -> None:
        self._check(line, signs, 0)
        n_inputs = self.draft.n_inputs
        self.draft.terms.append(Term(line, signs[:n_inputs], signs[n_inputs:]))

    def _check(self, line: int, signs: str, before: int) -> None:
        """Signs that stand behind so many others of a term; those beyond its width are looked at later."""
        split = max(0, self.draft.n_inputs - before)
        for what, part, known in (
            ("inputs", signs[:split], INPUT_SIGNS),
            ("outputs", signs[split : self.draft.width - before], OUTPUT_SIGNS),
        ):
            wrong = part.strip(known)
            if wrong:
                self.draft.fail(
                    line, f"found {shown(wrong[0])} among the {what}; expected {', '.join(known)}."
                )

    def _fail_short(self, why: str) -> None:
        self.draft.fail(
            self._begun,
            f"the term that begins here has {self._held} signs when {why}; expected {self._expected()}.",
        )

    def _expected(self) -> str:
        return f"{self.draft.n_inputs} inputs and {self.draft.n_outputs} outputs"

    # -- the end ------------------------------------------------------------------------------------------

    def finish(self) -> None:
        draft = self.draft
        if self._held:
            self._fail_short("the file ends")
        if not draft.width:
            self._shape_from_rows()
        else:
            self._check_titles()
        draft.type = draft.type or "fd"
        if draft.promised not in (None, len(draft.terms)):
            draft.warn(
                self._last,
                f".p promises {draft.promised} terms, but there are {len(draft.terms)}; these count.",
            )
        if "r" in draft.type:
            for term in draft.terms:
                if "3" in term.outputs:
                    draft.fail(
                        term.line,
                        f"found '3' in a table of type {draft.type}; espresso's manual takes it for ~, "
                        f"espresso for 0. Write the one that is meant.",
                    )
        self._take_labels()

    def _check_titles(self) -> None:
        """What stands above .i and .o is a title, unless it is a term."""
        for number, line in self._early:
            if _looks_like_terms(line) and len(line.translate(_SEPARATORS)) % self.draft.width == 0:
                self.draft.fail(number, "found a line of the table above .i and .o; move these to the top.")

    def _shape_from_rows(self) -> None:
        """A file without .i and .o whose lines all have a field of inputs and one of outputs."""
        draft, shapes = self.draft, set()
        for number, line in self._early:
            fields = [field.translate(_SEPARATORS) for field in re.split(r"[\s|=]+", line.strip("|="))]
            if not _looks_like_terms(line) or len(fields) != 2:
                self._fail_unknown(number)
            shapes.add(tuple(map(len, fields)))
        known = [draft.counts.get(key) for key in WHAT]
        if len(shapes) != 1 or any(have not in (None, n) for have, n in zip(known, *shapes, strict=True)):
            self._fail_unknown(self._last)
        draft.counts.update(zip(WHAT, shapes.pop(), strict=True))
        early, self._early = self._early, []
        for number, line in early:
            self._last = number
            self._signs(number, line)

    def _fail_unknown(self, line: int) -> None:
        missing = next(key for key in WHAT if key not in self.draft.counts)
        self.draft.fail(
            line,
            f"nothing says how many {WHAT[missing]} there are; expected {missing} and a number above the table, "
            f"or lines of one shape, inputs and outputs.",
        )

    def _take_labels(self) -> None:
        """.label var=N names the values of a variable; of the one behind the inputs, these are the outputs."""
        for line, words in self.draft.labels:
            found = re.fullmatch("var=([0-9]{1,9})", words[0]) if words else None
            if found is None or int(found[1]) > self.draft.n_inputs:
                self.draft.fail(
                    line,
                    f"found {shown(' '.join(words))} after .label; expected var=N, N up to the inputs, and names.",
                )
            if int(found[1]) == self.draft.n_inputs and len(words) > 1:
                self.draft.given.setdefault(".ob", Names(line, words[1:]))


def _looks_like_terms(line: str) -> bool:
    signs = line.translate(_SEPARATORS)
    return bool(signs) and not signs.strip(OUTPUT_SIGNS)


def _words(whole: str) -> list[str]:
    """The words of a line up to one that begins with #, which a name may hold elsewhere."""
    words = whole.split()
    end = next((index for index, word in enumerate(words) if word.startswith("#")), len(words))
    return words[:end]


def _continued(words: list[str]) -> bool:
    """Whether the line ends with \\, which is taken away."""
    if not words or not words[-1].endswith("\\"):
        return False
    words[-1] = words[-1][:-1]
    if not words[-1]:
        words.pop()
    return True
