"""`.gap`: the trace of a run, the format of the authors' research program. See gap.md."""

from __future__ import annotations

import os
from collections.abc import Iterable

from btfnet.arguments import PATH, Wanted, is_iterable, need
from btfnet.errors import UsageError
from btfnet.files.atomic import write_text
from btfnet.projections.rrr import TraceRow

LOOKS = Wanted(
    "a list of Looks, such as a result's trace",
    lambda value: isinstance(value, list | tuple) and all(isinstance(one, TraceRow) for one in value),
)


def write_gap(path: str | os.PathLike[str], looks: Iterable[TraceRow]) -> None:
    """Write one line of eight numbers for each look; what is not known is written as `nan`.

    Raises `OutputError` when the file cannot be written.
    """
    if not PATH.fits(looks) and is_iterable(looks):
        looks = list(looks)
    if PATH.fits(looks):
        raise UsageError("write_gap: the path comes first: write_gap(path, looks); the two are swapped.")
    need("write_gap", path=(path, PATH), looks=(looks, LOOKS))
    write_text(path, to_text(looks))


def to_text(looks: Iterable[TraceRow]) -> str:
    """The text of the file."""
    return "".join(map(_line, looks))


def _line(look: TraceRow) -> str:
    gaps = " ".join(f"{gap:.6e}" for gap in (look.gap_w, look.gap_x, look.gap_y, look.gap, look.least_gap))
    return f"{look.iteration} {gaps} {100 * look.train_bits:.4f} {100 * look.test_bits:.4f}\n"
