"""`SharedFolder`: where several processes run one search."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from btfnet.arguments import CALLED, PATH, need, number, optional
from btfnet.errors import DataError, OutputError
from btfnet.sharing.member import POLL_SECONDS, Member
from btfnet.sharing.whole_files import create, names, remove

STOP, FILES, OWN = "STOP", "shared", "own-"
PATIENCE = 30.0
OURS = ("entry-", "claim-", "job-", "state-")


class SharedFolder:
    """A folder in which several processes, on one machine or on many, run one search together.

        result = btfnet.solve(problem, settings, checkpoint=btfnet.SharedFolder("shared/mine"))

    Each process runs this, with the same problem and options; each may begin, end, or be killed at any time. They
    share the trials among themselves through files in `path`/shared, and each comes to the result of all. Whoever
    comes later goes on with what is there. A file `path`/STOP, which anybody may make, ends them all.

    path      in a file system that all of them see, and that has hard links; made where it is missing
    patience  seconds without a sign of life after which a process counts as lost, and others go on with its trials
    report    is told, once, that something cannot be written; logged when not given

    Raises `OutputError` where the folder cannot be made or written to, `DataError` where there is a file STOP.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        patience: float = PATIENCE,
        report: Callable[[str], None] | None = None,
    ) -> None:
        need(
            "SharedFolder",
            path=(path, PATH),
            patience=(patience, number(0, 1e6, open_low=True)),
            report=(report, optional(CALLED)),
        )
        self.path, self.patience = Path(path).absolute(), patience
        self.report = report or logging.getLogger("btfnet").warning
        self.files, self.stop = self.path / FILES, self.path / STOP
        self._own = secrets.token_hex(6)
        self._check()

    @property
    def folder(self) -> Path:
        """For files of this process alone."""
        return self.files / f"{OWN}{self._own}"

    def _check(self) -> None:
        probe = self.path / f".btfnet-{self._own}"
        try:
            self.files.mkdir(parents=True, exist_ok=True)
            create(probe, b"")
        except OSError as error:
            raise OutputError(
                f"{self.path}: cannot be shared: {error.strerror or error}. Choose a folder that can be written "
                f"to, in a file system with hard links."
            ) from error
        finally:
            remove(probe)
        if self.stop.exists():
            raise DataError(
                f"{self.stop}: this file ends every search in that folder. Remove it, and start again to go on."
            )

    def join(self) -> Member:
        """As one more process."""
        return Member(self.files, self.stop, self.patience, self.report)

    @contextmanager
    def alone(self, what: str, done: Callable[[], bool], waits: Callable[[], bool]) -> Iterator[bool]:
        """Whether this process is to do something now, which no other does meanwhile.

        done   whether it has been done
        waits  whether to wait for another process that is at it, and do it where that is lost
        """
        member = self.join()
        try:
            member.refresh()
            member.pulse(dict)
            while not (mine := member.claim(what)) and not done() and waits() and not member.stopped:
                time.sleep(POLL_SECONDS / 2)
                member.refresh()
                member.pulse(dict)
            yield mine and not done()
        finally:
            if what in member.claims.held:
                member.claims.forget(what)
            member.leave()

    @staticmethod
    def begun_in(path: Path) -> bool:
        """Whether there is a search in such a folder, or was one."""
        return "entry-00000000.safetensors" in (names(path / FILES) or ())

    def discard(self) -> None:
        """Remove the search, which nobody may be running. Files of others stay."""
        for name in sorted(names(self.files) or ()):
            if name.startswith(OURS) or name.endswith(".part"):
                remove(self.files / name)
            elif name.startswith(OWN):  # of a process that was killed
                shutil.rmtree(self.files / name, ignore_errors=True)
        with suppress(OSError):
            self.files.rmdir()
