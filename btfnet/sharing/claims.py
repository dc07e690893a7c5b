"""`Claims`: who works on what. A claim is a file that one process alone can make.

claim-NAME.G holds the token of the job that has the part NAME, for the largest G that there is; claim-NAME.G.free
says that it has given it back. Who takes over from a job that is lost makes the next G, which one alone can.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from btfnet.sharing.whole_files import content, create, remove

_NAME = re.compile(r"claim-(.+)\.([0-9]{1,9})(\.free)?")


class _Claim(NamedTuple):
    generation: int
    free: bool


class Claims:
    """The claims in a folder, as one job sees them.

    token    the job's
    is_lost  whether another job, by its token, is
    held     those that it holds
    """

    def __init__(self, folder: Path, token: str, is_lost: Callable[[str], bool]) -> None:
        self.folder, self.token, self._is_lost = folder, token, is_lost
        self.held: dict[str, int] = {}
        self._last: dict[str, _Claim] = {}
        self._tokens: dict[tuple[str, int], str] = {}

    def look(self, names: set[str]) -> None:
        """Take notice of the files that are there."""
        generations: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for name in names:
            if match := _NAME.fullmatch(name):
                generations[match[1]].append((int(match[2]), match[3] is not None))
        self._last = {name: _Claim(*max(found)) for name, found in generations.items()}
        self._tokens = {key: token for key, token in self._tokens.items() if key[0] in self._last}
        self.others()  # from now on those are listened for who hold them

    def taken_over(self) -> list[str]:
        """Those held here that another job has taken over meanwhile."""
        last = self._last
        return [name for name, own in self.held.items() if name in last and last[name].generation > own]

    def others(self) -> list[str]:
        """Those that other jobs hold which are not lost."""
        claimed = [name for name, claim in self._last.items() if name not in self.held and not claim.free]
        return [name for name in claimed if not self._may_take(name)]

    def claim(self, name: str) -> bool:
        """Take a part; False where another job has it. Raises `OSError` where that cannot be written."""
        if not self.is_free(name):
            return False
        last = self._last.get(name)
        generation = 0 if last is None else last.generation + 1
        if not create(self._path(name, generation), self.token.encode()):
            return False
        self.held[name], self._last[name] = generation, _Claim(generation, free=False)
        return True

    def is_free(self, name: str) -> bool:
        """Whether a part may be claimed: nobody has it, or a job that is lost."""
        return name not in self.held and self._may_take(name)

    def _may_take(self, name: str) -> bool:
        last = self._last.get(name)
        if last is None or last.free:
            return True
        token = self._token(name, last.generation)
        return self._is_lost(f"{name}.{last.generation}" if token is None else token)  # None: cannot be read

    def _token(self, name: str, generation: int) -> str | None:
        key = name, generation
        if key not in self._tokens:
            data = content(self._path(name, generation))
            if data is None:
                return None
            self._tokens[key] = data.decode("ascii", errors="replace")
        return self._tokens[key]

    def release(self, name: str) -> None:
        """Give a part back. Raises `OSError` where that cannot be written: then it is held until we are lost."""
        generation = self.held.pop(name)
        path = self._path(name, generation)
        create(path.with_name(f"{path.name}.free"), b"")
        self._last[name] = _Claim(generation, free=True)

    def forget(self, name: str) -> None:
        """Nobody needs to claim this part any more."""
        self.held.pop(name, None)
        last = self._last.pop(name, None)
        for generation in range(0 if last is None else last.generation + 1):
            path = self._path(name, generation)
            remove(path)
            if last is None or last.free or generation < last.generation:
                remove(path.with_name(f"{path.name}.free"))

    def _path(self, name: str, generation: int) -> Path:
        return self.folder / f"claim-{name}.{generation}"
