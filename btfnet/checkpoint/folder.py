"""`Checkpoint`: the folder of an unfinished search, and how often to save in it."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from btfnet.arguments import CALLED, FLAG, PATH, called, need, optional
from btfnet.checkpoint import file
from btfnet.checkpoint.file import Record
from btfnet.errors import DataError, OutputError

SHARE = 0.01
"""Part of the time that saving may take."""
LEAST_SECONDS = 1.0
"""Between two checkpoints, however cheap they are."""
BYTES_PER_SECOND = 2e8
"""What a slow disk takes; the guess before there is a measurement."""


class SaveInterval:
    """When the next checkpoint is due, from what the last one cost."""

    def __init__(self, n_bytes: float = 0.0) -> None:
        self._cost, self._last = n_bytes / BYTES_PER_SECOND, time.monotonic()

    @property
    def interval(self) -> float:
        """Seconds from the end of one checkpoint to the start of the next."""
        return max(LEAST_SECONDS, self._cost / SHARE)

    def due(self) -> bool:
        return time.monotonic() - self._last >= self.interval

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around the saving; failed attempts count too, so that a full disk is not asked all the time."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self._last = time.monotonic()
            self._cost = self._last - begun


SUFFIX = ".safetensors"
_OURS = re.compile(rf"(finished|trial-(?P<index>\d{{1,12}}))(?P<suffix>{re.escape(SUFFIX)}|\.\d+\.part)")


class Checkpoint:
    """A folder in which a search keeps what it needs to go on.

        checkpoint = btfnet.Checkpoint("runs/mine/checkpoint", resume=True)
        result = btfnet.solve(problem, settings, checkpoint=checkpoint)
        ...                      # save the result
        checkpoint.discard()

    resume   go on from what the folder holds; without it the folder must hold no checkpoint yet
    report   is told, once, that a checkpoint could not be written; logged when not given

    `finished` holds the trials that have ended, `trial-N` the state of one that runs. Each file is whole or
    not there, and none depends on another: a trial without a file starts anew, from its seed. Saving never
    fails a search: what cannot be written is reported, and tried again later.

    Raises `DataError` when there is nothing to resume, `OutputError` when there is something that a new
    search would overwrite.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        resume: bool = False,
        report: Callable[[str], None] | None = None,
    ) -> None:
        need("Checkpoint", folder=(folder, PATH), resume=(resume, FLAG), report=(report, optional(CALLED)))
        self.folder, self.resume = Path(folder), resume
        self._report = report or logging.getLogger("btfnet").warning
        self._lock, self._failing = threading.Lock(), False
        present = self.held(self.folder)
        if resume and not present:
            raise DataError(
                f"{self.folder}: there is no checkpoint to resume; the search was finished, or never saved. "
                f"Start it without resuming."
            )
        if present and not resume:
            how = " with --force" if called("force") == "--force" else " by removing that folder"
            raise OutputError(
                f"{self.folder}: holds the checkpoint of an unfinished search. Use {called('resume=True')} to go "
                f"on with it, choose another place, or give it up{how}."
            )
        self._remove_parts()

    @staticmethod
    def held(folder: str | os.PathLike[str]) -> bool:
        """Whether a folder holds a checkpoint."""
        return any(match["suffix"] == SUFFIX for _, match in _files(Path(folder)))

    def present(self) -> bool:
        """Whether this folder holds a checkpoint."""
        return self.held(self.folder)

    def finished(self) -> Record | None:
        """What was saved of the trials that have ended. Raises `DataError` for a damaged file."""
        path = self._path("finished")
        return file.read(path) if path.exists() else None

    def running(self) -> dict[int, Record]:
        """What was saved of the trials that were under way, by number; their arrays are not read yet.

        Raises `DataError` for a damaged file.
        """
        saved = [(match, path) for path, match in _files(self.folder) if match["index"]]
        return {int(match["index"]): file.read(path) for match, path in saved if match["suffix"] == SUFFIX}

    def save_running(self, index: int, record: Record) -> bool:
        """Save a trial that is under way; whether that went well."""
        return self._save(f"trial-{index}", record)

    def save_finished(self, indices: Iterable[int], record: Record) -> bool:
        """Save the trials that have ended, after which their states are no longer needed."""
        saved = self._save("finished", record)
        if saved:
            for index in indices:
                with suppress(OSError):
                    self._path(f"trial-{index}").unlink(missing_ok=True)
        return saved

    def discard(self) -> None:
        """Remove the checkpoint: nothing is left to go on from. Files of others stay."""
        for path, _ in _files(self.folder):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            self.folder.rmdir()

    def _remove_parts(self) -> None:
        """What a killed process was about to write."""
        for path, match in _files(self.folder):
            if match["suffix"] != SUFFIX:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _save(self, name: str, record: Record) -> bool:
        path = self._path(name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file.write(path, record)
        except OSError as error:
            self._failed(path, error)
            return False
        with self._lock:
            self._failing = False
        return True

    def _failed(self, path: Path, error: OSError) -> None:
        """Tell it once, until saving has gone well again."""
        with self._lock:
            known, self._failing = self._failing, True
        if not known:
            self._report(
                f"{path}: the checkpoint cannot be written ({error.strerror or error}). "
                f"The search goes on, and will try again."
            )


def _files(folder: Path) -> list[tuple[Path, re.Match[str]]]:
    """Those of ours."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [(folder / name, match) for name in names if (match := _OURS.fullmatch(name))]
