"""Where pages are, and how a script writes its part of one.

<!-- counts: written by scripts/studies/counts/study.py -->
what write_part(page, "counts", text) replaces
<!-- end of counts -->
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS, STUDIES, README = ROOT / "docs", ROOT / "scripts" / "studies", ROOT / "README.md"


def write_part(page: Path, name: str, text: str) -> None:
    """Put text, whose last line is ended, between the marks of this name.

    Raises `ValueError` where the page has not just one such pair of marks.
    """
    whole = page.read_text(encoding="utf-8")
    marks = rf"(<!-- {re.escape(name)}: written by \S+ -->\n)(.*?)(<!-- end of {re.escape(name)} -->)"
    pairs = list(re.finditer(marks, whole, re.DOTALL))
    if len(pairs) != 1:
        raise ValueError(
            f'{page}: {len(pairs)} parts are marked "{name}", but one was expected. Put <!-- {name}: written by '
            f"SCRIPT --> and <!-- end of {name} --> on lines of their own."
        )
    (pair,) = pairs
    page.write_text(whole[: pair.end(1)] + text + whole[pair.start(3) :], encoding="utf-8")
