"""A mailbox of files in a folder that the search and its workers share, of one machine or of many."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from btfnet.errors import OutputError
from btfnet.files import strict_json
from btfnet.files.atomic import write_bytes, write_text
from btfnet.workers.mailbox import News, Orders, as_values, news_of, orders_of

ORDERS = "orders.json"
_NEWS = re.compile(r"news-(\d{1,12})\.json")
_OURS = re.compile(r"search-[0-9a-f]{12}")
"""Each search has a folder of its own: workers of one that was killed may still be about, and are not heard."""


class FolderMailbox:
    """See `Mailbox`.

    folder  where one is made, and removed at the end; None: a temporary one of this machine
    slots   tasks at a time, where the executor says
    """

    def __init__(self, folder: Path | None, slots: int | None) -> None:
        self._place = None if folder is None else folder.absolute()
        if self._place is None:
            self.folder = Path(tempfile.mkdtemp(prefix="btfnet-"))
        else:
            for name in filter(_OURS.fullmatch, _names(self._place)):  # of a search that was killed
                shutil.rmtree(self._place / name, ignore_errors=True)
            self.folder = self._place / f"search-{secrets.token_hex(6)}"
        self.slots = slots
        self.reopen()
        self._told: dict[int, str] = {}

    @property
    def address(self) -> FolderAddress:
        return FolderAddress(str(self.folder))

    def expect(self, index: int) -> None:
        """A file that is not there says that nothing was saved."""

    def reopen(self) -> None:
        """Whoever removed the folder."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)

    def send(self, orders: Orders) -> None:
        with suppress(OutputError):
            write_text(self.folder / ORDERS, json.dumps(as_values(orders)))

    def news(self) -> Iterator[News]:
        for name in _names(self.folder):
            match = _NEWS.fullmatch(name)
            text = _text(self.folder / name) if match else None
            if match and text is not None and text != self._told.get(int(match[1])):
                self._told[int(match[1])] = text
                with suppress(ValueError, TypeError, OverflowError):
                    yield news_of(strict_json.parse(text, constants=True))

    def state(self, index: int) -> bytes | None:
        return _bytes(_state(self.folder, index))

    def forget(self, index: int) -> None:
        for path in (_state(self.folder, index), _news(self.folder, index)):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def close(self, *, answered: bool) -> None:
        if not answered:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._place is not None:
            with suppress(OSError):  # where others have files
                self._place.rmdir()


@dataclass(frozen=True)
class FolderAddress:
    """See `Address`."""

    folder: str

    def open(self, index: int) -> FolderPost:
        return FolderPost(Path(self.folder), index)


class FolderPost:
    """See `Post`."""

    def __init__(self, folder: Path, index: int) -> None:
        self.folder, self.index = folder, index

    def orders(self) -> Orders | None:
        text = _text(self.folder / ORDERS)
        if text is None:
            return None
        try:
            return orders_of(strict_json.parse(text))
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def tell(self, news: News) -> None:
        if self.folder.is_dir():  # else the search is over, or the folder away
            with suppress(OutputError):
                write_text(_news(self.folder, self.index), json.dumps(news))

    def save(self, state: bytes) -> bool:
        try:
            write_bytes(_state(self.folder, self.index), state)
        except OutputError:
            return False
        return True

    def saved(self) -> bytes | None:
        return _bytes(_state(self.folder, self.index))

    def close(self) -> None:
        """Nothing is open."""


def _state(folder: Path, index: int) -> Path:
    return folder / f"state-{index}.safetensors"


def _news(folder: Path, index: int) -> Path:
    return folder / f"news-{index}.json"


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError:
        return []


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _text(path: Path) -> str | None:
    data = _bytes(path)
    return None if data is None else data.decode("utf-8", errors="replace")
