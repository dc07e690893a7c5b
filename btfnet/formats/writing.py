"""Writing whatever a format holds, by the file's suffix: the bytes first, and the file once."""

from __future__ import annotations

import os
from typing import Any

from btfnet.errors import UsageError, path_shown
from btfnet.files.atomic import write_bytes
from btfnet.formats.format import Holds
from btfnet.formats.recognise import suffix_of, unknown_suffix
from btfnet.formats.registry import FORMATS, writable


def write_thing(path: str | os.PathLike[str], thing: Any, what: str, *kinds: Holds) -> None:
    """Write what a file of that suffix holds; `what` says in an error which formats are meant."""
    suffix = checked_suffix(path, what, *kinds)
    try:
        data = bytes_of(suffix, thing, *kinds)
    except UsageError as error:
        raise UsageError(f"{path_shown(path)}: {error}") from error
    write_bytes(path, data)


def bytes_of(suffix: str, thing: Any, *kinds: Holds) -> bytes:
    """What a file of that suffix (with its dot) holds, of the first of these kinds that it can hold."""
    entry = FORMATS[suffix]
    return entry.writer(next(kind for kind in kinds if kind in entry.write))(thing)


def checked_suffix(path: str | os.PathLike[str], what: str, *kinds: Holds) -> str:
    """The suffix of the format. Raises `UsageError` where that cannot hold one of these kinds."""
    suffix = suffix_of(path)
    if suffix not in writable(*kinds):
        raise unknown_suffix(path, what, writable(*kinds))
    return suffix
