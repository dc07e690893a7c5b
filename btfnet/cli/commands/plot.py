"""`btfnet plot`: the curves of a run as a picture."""

from __future__ import annotations

import io
from pathlib import Path

from btfnet.cli.console import say
from btfnet.cli.inputs.stories import FILES, story_of
from btfnet.cli.outputs import check_output, check_replaceable
from btfnet.errors import DataError, UsageError
from btfnet.files.atomic import write_bytes
from btfnet.files.mark import MARK
from btfnet.files.reading import both_ends
from btfnet.formats.format import MARK_BYTES
from btfnet.viewing.figure import plotted

PICTURE = "curves.png"
MARKED = {
    ".png": {"Software": MARK},
    ".svg": {"Creator": MARK, "Date": None},
    ".pdf": {"Creator": MARK, "CreationDate": None},
}
"""Where each format says who wrote it; without the time, so that the same run gives the same picture."""


def run(folder: str, out: str | None, force: bool) -> None:
    """As `btfnet plot` is declared."""
    target = str(Path(folder) / PICTURE) if out is None else out
    suffix = Path(target).suffix.lower()
    if suffix not in MARKED:
        raise UsageError(f"{target}: plots are .png, .svg or .pdf; name it so.")
    check_output(target, [Path(folder) / name for name in FILES])
    check_replaceable(target, f"a {suffix} plot that btfnet wrote", lambda: _is_own(target), force=force)
    story = story_of(folder)
    if not any(curve.points for curve in story.curves):
        raise DataError(
            f"{folder}: holds no curves, because nothing was looked at on the way; nothing was written."
        )
    of_items = {"across": "members", "what": "items"} if story.is_committee else {}
    shown = [curve for curve in story.curves if curve.trial == story.best or not story.is_committee]
    figure = plotted(shown, best=story.best, title=story.problem, **of_items)
    file = io.BytesIO()
    figure.savefig(file, format=suffix[1:], dpi=150, metadata=MARKED[suffix])
    write_bytes(target, file.getvalue())
    say(f"Written to {target}.")


def _is_own(path: str) -> bool:
    return any(MARK.encode() in end for end in both_ends(path, MARK_BYTES))
