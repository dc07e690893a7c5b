"""How files are to be read, as far as a command was told."""

from __future__ import annotations

from typing import NamedTuple

from btfnet.formats.csv.layout import Layout
from btfnet.matching.columns import By


class Reading(NamedTuple):
    """The layout of a table, how its columns are matched, and whether latches of netlists are cut."""

    layout: Layout
    by: By = By.AUTO
    cut_latches: bool = False

    @classmethod
    def asked(
        cls,
        *,
        separator: str | None,
        header: bool | None,
        by_name: bool = False,
        by_position: bool = False,
        cut_latches: bool = False,
    ) -> Reading:
        """From the options of that name. Raises `UsageError` where they contradict each other."""
        by = By.asked(by_name=by_name, by_position=by_position)
        return cls(Layout(separator, header), by, cut_latches)

    @property
    def is_default(self) -> bool:
        """Whether nothing was said about tables."""
        return self.layout.is_default and self.by is By.AUTO
