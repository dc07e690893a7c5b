"""The run that --out holds already: what it was asked, whether it may be replaced, whether anything is left to do.

search.json in the directory of a run says it:

    asked      the problem (name, and a digest of its items), the network, settings and options: what must agree
               for two runs to be the same search
    trials     at most so many starts; more may be allowed later
    finished   nothing was left to do
    exit_code  and report: what the command ended with and printed
    command    its words, without its program's name, and the version of btfnet
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btfnet import __version__
from btfnet.cli.console import words_of_command
from btfnet.cli.runs.saved import RUN, SAVING, SEARCH
from btfnet.errors import DataError, FormatError, OutputError
from btfnet.files import strict_json
from btfnet.files.strict_json import as_json, strict
from btfnet.files.text import read_text
from btfnet.problem.problem import Problem
from btfnet.search.options import IDENTITY
from btfnet.search.persistence.identity import differences, items_digest, network_digest
from btfnet.settings import Settings


@dataclass(frozen=True)
class Asked:
    """What a command was asked: what must agree, and how many trials are allowed (None: there are none)."""

    what: dict[str, Any]
    trials: int | None

    @classmethod
    def search(cls, problem: Problem, settings: Settings, tune: bool, options: dict[str, Any]) -> Asked:
        """Of a search."""
        chosen = {name: options[name] for name in IDENTITY if name != "tune"}
        network = "auto" if problem.network.grows else network_digest(problem.network)
        what = {**_problem(problem), "network": network, **settings.as_dict(), "tune": tune, **chosen}
        return cls(strict(what), options["trials"])

    @classmethod
    def committee(cls, problem: Problem, members: int, seed: int) -> Asked:
        return cls({**_problem(problem), "committee": members, "seed": seed}, None)

    def record(self, *, finished: bool, exit_code: int, report: str) -> str:
        """search.json, for a run that has ended."""
        return as_json({
            "asked": self.what, "trials": self.trials, "finished": finished, "exit_code": exit_code,
            "report": report, "command": words_of_command(), "version": __version__,
        })  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """A run that was saved whole."""

    folder: Path
    record: str
    """run.json, as it stands there."""
    problem: str
    exact: bool
    committee: bool
    asked: dict[str, Any]
    trials: int | None
    finished: bool
    exit_code: int
    report: str

    @classmethod
    def of(cls, folder: Path) -> Earlier | None:
        """The run of a directory; None where there is none, or one that was killed while it was saved."""
        text, run = _object(folder / RUN)
        if not run or run.get("status") == SAVING:
            return None
        more = _object(folder / SEARCH)[1]
        return cls(
            folder,
            text,
            str(run.get("problem")),
            run.get("exact") is True,
            "committee" in run,
            more["asked"] if isinstance(more.get("asked"), dict) else {},
            more["trials"] if isinstance(more.get("trials"), int) else None,
            more.get("finished") is True,
            more["exit_code"] if isinstance(more.get("exit_code"), int) else 0,
            str(more.get("report", "")),
        )

    def check_replaceable(self, asked: Asked) -> None:
        """Raise `OutputError` where a new run would take the place of another problem's, or another kind's."""
        reason = self._other_problem(asked)
        if reason is None and self.committee != ("committee" in asked.what):
            reason = "a committee" if self.committee else "a search, and this is a committee"
        if reason is not None:
            raise OutputError(
                f"{self.folder}: holds the run of {reason}; nothing was changed. "
                f"Choose another directory for --out, or add --force to replace it."
            )

    def check_same(self, asked: Asked) -> None:
        """Raise `DataError` where --resume asks for another search than this one."""
        reason = self._other_problem(asked)
        if reason is None and not self.asked:
            reason = f"{self.problem} by a version of btfnet that did not say what it was asked"
        if reason is None and (differing := differences(self.asked, asked.what)):
            reason = f"another search: {'; '.join(differing)}"
        if reason is not None:
            raise DataError(
                f"{self.folder}: holds the run of {reason}. Resume with the same problem and options, choose "
                f"another directory for --out, or give --force in place of --resume to start anew."
            )

    def answers(self, asked: Asked) -> bool:
        """Whether the same search was finished, and more trials would change nothing or were not allowed."""
        if not self.finished or not self.asked or self._other_problem(asked) is not None:
            return False
        if differences(self.asked, asked.what):
            return False
        if self.exact and not self.asked.get("all_trials"):
            return True
        return asked.trials is None or (self.trials is not None and asked.trials <= self.trials)

    def _other_problem(self, asked: Asked) -> str | None:
        """What to call the other problem; None when it is the same."""
        mine, now = self.problem, asked.what["problem"]
        known = self.asked.get("items")
        if known is None:
            return None if mine == now else f"another problem: {mine}, and this is {now}"
        if known == asked.what["items"]:
            return None
        if mine != now:
            return f"another problem: {mine}, and this is {now}"
        return f"another problem, also named {now} (its items, test items too, or kinds differ)"


def _object(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of a JSON file and its object; an empty one where it is missing or something else."""
    try:
        text = read_text(path)
        value = strict_json.parse(text)
    except (FormatError, ValueError):
        return "", {}
    return text, value if isinstance(value, dict) else {}


def _problem(problem: Problem) -> dict[str, Any]:
    return {"problem": problem.name, "items": items_digest(problem)}
