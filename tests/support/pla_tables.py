"""Random truth tables as espresso's own are, written in every spelling.

A table is what its terms mean; it has a plain spelling, which ABC takes, and any number of others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

KINDS = ["f", "fd", "fd", "fd", "fr", "fdr", "r", "dr"]
SETS = {"1": "f", "0": "r", "-": "d"}
SHAPES = {  # inputs, outputs, terms: the sizes of espresso's examples
    "small": ((1, 6), (1, 4), (1, 9)),
    "rom": ((5, 9), (10, 40), (16, 64)),
    "decoder": ((8, 14), (5, 14), (20, 80)),
    "wide": ((21, 60), (1, 20), (5, 60)),
    "very wide": ((100, 160), (1, 4), (20, 70)),
}


@dataclass
class Sample:
    """What a table means; the terms' outputs hold only signs that its type knows, and ~."""

    kind: str
    n_inputs: int
    n_outputs: int
    terms: list[tuple[str, str]]
    input_names: list[str] = field(default_factory=list)
    output_names: list[str] = field(default_factory=list)


class Spelling(NamedTuple):
    """A text, what is unusual about it, and whether ABC takes all of that."""

    text: str
    ways: tuple[str, ...]
    abc: bool


def known_signs(kind: str) -> list[str]:
    """The marks of outputs that say something in a table of this type."""
    return [sign for sign, letter in SETS.items() if letter in kind]


def random_sample(rng: np.random.Generator) -> Sample:
    kind = KINDS[rng.integers(len(KINDS))]
    sizes = list(SHAPES.values())[rng.integers(len(SHAPES))]
    n_inputs, n_outputs, n_terms = (int(rng.integers(low, high + 1)) for low, high in sizes)
    terms = _terms(rng, kind, n_inputs, n_outputs, n_terms)
    sample = Sample(kind, n_inputs, n_outputs, terms)
    if rng.random() < 0.5:
        forms = ["in{}", "CPIPE1s<{}>", "a[{}]", "SRC{}equal", "n.{}", "x_{}"]
        sample.input_names = [forms[rng.integers(len(forms))].format(i) for i in range(n_inputs)]
    if rng.random() < 0.5:
        sample.output_names = [f"{'pq'[rng.integers(2)]}Bus+{i}" for i in range(n_outputs)]
    return sample


def _terms(
    rng: np.random.Generator, kind: str, n_inputs: int, n_outputs: int, n_terms: int
) -> list[tuple[str, str]]:
    known = known_signs(kind)
    either = min(0.9, max(0.3, 1 - 8 / n_inputs))
    terms = []
    for _ in range(n_terms):
        inputs = rng.choice(list("01-"), n_inputs, p=[(1 - either) / 2, (1 - either) / 2, either])
        outputs = rng.choice([*known, "~"], n_outputs)
        terms.append(("".join(inputs), "".join(outputs)))
    if kind in ("fr", "fdr"):
        terms = _without_contradictions(terms)
    return terms


