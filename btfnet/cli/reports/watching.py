"""What `btfnet watch` shows of a run: trials with small curves while it goes on, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from btfnet.cli.reports.progress import ROWS, WIDTH, Row, exact_so_far, table_of
from btfnet.printable import printable
from btfnet.viewing.curves import Curve, small_curve
from btfnet.viewing.story import fraction_of, number_of, part, text_of
from btfnet.wording import duration, number, percent, plural

if TYPE_CHECKING:
    from rich.console import RenderableType

SCORES = (("train", "training"), ("validation", "validation"), ("test", "test"))


def running_view(live: dict[str, Any], curves: Sequence[Curve]) -> RenderableType:
    """A run that goes on, from progress.json, as far as it can be understood."""
    from rich.console import Group
    from rich.text import Text

    head = Text(f"{_problem(live)}  {_since(live)}", style="bold")
    rows = _rows(live, curves)
    if not rows:
        waits = "Nothing was looked at yet: it reads, compiles, or has just begun."
        return Group(head, Text(printable(text_of(live, "note")) or waits, style="dim"))
    footer = [Text(words, style=style) for words, style in _footer(live) if words]
    return Group(head, table_of(rows, unit=text_of(live, "unit") or "iterations"), *footer)


def running_line(live: dict[str, Any], curves: Sequence[Curve]) -> str:
    """The same in one line, about the trial that was looked at last."""
    rows = _rows(live, curves)
    if not rows:
        return "  ".join(each for each in (_problem(live), _since(live), text_of(live, "note")) if each)
    newest = max(rows, key=lambda row: row.curve.points[-1].seconds)
    last = newest.curve.points[-1]
    parts = [
        _since(live),
        f"trial {newest.trial + 1}" if newest.n_trials else "",
        f"{(text_of(live, 'unit') or 'iterations').removesuffix('s')} {number(last.iteration)}",
        f"training bits {percent(last.train)}",
        small_curve([wrong for _, wrong in newest.curve.wrong("train")], WIDTH),
        exact_so_far(_exact(live), _count(live, "ended")),
    ]
    return "  ".join(each for each in parts if each)


def ended_words(folder: str, record: dict[str, Any], curves: Sequence[Curve]) -> str:
    """How a run ended, from run.json and the curves that it left."""
    status = text_of(record, "status").replace("_", " ") or "nothing saved"
    trials = record.get("trials")
    trials = [trial for trial in trials if isinstance(trial, dict)] if isinstance(trials, list) else []
    lines = [
        f"{_problem(record)}  ended: {status}{', exact' if record.get('exact') is True else ', not exact'}"
    ]
    gates = part(record, "gates")
    if gates:
        total = sum(count for count in gates.values() if isinstance(count, int))
        depth = number_of(record, "depth")
        lines.append(f"Circuit   {plural(total, 'gate')}" + ("" if depth is None else f", depth {depth:g}"))
    scores = [
        f"{title} {percent(bits)}"
        for name, title in SCORES
        if (bits := fraction_of(part(part(record, "scores"), name), "bits")) is not None
    ]
    if scores:
        lines.append(f"Right     {', '.join(scores)}")
    if len(trials) > 1:
        exact = sum(trial.get("exact") is True for trial in trials)
        lines.append(f"Trials    {plural(len(trials), 'trial')}, {exact} exact")
    best = record.get("best")
    for curve in curves:
        if curve.trial == (best if isinstance(best, int) else 0) and len(curve.points) > 1:
            drawn = small_curve([wrong for _, wrong in curve.wrong("train")], 4 * WIDTH)
            lines.append(f"Wrong     {drawn}  (training, kept trial)")
    lines.append(f"More      btfnet report {printable(folder)}")
    return "\n".join(lines)


def _rows(live: dict[str, Any], curves: Sequence[Curve]) -> list[Row]:
    """Of the trials that were looked at last."""
    rates = {}
    for trial in live["trials"] if isinstance(live.get("trials"), list) else []:
        if isinstance(trial, dict):
            rates[trial.get("trial")] = number_of(trial, "rate")
    n_trials = live.get("n_trials")
    known = [curve for curve in curves if curve.points]
    newest = sorted(known, key=lambda curve: curve.points[-1].seconds)[-ROWS:]
    return [
        Row(
            curve.trial,
            n_trials if isinstance(n_trials, int) else None,
            rates.get(curve.trial) or float("nan"),
            curve,
        )
        for curve in newest
    ]


def _footer(live: dict[str, Any]) -> list[tuple[str, str]]:
    exact = _exact(live)
    best, trial = fraction_of(live, "best_train_bits"), live.get("best_trial")
    of = f" (trial {trial + 1})" if isinstance(trial, int) and live.get("n_trials") else ""
    found = "" if best is None else f"best {percent(best)} of training bits{of}"
    note = printable(text_of(live, "note"))
    return [
        (exact_so_far(exact, _count(live, "ended")), "green" if exact else "dim"),
        ("  ".join(each for each in (found, note) if each), "dim"),
    ]


def _exact(live: dict[str, Any]) -> list[int]:
    exact = live.get("exact")
    return [trial for trial in exact if isinstance(trial, int)] if isinstance(exact, list) else []


def _count(live: dict[str, Any], name: str) -> int:
    value = live.get(name)
    return value if isinstance(value, int) else 0


def _problem(record: dict[str, Any]) -> str:
    return printable(text_of(record, "problem") or "unnamed")


def _since(live: dict[str, Any]) -> str:
    began = number_of(live, "began")
    return "running" if began is None else f"running for {duration(max(0.0, time.time() - began))}"
