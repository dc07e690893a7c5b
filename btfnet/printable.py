"""Text from files and other strangers, fit to be printed: nothing in it moves the cursor or colours a terminal."""

from __future__ import annotations

LONGEST = 42
"""Characters of a value in a message."""


def printable(text: str, keep: str = "") -> str:
    """The text with every character that is not printable as its escape, such as `\\x1b`.

    keep   characters that stay as they are, such as line ends
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in keep else ascii(sign)[1:-1] for sign in text)


def one_word(text: str) -> str:
    """The text as a name that can be printed: blanks around it are left out, those within it become `_`."""
    return "_".join(printable(text.strip()).split())


def shown(value: object) -> str:
    """A value fit for an error message: quoted where it is text, printable, and short, whatever it is."""
    if isinstance(value, str):
        value = value[: LONGEST + 1]  # escapes make it longer, never shorter
    try:
        text = repr(value) if isinstance(value, str) else ascii(value)
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists in lists
        text = f"a number of {value.bit_length()} bits" if isinstance(value, int) else "something endless"
    return text if len(text) <= LONGEST else f"{text[:36]}…{text[-1]}"
