"""How the run went: curves of the kept trial, and trials side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from btfnet.viewing.charts import Line, chart
from btfnet.viewing.curves import Curve
from btfnet.viewing.markup import Html, element, head, joined, section, table
from btfnet.viewing.story import Story, fraction_of, number_of, text_of
from btfnet.wording import duration, number, percent

NAMES = {"train": "training", "validation": "validation", "test": "test"}
MOST_TRIALS = 200
"""In the table."""


def learning_section(story: Story) -> Html | None:
    """None where nothing is known of how it went."""
    kept = next((curve for curve in story.curves if curve.trial == story.best), None)
    figures = [] if kept is None else [_errors(kept, story), _gaps(kept)]
    figures.append(_side_by_side(story))
    known = [figure for figure in figures if figure is not None]
    trials = _trials(story)
    if not known and trials is None:
        return None
    few = kept is not None and len(kept.points) == 1
    return section(
        "learning",
        "How it was learned",
        element("p", _words(story, few=few), class_="note"),
        element("div", *known, class_="pair") if known else None,
        trials,
    )


def _words(story: Story, *, few: bool) -> str:
    if story.is_committee:
        return (
            "Members were trained one after the other; what they get wrong together, by their number, while "
            "validation items said how many there are to be."
        )
    count = len(story.trials) or len(story.curves)
    start = "One trial" if count == 1 else f"{number(count)} trials, each from a random start of its own"
    if few:
        return f"{start}. The kept one was exact when it was looked at for the first time, so its curves are dots."
    kept = (
        ""
        if "validation" not in story.scores()
        else (
            " Its circuit is that of the look at which validation items were best, made simpler, not of the last."
        )
    )
    return f"{start}. What the trial that was kept got wrong whenever it was looked at.{kept}"


def _errors(curve: Curve, story: Story) -> Html | None:
    """What is wrong of training, validation and test items."""
    across = "members" if story.is_committee else "iterations"
    what = "items" if story.is_committee else "output bits"
    lines = [Line(title, name, curve.wrong(name)) for name, title in NAMES.items()]
    return chart(lines, across=across, up=f"Wrong {what}", unit="%", caption=f"Wrong {what} over {across}")


def _gaps(curve: Curve) -> Html | None:
    """The distance of the two projections."""
    lines = [
        Line("gap", "train", curve.column("gap")),
        Line("least so far", "validation", curve.column("least_gap")),
    ]
    return chart(
        lines, across="iterations", up="Gap between the two projections", caption="Gap over iterations"
    )


def _side_by_side(story: Story) -> Html | None:
    """All trials that have curves, the kept one on top."""
    if len(story.curves) < 2 or story.is_committee:
        return None
    kind: Callable[[Curve], str] = lambda curve: "kept" if curve.trial == story.best else "other"  # noqa: E731
    ordered = sorted(story.curves, key=lambda curve: curve.trial == story.best)
    seen = {"other": False, "kept": False}
    lines = []
    for curve in ordered:
        which = kind(curve)
        name = "" if seen[which] else "the kept trial" if which == "kept" else "others"
        seen[which] = seen[which] or bool(curve.points)
        lines.append(Line(name, which, curve.wrong("train")))
    return chart(
        lines,
        across="iterations",
        up=f"Wrong training bits, {len(story.curves)} trials side by side",
        unit="%",
        caption="Wrong training bits of all trials over iterations",
    )


def _trials(story: Story) -> Html | None:
    trials = story.trials
    if not trials:
        return None
    validated = any(fraction_of(trial, "validation_bits") is not None for trial in trials)
    tested = any(fraction_of(trial, "test_bits") is not None for trial in trials)
    heads = [head("Trial"), head("Seed", number=True), head("Engine"), head("Ended"), head("Exact")]
    heads += [head(words, number=True) for words in ("Iterations", "Gap", "Wrong bits", "Training")]
    heads += [head("Validation", number=True)] if validated else []
    heads += [head("Test", number=True)] if tested else []
    heads.append(head("Time", number=True))
    rows = [
        _row(index, trial, index == story.best, validated, tested)
        for index, trial in enumerate(trials[:MOST_TRIALS])
    ]
    shown = table(heads, rows, "Trials")
    title = element("summary", "Trials side by side, as a table")
    more = None
    if len(trials) > MOST_TRIALS:
        more = element("p", f"{number(len(trials) - MOST_TRIALS)} more are in run.json.", class_="note")
    return element("details", title, joined((shown, more)), open=len(trials) > 1)


def _row(index: int, trial: dict[str, Any], kept: bool, validated: bool, tested: bool) -> Html:
    def right(name: str) -> Html:
        share = fraction_of(trial, name)
        return element("td", "–" if share is None else percent(share), class_="number")

    def count(name: str, form: Callable[[float], str] = number) -> Html:
        value = number_of(trial, name)
        return element("td", "–" if value is None else form(value), class_="number")

    cells = [
        element("th", index + 1, scope="row"),
        count("seed", lambda value: str(trial["seed"])),
        element("td", text_of(trial, "found_by") or text_of(trial, "engine")),
        element("td", text_of(trial, "status").replace("_", " ")),
        element("td", "yes" if trial.get("exact") is True else "no"),
        count("iterations"),
        count("gap", lambda value: f"{value:.3g}"),
        count("wrong_bits"),
        right("train_bits"),
    ]
    cells += [right("validation_bits")] if validated else []
    cells += [right("test_bits")] if tested else []
    cells.append(count("seconds", duration))
    return element("tr", *cells, class_="kept" if kept else None)
