"""`Finding`: one line of a check-up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How a thing stands; only a problem makes the exit code 1."""

    FINE = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and, unless it is fine, what to do.

    topic   the heading below which it stands
    """

    topic: str
    what: str
    found: str
    verdict: Verdict = Verdict.FINE
    advice: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"verdict": self.verdict.value}
