"""Words in a circuit's picture: what is escaped, shortened and broken into lines, and what a legend explains."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

LETTER = 7.2
"""Room for a letter of a label; the real width is the viewer's."""
LONGEST = 26
"""Characters of a name that are shown; a longer one loses its middle, and has the whole of it as its tooltip."""
TAIL = 10
"""Of these, the last ones: names of conditions end with what tells them apart, such as >=37.5."""

LEGENDS = {
    "and": "And: all true",
    "or": "Or: any true",
    "maj": "Maj: more than half true",
    "threshold": "≥k: at least k true, weights counted",
}


def escaped(words: str) -> str:
    """Fit for XML: without characters that it cannot hold or that turn the text around them."""
    signs = (sign if sign.isprintable() or sign in "\t\n\r" else "\ufffd" for sign in words)
    return escape("".join(signs), {'"': "&quot;"})


def shortened(name: str) -> str:
    """The name, its middle left out where it is long."""
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - TAIL - 1]}…{name[-TAIL:]}"


def tooltip(name: str) -> str:
    """The whole name as a <title>, where it is shown shortened; nothing where it is not."""
    return "" if shortened(name) == name else f"<title>{escaped(name)}</title>"


def room(label: str) -> float:
    """The width of a label with a frame around it."""
    return max(24.0, LETTER * len(label) + 14)


def broken(words: str, letters: int) -> list[str]:
    """The text in lines of at most so many letters, but for words that are longer."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def rows(widths: Sequence[float], most: float) -> list[list[int]]:
    """Numbers of things of these widths, side by side in rows no wider than `most`, but for what is wider."""
    found: list[list[int]] = []
    used = 0.0
    for index, width in enumerate(widths):
        if not found or used + width > most:
            found.append([])
            used = 0.0
        found[-1].append(index)
        used += width
    return found
