"""`Log`: entries that all processes read in the same order, so that all come to the same conclusions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from btfnet.checkpoint.file import Record, packed, unpacked
from btfnet.sharing.whole_files import content, create

_NAME = re.compile(r"entry-([0-9]{8,})\.safetensors")


class Log:
    """Entries in files that are numbered without gaps, and never changed.

    read  so many of them were read
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.read = folder, 0
        self._next = 0

    def append(self, record: Record) -> int:
        """Put an entry behind those that are there; its number.

        Raises `OSError` where it cannot be written: then it is not there.
        """
        data, number = packed(record), self._next
        while not create(self._path(number), data, durable=True):
            number += 1
        self._next = number + 1
        return number

    def begin(self, record: Record) -> bool:
        """Make it the first entry; False where there is one. Raises `OSError` where it cannot be written."""
        return create(self._path(0), packed(record), durable=True)

    def first(self) -> Record | None:
        """The first entry; None where it cannot be read now. Raises `DataError` for a damaged one."""
        return self._record(0)

    def new(self, names: set[str]) -> Iterator[tuple[int, Record]]:
        """Entries that were not read yet, with their numbers; names: of the files that are there.

        Where one cannot be read now it is the next one that is asked for. Raises `DataError` for a damaged one.
        """
        numbers = {int(match[1]) for name in names if (match := _NAME.fullmatch(name))}
        self._next = max([self._next, *(number + 1 for number in numbers)])
        while self.read in numbers:
            record = self._record(self.read)
            if record is None:
                return
            self.read += 1
            yield self.read - 1, record

    @property
    def missed(self) -> Path | None:
        """The entry that is not there, or cannot be read, although later ones are there."""
        return self._path(self.read) if self.read < self._next else None

    def _record(self, number: int) -> Record | None:
        data = content(self._path(number))
        return None if data is None else unpacked(data, str(self._path(number)))

    def _path(self, number: int) -> Path:
        return self.folder / f"entry-{number:08d}.safetensors"
