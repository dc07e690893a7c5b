"""Every error that btfnet raises on purpose.

An error's text says where it happened, what was found, what was expected and what to do.
The command line prints the text and nothing else; a traceback is a defect.
"""

from __future__ import annotations

from btfnet.printable import printable

LONGEST_PATH = 1000
"""Characters of a path that a message repeats whole."""


def path_shown(path: object) -> str:
    """A path in a message: printable and not endless, because it may itself come from a file."""
    name = printable(str(path))
    if len(name) <= LONGEST_PATH:
        return name
    return f"{name[: LONGEST_PATH // 4]}…{name[-LONGEST_PATH // 4 :]}"


class BtfnetError(Exception):
    """Base of all errors raised on purpose; its text is fit for a user's eyes."""


class UsageError(BtfnetError):
    """The call itself is wrong: an unknown name, an absurd setting (exit code 2)."""


class DataError(BtfnetError):
    """Something that was read is malformed or inconsistent (exit code 1)."""


class FormatError(DataError):
    """A file breaks the rules of its format."""

    def __init__(self, path: object, line: int | None, message: str) -> None:
        self.path, self.line = path, line
        name = path_shown(path)
        where = name if line is None else f"{name}:{line}"
        super().__init__(f"{where}: {message}")


class ContradictionError(DataError):
    """Two items have the same inputs and different outputs.

    items     their numbers, from 1, the earlier first
    because   the rest of the sentence
    """

    def __init__(self, where: str, items: tuple[int, int], because: str) -> None:
        self.items, self.because = items, because
        super().__init__(f"{where}: items {items[0]} and {items[1]} {because}")


class OutputError(BtfnetError):
    """Something could not be written; nothing that existed before was changed."""


class ProjectionError(BtfnetError):
    """A projection returned a wrong shape or a value that is not finite."""


class CapacityError(BtfnetError):
    """The run would need more memory than there is; said before anything is allocated."""


class ToolError(BtfnetError):
    """An outside program failed, or its time was over; the text has its last words."""


class ToolMissing(ToolError):
    """An outside program is not on this machine; the text says how to install it."""


class BtfnetWarning(UserWarning):
    """Something that was read or written differs from what one might think, but its meaning is clear.

    Raised through `warnings.warn`; the command line prints the text on standard error, each once.
    """
