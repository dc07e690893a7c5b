"""The least problem file, and a way to write one."""

from __future__ import annotations

LEAST = """
format = 1
name = "mine"
[data]
generator = "parity"
bits = 3
[network]
widths = [3, 4, 1]
"""


def written(folder, text, name="mine.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
