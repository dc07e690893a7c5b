"""`btfnet report`: a page of HTML that shows a run."""

from __future__ import annotations

from pathlib import Path

from btfnet.cli.console import say
from btfnet.cli.inputs.stories import FILES, story_of
from btfnet.cli.outputs import check_output, check_replaceable
from btfnet.errors import UsageError
from btfnet.files.atomic import write_text
from btfnet.files.mark import MARK
from btfnet.files.reading import both_ends
from btfnet.formats.format import MARK_BYTES
from btfnet.viewing.page import page

PAGE = "report.html"
SUFFIXES = (".html", ".htm")


def run(folder: str, out: str | None, force: bool) -> None:
    """As `btfnet report` is declared."""
    target = str(Path(folder) / PAGE) if out is None else out
    put_page(folder, target, force=force)
    say(f"Written to {target}; open it in a browser.")


def put_page(folder: str, target: str, *, force: bool) -> None:
    """Write the page of a run. Raises as `btfnet report` does."""
    if not target.lower().endswith(SUFFIXES):
        raise UsageError(
            f"{target}: the page is .html; name it so. An example: btfnet report {folder} page.html"
        )
    check_output(target, [Path(folder) / name for name in FILES])
    check_replaceable(target, "a page that btfnet wrote", lambda: _is_own(target), force=force)
    text = page(story_of(folder))
    write_text(target, text)


def _is_own(path: str) -> bool:
    return f"<!-- {MARK} -->".encode() in both_ends(path, MARK_BYTES)[0]
