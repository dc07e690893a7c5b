"""How far a circuit reproduces its training items: counted once, and carried wherever the circuit goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from btfnet.errors import DataError

_COUNT = "([0-9]{1,15})"
_WRONG = re.compile(rf"{_COUNT} of {_COUNT} training bits wrong \({_COUNT} of {_COUNT} items\)")
_COMMENT = re.compile(
    r"^(?:#|//)?[ \t]{0,8}((?:exact on all )?[0-9]{1,15} (?:of|training) [^\n]{0,120})$", re.M
)
_EXACT = re.compile(rf"exact on all {_COUNT} training items \({_COUNT} bits\)")


@dataclass(frozen=True, slots=True)
class TrainingFit:
    """Training bits that a circuit gets wrong, and the items that they are in.

    wrong_bits   from 0 to n_bits, output bits of the training items that count
    wrong_items  from 0 to n_items, items with a wrong bit, of those with one that counts

    `str` is a sentence without a full stop, which comments of netlists hold and `parse` reads back.
    Raises `DataError` for counts that cannot be.
    """

    wrong_bits: int
    n_bits: int
    wrong_items: int
    n_items: int

    def __post_init__(self) -> None:
        bits_fit = 0 <= self.wrong_bits <= self.n_bits
        items_fit = 0 <= self.wrong_items <= min(self.n_items, self.wrong_bits)
        if not (bits_fit and items_fit and (self.wrong_items > 0) == (self.wrong_bits > 0)):
            raise DataError(
                f"{self.wrong_bits} of {self.n_bits} bits in {self.wrong_items} of {self.n_items} items cannot "
                f"be wrong; expected 0 <= wrong_items <= wrong_bits <= n_bits and wrong_items <= n_items."
            )

    @property
    def exact(self) -> bool:
        """No bit that counts is wrong."""
        return self.wrong_bits == 0

    def __str__(self) -> str:
        if self.exact:
            return f"exact on all {self.n_items} training items ({self.n_bits} bits)"
        return (
            f"{self.wrong_bits} of {self.n_bits} training bits wrong "
            f"({self.wrong_items} of {self.n_items} items)"
        )

    def as_dict(self) -> dict[str, int]:
        """The four counts, for JSON."""
        return asdict(self)

    @classmethod
    def of_dict(cls, values: object) -> Self:
        """What `as_dict` gave. Raises `DataError` for anything else."""
        names = tuple(cls.__dataclass_fields__)
        whole = isinstance(values, Mapping) and all(type(values.get(name)) is int for name in names)
        if not whole or set(values) != set(names):  # type: ignore[call-overload]
            raise DataError(f"expected the whole numbers {', '.join(names)} and nothing else.")
        return cls(**values)  # type: ignore[arg-type]

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What `str` gave; None for any other text."""
        text = text.strip()
        if match := _WRONG.fullmatch(text):
            counts = [int(word) for word in match.groups()]
        elif match := _EXACT.fullmatch(text):
            counts = [0, int(match[2]), 0, int(match[1])]
        else:
            return None
        try:
            return cls(*counts)
        except DataError:
            return None


def training_in(text: str) -> TrainingFit | None:
    """What the first comment line of a netlist says that holds such a sentence and nothing else.

    A comment begins with # or //, or is a line of its own (the comment section of AIGER).
    """
    fits = (TrainingFit.parse(match[1]) for match in _COMMENT.finditer(text))
    return next((fit for fit in fits if fit is not None), None)