def _without_contradictions(terms: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where two terms meet, the later one says nothing else than the earlier one."""
    kept: list[tuple[str, str]] = []
    for inputs, outputs in terms:
        signs = list(outputs)
        for before, said in kept:
            if all(a == b or "-" in (a, b) for a, b in zip(inputs, before, strict=True)):
                signs = ["~" if {a, b} == {"0", "1"} else a for a, b in zip(signs, said, strict=True)]
        kept.append((inputs, "".join(signs)))
    return kept


def plain(sample: Sample) -> str:
    """As ABC takes it."""
    lines = [f".i {sample.n_inputs}", f".o {sample.n_outputs}"]
    if sample.input_names:
        lines.append(" ".join([".ilb", *sample.input_names]))
    if sample.output_names:
        lines.append(" ".join([".ob", *sample.output_names]))
    return "\n".join([*lines, *(f"{inputs} {outputs}" for inputs, outputs in sample.terms), ".e\n"])


def spelled(sample: Sample, rng: np.random.Generator) -> Spelling:
    """The same table as other people write it."""
    speller = _Speller(sample, rng)
    text = speller.ends.join(speller.placed(speller.head(), speller.terms()))
    return Spelling(text, tuple(speller.ways), speller.abc)


class _Speller:
    """Chooses, and keeps in mind what was chosen."""

    def __init__(self, sample: Sample, rng: np.random.Generator) -> None:
        self.sample, self.rng = sample, rng
        self.ways: list[str] = []
        self.abc = True
        self.upper = self.way("capitals", 0.08, abc=False)
        self.ends = "\r\n" if self.way("CR LF", 0.15, abc=True) else "\n"

    def way(self, what: str, chance: float, *, abc: bool) -> bool:
        """Whether this is done; what ABC does not take is noted."""
        if self.rng.random() >= chance:
            return False
        self.ways.append(what)
        self.abc &= abc
        return True

    def key(self, word: str) -> str:
        return word.upper() if self.upper else word

    def head(self) -> list[str]:
        """The lines with numbers and names."""
        sample = self.sample
        counts = [f"{self.key('.i')} {sample.n_inputs}", f"{self.key('.o')} {sample.n_outputs}"]
        if self.way(".o above .i", 0.1, abc=True):
            counts.reverse()
        elif self.way(".mv", 0.06, abc=False):
            counts = [f"{self.key('.mv')} {sample.n_inputs + 1} {sample.n_inputs} {sample.n_outputs}"]
        given = ((".ilb", sample.input_names), (".ob", sample.output_names))
        names = [line for key, words in given if words for line in self.names(self.key(key), words)]
        if names and self.way("names above .i", 0.1, abc=True):
            return [*names, *counts]
        return [*counts, *names]

    def names(self, key: str, words: list[str]) -> list[str]:
        if len(words) > 1 and self.way("names over lines", 0.2, abc=False):
            cut = int(self.rng.integers(1, len(words)))
            slash = " \\" if self.way("names with \\", 0.5, abc=False) else ""
            return [f"{key} {' '.join(words[:cut])}{slash}", f"\t{' '.join(words[cut:])} "]
        return [f"{key}  {' '.join(words)} "] if self.rng.random() < 0.3 else [f"{key} {' '.join(words)}"]

    def terms(self) -> list[str]:
        """The lines of the table; one choice of signs and shape for all of them."""
        marks = self.signs()
        parts = [(a.translate(marks[0]), b.translate(marks[1])) for a, b in self.sample.terms]
        n_signs = self.sample.n_inputs + self.sample.n_outputs
        if self.way("a break between inputs and outputs", 0.1, abc=False):
            return [part for pair in parts for part in pair]
        if self.way("two terms a line", 0.08, abc=False):
            pairs = [f"{a} {b}" for a, b in parts]
            return [" ".join(pairs[start : start + 2]) for start in range(0, len(pairs), 2)]
        if n_signs > 3 and self.way("a break anywhere", 0.08, abc=False):
            cut = int(self.rng.integers(1, n_signs))
            return [piece for a, b in parts for piece in ((a + b)[:cut], (a + b)[cut:])]
        if self.way("no blank", 0.1, abc=False):
            return [a + b for a, b in parts]
        if self.way("signs apart", 0.08, abc=False):
            return [" ".join(a + b) for a, b in parts]
        if self.way("outputs in groups", 0.1, abc=False):
            return [f"{a} {b[: len(b) // 2]} {b[len(b) // 2 :]}" for a, b in parts]
        if self.way("bar", 0.2, abc=True):
            return [f"{a}|{b}" for a, b in parts]
        if self.way("equals sign", 0.05, abc=False):
            return [f"{a}={b}" for a, b in parts]
        if self.way("underscores", 0.05, abc=False):
            return [f"{'_'.join(a)} {b}" for a, b in parts]
        if self.way("blanks around", 0.2, abc=True):
            return [f"  {a} \t {b}  " for a, b in parts]
        return [f"{a} {b}" for a, b in parts]

    def signs(self) -> tuple[dict[int, str], dict[int, str]]:
        """Other signs of the same meaning, for inputs and for outputs."""
        inputs = {"-": "2"} if self.way("2 among inputs", 0.08, abc=True) else {}
        if not inputs and self.way("x among inputs", 0.05, abc=False):
            inputs = {"-": "xX"[self.rng.integers(2)]}
        outputs = {}
        if self.way("2 among outputs", 0.15, abc=False):
            outputs["-"] = "2"
        elif self.way("x among outputs", 0.05, abc=False):
            outputs["-"] = "x"
        if self.way("4 among outputs", 0.08, abc=False):
            outputs["1"] = "4"
        without = set(SETS) - set(known_signs(self.sample.kind))
        silent = [sign for sign in sorted(without) if not (sign == "1" and "r" in self.sample.kind)]
        if silent and self.way("0, 1 or - that say nothing", 0.5, abc=True):
            outputs["~"] = silent[self.rng.integers(len(silent))]
        elif "r" not in self.sample.kind and self.way("3 among outputs", 0.05, abc=False):
            outputs["~"] = "3"
        return str.maketrans(inputs), str.maketrans(outputs)

    def placed(self, head: list[str], terms: list[str]) -> list[str]:
        """All lines: titles and comments, the type, the number of terms, the end."""
        sample = self.sample
        if self.way("title", 0.12, abc=False):
            head = ["a table by hand, version 2", *head]
        if sample.kind != "fd" or self.way("type fd", 0.2, abc=True):
            line = f"{self.key('.type')} {sample.kind}"
            if self.way("type above all", 0.2, abc=True):
                head = [line, *head]
            else:
                head = [*head, line]
        if self.way(".p", 0.5, abc=True):
            wrong = 3 if self.way("wrong .p", 0.1, abc=True) else 0
            head = [*head, f"{self.key('.p')} {len(sample.terms) + wrong}"]
        if self.way(".phase of ones", 0.05, abc=False):
            head = [*head, f".phase {'1' * sample.n_outputs}"]
        if self.way("comments", 0.25, abc=True):
            head = ["# btfnet's own", *(f"{line} # {index}" for index, line in enumerate(head)), "#.type fr"]
        if self.way("empty lines", 0.2, abc=True):
            head = ["", *head, "", "  "]
        if self.way("no end", 0.5, abc=True):
            return [*head, *terms, ""]
        return [*head, *terms, self.key(".end" if self.way(".end", 0.3, abc=True) else ".e"), ""]


def random_tables(seed: int, count: int) -> list[tuple[Sample, Spelling]]:
    """So many tables, each with a spelling."""
    rng = np.random.default_rng(seed)
    samples = [random_sample(rng) for _ in range(count)]
    return [(sample, spelled(sample, rng)) for sample in samples]


def covers(inputs, row):
    return all(sign in ("-", bit) for sign, bit in zip(inputs, row, strict=True))
