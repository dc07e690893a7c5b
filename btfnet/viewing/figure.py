"""Curves as a matplotlib figure, drawn without a display."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from btfnet.errors import UsageError
from btfnet.viewing.curves import Curve

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {
    "train": "#1f62b8",
    "validation": "#b0560a",
    "test": "#7a3fb0",
    "kept": "#c2570c",
    "other": "#b4bdc6",
}
NAMES = {"train": "training", "validation": "validation", "test": "test"}
LOG_FROM = 200.0
"""Iterations that span so large a factor are shown on a logarithmic axis."""


def plotted(
    curves: Sequence[Curve], *, best: int, title: str, across: str = "iterations", what: str = "output bits"
) -> Figure:
    """A figure of up to three parts: errors and gap of the best trial, and all trials side by side.

    best    the number of the trial that was kept
    across  what its looks count; what  what is right or wrong
    Raises `UsageError` when matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError(
            'plots need matplotlib, which is not installed: pip install "btfnet[plot]". Without it, '
            "btfnet report shows the same curves on a page."
        ) from error
    kept = next((curve for curve in curves if curve.trial == best), Curve(best, ()))
    parts: list[Any] = [_errors]
    parts += [_gaps] if kept.column("gap") else []
    parts += [_side_by_side] if len(curves) > 1 else []
    figure = Figure(figsize=(1.2 + 4.3 * len(parts), 3.6), layout="constrained")
    for number, part in enumerate(parts, start=1):
        axes = figure.add_subplot(1, len(parts), number)
        part(axes, kept, curves, what)
        axes.set_xlabel(across)
        axes.grid(alpha=0.3)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    figure.suptitle(title.replace("$", r"\$"))
    return figure


def _errors(axes: Any, kept: Curve, _: Sequence[Curve], what: str) -> None:
    found = False
    for name, words in NAMES.items():
        found |= _draw(axes, kept.wrong(name), color=COLOURS[name], label=words)
    axes.set_title(
        f"wrong {what} in %, kept trial" if what == "output bits" else f"wrong {what} in %", fontsize=10
    )
    if found:
        axes.legend(frameon=False)
        axes.set_ylim(bottom=0)
    else:
        axes.text(0.5, 0.5, "nothing was measured", ha="center", transform=axes.transAxes)


def _gaps(axes: Any, kept: Curve, _: Sequence[Curve], what: str) -> None:
    _draw(axes, kept.column("gap"), scale=1.0, color=COLOURS["train"], label="gap")
    _draw(axes, kept.column("least_gap"), scale=1.0, color=COLOURS["validation"], label="least so far")
    if all(value > 0 for _, value in kept.column("gap")):
        axes.set_yscale("log")
    axes.set_title("gap between the projections", fontsize=10)
    axes.legend(frameon=False)


def _side_by_side(axes: Any, kept: Curve, curves: Sequence[Curve], what: str) -> None:
    for curve in curves:
        if curve.trial != kept.trial:
            _draw(axes, curve.wrong("train"), color=COLOURS["other"], linewidth=1.0)
    _draw(axes, kept.wrong("train"), color=COLOURS["kept"], label=f"kept: trial {kept.trial + 1}")
    axes.set_title(f"wrong training bits in %, {len(curves)} trials", fontsize=10)
    axes.set_ylim(bottom=0)
    if kept.column("train"):
        axes.legend(frameon=False)


def _draw(axes: Any, points: list[tuple[int, float]], *, scale: float = 100.0, **style: Any) -> bool:
    """Whether there was anything to draw."""
    points = [(x, y) for x, y in points if math.isfinite(y)]
    if not points:
        return False
    xs, ys = [x for x, _ in points], [scale * y for _, y in points]
    axes.plot(xs, ys, marker="o" if len(xs) < 3 else None, markersize=4, **style)
    if min(xs) > 0 and max(xs) / min(xs) >= LOG_FROM:
        axes.set_xscale("log")
    return True
