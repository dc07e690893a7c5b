"""Old names and ways that still work: one warning for all, which says what is new and when the old one goes.

docs/policy.md promises what `GONE` says; the tests look for old ways whose time is over.
"""

from __future__ import annotations

import warnings

GONE = "0.4"
"""The version that no longer knows what is deprecated in 0.2: two minor versions later."""


def deprecated(old: str, new: str, *, gone: str = GONE, callers: int = 1) -> None:
    """Warn that `old` is now `new`, at the line of whoever used it.

    gone     the first version without it
    callers  between this call and that line: 1 in the function that was called by its old name
    """
    text = f"{old} is now {new}. The old way works until btfnet {gone}."
    warnings.warn(text, DeprecationWarning, stacklevel=2 + callers)
