"""The words by which a file is known as one that btfnet wrote; `btfnet.formats.registry` says where they stand."""

from __future__ import annotations

MARK = "Written by btfnet"
"""Without a version, so that the same circuit gives the same bytes."""
