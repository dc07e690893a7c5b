"""Which inputs matter, on a page."""

from __future__ import annotations

import numpy as np

from btfnet.logic.circuit import Circuit
from btfnet.viewing.influence import Influences
from btfnet.viewing.markup import Html, element, head, joined, section, table
from btfnet.wording import number, percent, plural

MOST_INFLUENCES = 25
"""Shown at once; the rest behind a click."""
MOST_NAMES = 5
MOST_CHIPS = 24
MOST_CHIPS_MORE = 2000


def influence_section(circuit: Circuit, found: Influences | None) -> Html:
    """Which inputs matter, the most important first."""
    if found is None:
        return section(
            "inputs", "Which inputs matter", element("p", "Not counted: that would take long here.")
        )
    order = np.argsort(-found.any_output, kind="stable").tolist()
    shown = [index for index in order if found.any_output[index] > 0]
    rows = [_influence(circuit, found, index) for index in shown]
    heads = [
        head("Input"),
        head("Share of the items", number=True),
        head("Flipping it changes an output"),
        head("Outputs it can change"),
    ]
    first = table(heads, rows[:MOST_INFLUENCES], "Inputs that matter") if rows else None
    more = None
    if len(rows) > MOST_INFLUENCES:
        rest = table(heads, rows[MOST_INFLUENCES:], "Inputs that matter less")
        more = element(
            "details", element("summary", f"{plural(len(rows) - MOST_INFLUENCES, 'more input')}"), rest
        )
    reached = circuit.reached()
    silent = [index for index in order if found.any_output[index] == 0]
    idle = [circuit.input_names[index] for index in sorted(silent) if index + 1 in reached]
    unused = [circuit.input_names[index] for index in sorted(silent) if index + 1 not in reached]
    return section(
        "inputs",
        "Which inputs matter",
        element(
            "p",
            f"Counted on {found.what}: how often an output changes when this input alone is flipped.",
            class_="note",
        ),
        first,
        more,
        _listed("Used, but flipping it alone never changes an output here:", idle),
        _listed("No output depends on:", unused),
    )


def _influence(circuit: Circuit, found: Influences, index: int) -> Html:
    share = float(found.any_output[index])
    changed = np.flatnonzero(found.by_output[index])
    names = [circuit.output_names[output] for output in changed[:MOST_NAMES]]
    if len(changed) > MOST_NAMES:
        names.append(f"… {len(changed) - MOST_NAMES} more")
    bar = element(
        "span",
        element("span", class_="bar", style=f"width:{100 * share:.1f}%"),
        class_="rail",
        aria_hidden="true",
    )
    return element(
        "tr",
        element("th", circuit.input_names[index], scope="row"),
        element("td", percent(share), class_="number"),
        element("td", bar),
        element("td", ", ".join(names)),
    )


def _listed(words: str, names: list[str]) -> Html | None:
    if not names:
        return None
    first, rest = _chips(names[:MOST_CHIPS]), names[MOST_CHIPS:]
    more = None
    if rest:
        more = element(
            "details", element("summary", f"{number(len(rest))} more"), _chips(rest[:MOST_CHIPS_MORE])
        )
    return joined((element("p", words, class_="note"), first, more))


def _chips(names: list[str]) -> Html:
    return element("ul", *(element("li", name) for name in names), class_="chips")
