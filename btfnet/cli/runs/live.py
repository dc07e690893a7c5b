"""progress.json: what a run that is under way has seen so far, for whoever looks at its directory.

It is there from the first second to the last of a run with --out, is replaced whole every few seconds by a thread
of its own, and never waited for: what cannot be written is left out. A process that is killed leaves its last one.

    problem, command, pid, began, updated   times in seconds since 1970
    unit                                    what looks count: iterations, or members
    learned                                 whether items validate
    n_trials, ended, exact                  trials: how many at most, how many have ended, the exact ones from 0
    best_trial, best_train_bits, note
    trials                                  of each that was looked at lately: trial, rate, and points in the order
                                            of btfnet.viewing.curves.Point, null where nothing was measured
"""

from __future__ import annotations

import json
import math
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btfnet.cli.console import words_of_command
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.runs.saved import PROGRESS
from btfnet.files.strict_json import strict
from btfnet.search.progress import Progress
from btfnet.viewing.curves import Curve, Gathered, Point

if TYPE_CHECKING:
    from btfnet.committee.trainer import Look

SECONDS_BETWEEN = 1.0
SHARE = 0.01
"""Part of the time that writing may take."""
HEARTBEAT = 5.0
"""It is written after so many seconds even where nothing was looked at: the process lives."""
MOST_TRIALS = 24
"""With curves, those that were looked at last."""


class Live:
    """Keeps progress.json of a run's directory up to date for as long as it is entered.

    unit     what looks count
    learned  whether what engines test on are validation items
    Told of looks by `progress`, `look` or `note`, from any thread.
    """

    def __init__(
        self, folder: Path, problem: str, *, unit: str = "iterations", learned: bool = False
    ) -> None:
        self._path, self._learned = folder / PROGRESS, learned
        self._facts: dict[str, Any] = {
            "problem": problem,
            "command": words_of_command(),
            "pid": os.getpid(),
            "began": time.time(),
            "unit": unit,
            "learned": learned,
        }
        self._lock, self._over = threading.Lock(), threading.Event()
        self._seen: dict[int, Gathered] = {}
        self._rates: dict[int, float] = {}
        self._last: dict[str, Any] = {}
        self._changed = True
        self._begun, self._members = 0, 0
        self._thread = threading.Thread(target=self._keep_writing, name="btfnet-progress", daemon=True)

    def __enter__(self) -> Live:
        self._write()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=10)
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def progress(self, progress: Progress) -> None:
        """A look of a search."""
        point = Point.of(progress.look, validated=self._learned)
        last = {
            "n_trials": progress.n_trials,
            "ended": progress.ended,
            "exact": list(progress.exact),
            "best_trial": progress.best_trial,
            "best_train_bits": progress.best_train_bits,
            "note": progress.note,
        }
        self._take(progress.trial, point, progress.iterations_per_second, last)

    def look(self, look: Look) -> None:
        """A look of a committee in training, which begins anew with other items to train on: a curve each."""
        train, validation = look.right
        if look.members < self._members:
            self._begun += 1
        self._members = look.members
        seconds = time.time() - self._facts["began"]
        point = Point(look.members, seconds, train, math.nan if validation is None else validation)
        self._take(self._begun, point, math.nan, {"best_trial": self._begun, "best_train_bits": train})

    def note(self, text: str) -> None:
        """What is being done, in a few words, by what has no curves."""
        with self._lock:
            self._last, self._changed = {**self._last, "note": text}, True

    def curves(self) -> list[Curve]:
        """What was seen, of the trials that were looked at lately."""
        with self._lock:
            return [seen.curve for _, seen in sorted(self._seen.items())]

    def _take(self, trial: int, point: Point, rate: float, last: dict[str, Any]) -> None:
        with self._lock:
            seen = self._seen.pop(trial, None) or Gathered(trial)
            seen.add(point)
            self._seen[trial] = seen
            if len(self._seen) > MOST_TRIALS:
                del self._seen[next(iter(self._seen))]
            self._rates[trial], self._last, self._changed = rate, last, True

    def _keep_writing(self) -> None:
        wait, written = SECONDS_BETWEEN, time.monotonic()
        while not self._over.wait(wait):
            begun = time.monotonic()
            if self._changed or begun - written >= HEARTBEAT:
                self._write()
                written = begun
            wait = max(SECONDS_BETWEEN, (time.monotonic() - begun) / SHARE)

    def _write(self) -> None:
        """Replace the file; it need not survive a loss of power, so nothing waits for the disk."""
        with self._lock:
            self._changed = False
            trials = [
                {"trial": trial, "rate": self._rates.get(trial), "points": seen.curve.thinned().points}
                for trial, seen in self._seen.items()
            ]
            value = {**self._facts, "updated": time.time(), **self._last, "trials": trials}
        part = self._path.with_name(f".btfnet-{secrets.token_hex(6)}-progress.part")
        with suppress(OSError, ValueError):
            part.write_text(json.dumps(strict(value), separators=(",", ":")), encoding="utf-8")
            os.replace(part, self._path)
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def followed(
    folder: RunFolder | None, problem: str, *, unit: str = "iterations", learned: bool = False
) -> Iterator[Live | None]:
    """What keeps progress.json of a run's directory for as long as this lasts; None without a directory."""
    if folder is None:
        yield None
        return
    with Live(folder.path, problem, unit=unit, learned=learned) as live:
        yield live


def told(*listeners: Callable[[Any], None] | None) -> Callable[[Any], None] | None:
    """One function that tells all of them; None where there are none."""
    known = [listener for listener in listeners if listener is not None]
    if len(known) < 2:
        return known[0] if known else None

    def tell(seen: Any) -> None:
        for listener in known:
            listener(seen)

    return tell
