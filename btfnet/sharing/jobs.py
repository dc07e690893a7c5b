"""`Jobs`: who is there. Each process changes a file of its own now and then, and looks at those of others.

Who has not changed theirs for long, by the watch of whoever looks, counts as lost. That may be wrong, of one that
was asleep, or whose way to the folder was broken; so what follows from it must do no harm.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from btfnet.files import strict_json
from btfnet.sharing.whole_files import content, remove, replace

PULSE_SECONDS = 2.0
"""Between two changes of a job's own file."""
LOOK_SECONDS = 1.0
"""Between two looks at those of others, for each ten of them."""
_NAME = re.compile(r"job-([0-9a-f]{12})\.json")


class Jobs:
    """The jobs in a folder, as one of them sees the others.

    token     its own name
    patience  seconds without a change after which another counts as lost
    clock     of this process alone
    """

    def __init__(
        self, folder: Path, token: str, patience: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder, self.token, self.patience, self._clock = folder, token, patience, clock
        self._pulse, self._told = 0, -float("inf")
        self._looked = -float("inf")
        self._heard: dict[str, tuple[int, float]] = {}
        self.values: dict[str, Any] = {}

    @property
    def present(self) -> int:
        """How many are there, this one included."""
        return 1 + sum(not self.is_lost(token) for token in self.values)

    def due(self) -> bool:
        """Whether it is time for a sign of life."""
        return self._clock() - self._told >= min(PULSE_SECONDS, self.patience / 4)

    def tell(self, values: Any) -> None:
        """A sign of life, with values that JSON can hold. Raises `OSError` where it cannot be given."""
        self._pulse += 1
        self._told = self._clock()
        told = {"pulse": self._pulse, "host": socket.gethostname(), "pid": os.getpid(), "values": values}
        replace(self._path(self.token), json.dumps(told).encode())

    def look(self, names: set[str]) -> bool:
        """At the files of others, when that is due; whether it was. names: of the files that are there."""
        now = self._clock()
        tokens = {match[1] for name in names if (match := _NAME.fullmatch(name))} - {self.token}
        if now - self._looked < min(LOOK_SECONDS * max(1.0, len(tokens) / 10), self.patience / 4):
            return False
        self._looked = now
        self.values = {token: values for token, values in self.values.items() if token in tokens}
        for token in tokens:
            with suppress(ValueError, KeyError, TypeError, OverflowError):
                told = strict_json.parse((content(self._path(token)) or b"").decode(), constants=True)
                self._hear(token, int(told["pulse"]), told["values"])
        return True

    def _hear(self, token: str, pulse: int, values: Any) -> None:
        before = self._heard.get(token)
        if before is None or before[0] != pulse:
            self._heard[token] = pulse, self._clock()
        self.values[token] = values

    def is_lost(self, token: str) -> bool:
        """Whether a job has shown no sign of life for long; of one that was never seen, since it is asked for."""
        _, since = self._heard.setdefault(token, (-1, self._clock()))
        return token != self.token and self._clock() - since > self.patience

    def forget_silence(self) -> None:
        """Nobody could be heard: nobody has been silent."""
        self._heard = {token: (pulse, self._clock()) for token, (pulse, _) in self._heard.items()}

    def leave(self) -> None:
        remove(self._path(self.token))

    def remove_lost(self, names: set[str]) -> None:
        """The files of jobs that are lost; one that is not will make its own anew."""
        for name in names:
            match = _NAME.fullmatch(name)
            if match and self.is_lost(match[1]):
                remove(self.folder / name)

    def _path(self, token: str) -> Path:
        return self.folder / f"job-{token}.json"
