"""`--out DIR`: what a run leaves behind, written whole or not at all; saved.py names its files."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from btfnet.checkpoint.folder import Checkpoint
from btfnet.cli.console import warn
from btfnet.cli.outputs import check_output
from btfnet.cli.runs.earlier import Earlier
from btfnet.cli.runs.saved import (
    CHECKPOINT,
    CIRCUIT,
    COMMITTEE,
    ITEMS,
    LOCK,
    MODEL,
    NETLIST,
    RUN,
    SAVING,
    SEARCH,
    SPACE_TIME,
    TRACE,
    TRACES,
    TRIALS,
    WEIGHTS,
    is_run,
    trace_of,
    training_items_of,
    weights_of,
)
from btfnet.errors import OutputError
from btfnet.files.atomic import write_bytes, write_text
from btfnet.files.strict_json import as_json
from btfnet.formats.by_suffix import write_circuit, write_items
from btfnet.logic.circuit import Circuit
from btfnet.search.records import Result
from btfnet.sharing.folder import FILES, SharedFolder
from btfnet.viewing.curves import as_csv, chosen

LOCK_SECONDS = 5.0
"""Jobs that begin in the same moment wait for one another."""
UNFINISHED: dict[str, Any] = {"status": SAVING, "trials": [], "model": None}


class RunFolder:
    """A directory for one run's results. Making one checks that the results can be written later.

    A directory that already holds a run gets the new one's files in their place, where `btfnet.cli.runs.earlier`
    allows it; files of any other kind are never touched, and none that the command reads (`inputs`).
    It is this process's alone until `release`, or until the process ends, however it ends.

    more    names of files that only one command leaves there
    shared  with other processes, which run the same search

    Raises `OutputError` when the directory cannot be made or written to, when another process has it, or when
    it holds a file of ours without being a run's.
    """

    def __init__(
        self,
        path: str,
        *,
        netlist: str | None = None,
        inputs: Iterable[str | os.PathLike[str] | None] = (),
        more: Iterable[str] = (),
        shared: bool = False,
    ) -> None:
        self.path, self.shared = Path(path), shared
        self._part = self.path / f".btfnet-{secrets.token_hex(6)}.part"
        self._circuits = tuple(
            dict.fromkeys((MODEL, CIRCUIT, NETLIST, f"circuit.{netlist}" if netlist else CIRCUIT))
        )
        self._files = (*self._circuits, COMMITTEE, ITEMS, WEIGHTS, TRACE, TRACES, SPACE_TIME, SEARCH, RUN)
        self._own = (*self._files, *more)
        for name in self._own if self.path.is_dir() else ():
            check_output(str(self.path / name), inputs)
        self._prepare()

    @property
    def model(self) -> str:
        """Where the model is saved."""
        return str(self.path / MODEL)

    @property
    def netlist(self) -> str:
        """Where the netlist is saved: in the format asked for, else Verilog."""
        return str(self.path / self._circuits[-1])

    def share(self) -> SharedFolder:
        """Where other processes run the same search; see `SharedFolder` for what it raises."""
        return SharedFolder(self.path, report=warn)

    def checkpoint(self, *, resume: bool) -> Checkpoint:
        """Where the search saves itself on the way; see `Checkpoint` for what it raises."""
        return Checkpoint(self.path / CHECKPOINT, resume=resume, report=warn)

    def has_checkpoint(self) -> bool:
        """Whether there is something that a search could go on with."""
        return Checkpoint.held(self.path / CHECKPOINT)

    def discard_checkpoint(self) -> None:
        """Nothing is left to go on with."""
        if self.has_checkpoint():
            Checkpoint(self.path / CHECKPOINT, resume=True).discard()

    def keep_trials(self) -> None:
        """Put the checkpoint of a finished search aside: more trials may be allowed later."""
        self._discard_trials()
        with suppress(OSError):
            os.replace(self.path / CHECKPOINT, self.path / TRIALS)

    def take_up_trials(self) -> None:
        """Let a finished search go on, with more trials; where it is shared, they are where they were."""
        if self.shared:
            return
        with suppress(OSError):
            os.replace(self.path / TRIALS, self.path / CHECKPOINT)

    def _discard_trials(self) -> None:
        if Checkpoint.held(self.path / TRIALS):
            Checkpoint(self.path / TRIALS, resume=True).discard()

    def earlier(self) -> Earlier | None:
        """The run that it holds."""
        return Earlier.of(self.path)

    def keeps_its_run(self, *, exact: bool, force: bool) -> bool:
        """Whether it holds an exact run, and a new one is not exact: then nothing is saved, which is said."""
        earlier = self.earlier()
        if exact or force or earlier is None or not earlier.exact:
            return False
        warn(
            f"{self.path}: holds an exact run, and this one is not exact, so its result was not saved there. "
            f"Choose another directory for --out, or add --force to replace it."
        )
        return True

    def save(
        self,
        result: Result,
        circuit: Circuit | None,
        record: dict[str, Any],
        search: str,
        *,
        netlist: Circuit | None = None,
    ) -> None:
        """Write everything; see `store`. Netlists may have a circuit of their own, which does the same as the
        model.
        """

        def writer(name: str, saved: Circuit) -> Callable[[Path], None]:
            chosen = saved if name in (MODEL, CIRCUIT) else netlist or saved
            return lambda path: write_circuit(path, chosen)

        files = {} if circuit is None else {name: writer(name, circuit) for name in self._circuits}
        files |= {
            ITEMS: lambda path: write_items(path, training_items_of(result)),
            WEIGHTS: lambda path: write_bytes(path, weights_of(result)),
            TRACE: lambda path: write_text(path, trace_of(result)),
            TRACES: lambda path: write_text(path, as_csv(chosen(result.curves, result.kept.index))),
        }
        self.store(files, record, search)

    def store(self, files: dict[str, Callable[[Path], None]], record: dict[str, Any], search: str) -> None:
        """Write the files of a run, the record last; those of an earlier one that are not among them go.

        All are written beside their places first, so that a full disk leaves everything as it was. Then they are
        moved, a record without trials, of status "saving", first: whoever is killed in between leaves a
        directory that says so, and that the next run may use.

        Raises `OutputError` when they cannot be written.
        """
        stage = self._part
        try:
            stage.mkdir(parents=True, exist_ok=True)  # whoever removed the directory during the search
            for name, write in files.items():
                write(stage / name)
            write_text(stage / SEARCH, search + "\n")
            write_text(stage / RUN, as_json(record) + "\n")
            write_text(stage / SAVING, as_json({**record, **UNFINISHED}) + "\n")
            os.replace(stage / SAVING, self.path / RUN)
            self._discard_trials()
            for name in (CIRCUIT, NETLIST, *self._files):
                if name not in (*files, SEARCH, RUN):
                    (self.path / name).unlink(missing_ok=True)
            for name in (*files, SEARCH, RUN):
                os.replace(stage / name, self.path / name)
        except OutputError as error:
            raise OutputError(str(error).replace(str(stage), str(self.path))) from error
        except OSError as error:
            where = str(error.filename or self.path).replace(str(stage), str(self.path))
            raise OutputError(
                f"{where}: cannot be written ({error.strerror}); choose another directory for --out."
            ) from error
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _prepare(self) -> None:
        probe = self._part
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except FileExistsError as error:
            raise OutputError(
                f"{self.path}: this is a file, and --out needs a directory; choose another name."
            ) from error
        except OSError as error:
            raise OutputError(
                f"{self.path}: cannot be written ({error.strerror}); choose another directory for --out."
            ) from error
        present = [name for name in self._own if (self.path / name).exists()]
        if present and not is_run(self.path):
            raise OutputError(
                f"{self.path}: holds {present[0]}, but is no directory of a run; "
                f"choose another one for --out, so that nothing of yours is overwritten."
            )
        self._lock()
        self._check_sharing()

    def _check_sharing(self) -> None:
        """Jobs that share a search, and a process that has it alone, keep out of each other's way."""
        reason = None
        if self.shared and self.has_checkpoint():
            reason = (
                "holds an unfinished search of one process. Go on with it by --resume without --share, or choose "
                "another directory for --out."
            )
        elif not self.shared and SharedFolder.begun_in(self.path):
            reason = (
                f"several jobs share a search there, or have shared one. Add --share to take part or to see "
                f"its result, choose another directory for --out, or remove {self.path / FILES} once none of "
                f"them runs."
            )
        if reason is not None:
            self.release()
            raise OutputError(f"{self.path}: {reason}")

    def _lock(self) -> None:
        """Two searches that save themselves in one place would overwrite each other's.

        Those that share it only see to it that nobody else has it.
        """
        self._held = FileLock(self.path / LOCK)
        try:
            self._held.acquire(timeout=LOCK_SECONDS if self.shared else 0, poll_interval=0.01)
            if self.shared:
                self._held.release()
        except Timeout as error:
            raise OutputError(
                f"{self.path}: another btfnet is searching there; wait for it, or choose another directory "
                f"for --out."
            ) from error
        except (OSError, NotImplementedError):  # file systems without locks: as before there were any
            return

    def release(self) -> None:
        """Let other processes have it."""
        self._held.release()
