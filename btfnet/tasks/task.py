"""What a problem file or a built-in name turns into."""

from __future__ import annotations

from dataclasses import dataclass, field

from btfnet.formats.toml.problem import Expected
from btfnet.problem.problem import Problem
from btfnet.settings import Settings


@dataclass(frozen=True)
class Task:
    """A problem with everything that is known about it.

    settings   the problem's own settings, None when they are to be tuned
    data       how its items came about: a generator with its parameters and seed, or a file
    """

    problem: Problem
    settings: Settings | None
    summary: str = ""
    source: str = ""
    data: str = ""
    expected: Expected = field(default_factory=Expected)

    @property
    def name(self) -> str:
        return self.problem.name
