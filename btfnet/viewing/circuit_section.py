"""The circuit on a page: its drawing with switches and lamps, gates, and truth table."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit
from btfnet.logic.describe import node_names
from btfnet.logic.drawing.layout import drawn_nodes
from btfnet.logic.drawing.svg import Drawing
from btfnet.viewing.markup import Html, box, element, head, joined, section
from btfnet.viewing.story import Rows
from btfnet.wording import number, plural

MOST_DRAWN = 1500
"""Gates of a circuit that a page draws and runs."""
MOST_LITERALS = 9000
"""Of such a circuit: votes of thousands of bits are no picture."""
MOST_ITEM_BITS = 400_000
"""Bits of training items that a page holds, at most."""
MOST_ITEMS = 2048
MOST_TABLE_INPUTS = 8
"""Of a truth table that is shown whole."""
FILTER_FROM = 12
"""So many switches or gates have a field that filters them."""


def is_drawn(circuit: Circuit) -> bool:
    """Whether a page draws and runs the circuit."""
    return (
        len(circuit.gates) <= MOST_DRAWN
        and sum(len(gate.literals) for gate in circuit.gates) <= MOST_LITERALS
    )


def circuit_section(
    circuit: Circuit, drawn: Drawing, held: Rows | None, columns: list[dict[str, Any]]
) -> Html:
    """The drawing that can be panned and zoomed, and the switches of its inputs.

    held     the training items that the page holds
    columns  controls of a table's columns, which set the switches
    """
    label = (
        f"Drawing of the circuit: {plural(circuit.n_inputs, 'input')} on the left, "
        f"{plural(circuit.n_outputs, 'output')} on the right. The table of gates says the same in words."
    )
    scene = element("g", Html("".join(drawn.elements)), id="scene")
    picture = element(
        "svg",
        scene,
        id="drawing",
        viewBox=f"-16 -16 {drawn.width + 32:g} {drawn.height + 32:g}",
        font_family="Helvetica, Arial, sans-serif",
        font_size=12,
        role="img",
        aria_label=label,
    )
    tools = element(
        "div",
        element("button", "−", id="out", type="button", aria_label="Zoom out"),
        element("button", "+", id="in", type="button", aria_label="Zoom in"),
        element("button", "Fit", id="fit", type="button"),
        class_="tools",
    )
    keys = "Drawing: drag to pan, arrows pan, plus and minus zoom, 0 fits"
    view = element("div", picture, id="view", tabindex=0, role="region", aria_label=keys)
    frame = element("div", tools, view, class_="frame")
    left = element(
        "div",
        frame,
        element("p", "Point at a gate, or reach it in the table below.", id="readout", class_="soft"),
    )
    return section(
        "circuit",
        "The circuit at work",
        element(
            "p",
            "Flip the inputs: wires that carry a 1 light up. Drag to pan; the buttons, Ctrl and the wheel, or two "
            "fingers zoom. A small circle negates, ≥k wants at least k of its inputs true, a number at a pin is a "
            "weight.",
            class_="note",
        ),
        element("div", left, _board(circuit, held, columns), class_="stage"),
    )


def _board(circuit: Circuit, held: Rows | None, columns: list[dict[str, Any]]) -> Html:
    """Switches and lamps, which the script makes, and what sets many switches at once."""
    steps = []
    if held is not None and len(held.inputs):
        steps = [
            element("label", "Training row " if columns else "Training item ", for_="item"),
            element("button", "‹", id="previous", type="button", aria_label="Previous training item"),
            element(
                "input", id="item", type="number", min=1, max=len(held.inputs), value=1, inputmode="numeric"
            ),
            element("button", "›", id="next", type="button", aria_label="Next training item"),
            element("span", f"of {number(len(held.inputs))}", class_="soft"),
        ]
    presets = [
        element("button", "All 0", id="zero", type="button"),
        element("button", "Random", id="random", type="button"),
    ]
    many = circuit.n_inputs > FILTER_FROM
    find = "Find an input"
    field = element("input", id="switch-filter", type="search", placeholder=find, aria_label=find)
    n_unused = circuit.n_inputs - len(_used(circuit))
    unused = (
        element("p", f"{plural(n_unused, 'input')} of {circuit.n_inputs} not used.", class_="note")
        if n_unused
        else None
    )
    group = element("div", id="switches", role="group", aria_label="Inputs")
    switches = joined((element("div", field, class_="filter") if many else None, group, unused))
    return element(
        "div",
        element("h3", "A row" if columns else "Inputs"),
        element("div", *steps, class_="steps") if steps else None,
        element("div", *presets, class_="steps"),
        element("div", id="columns", role="group", aria_label="Columns of the row", tabindex=0)
        if columns
        else None,
        element("details", element("summary", "Its conditions, one by one"), switches)
        if columns
        else switches,
        element("h3", "Outputs"),
        element("ul", id="lamps", aria_label="Outputs", tabindex=0),
        element("p", id="where", class_="soft", role="status"),
        class_="board",
    )


def gates_section(circuit: Circuit, held: Rows | None) -> Html:
    """The table of gates, whose rows the script makes."""
    heads = ["Gate", "What it says", "Kind", "Level", "Listeners", "Now"]
    if held is not None and len(held.inputs):
        heads.append("True on")
    columns = element("thead", element("tr", *map(head, heads)))
    body = element("table", columns, element("tbody", id="gate-rows"))
    filtered = element("label", "Find ", element("input", id="gate-filter", type="search"), class_="filter")
    return section(
        "gates",
        "Gates",
        element(
            "p",
            "~ is negation. A gate's name shows it in the drawing; a gate of the drawing shows its row. “True on” "
            "counts the training items of this page.",
            class_="note",
        ),
        filtered if len(circuit.gates) > FILTER_FROM else None,
        box(body, "Table of gates", id="gate-box"),
    )


def truth_section(circuit: Circuit) -> Html | None:
    """The whole truth table, where it is small; the script makes its rows."""
    if not 0 < circuit.n_inputs <= MOST_TABLE_INPUTS or not circuit.n_outputs:
        return None
    heads = element("tr", *map(head, (*circuit.input_names, *circuit.output_names, "seen as")))
    body = element("table", element("thead", heads), element("tbody", id="truth-rows"))
    return section(
        "truth",
        "Truth table",
        element(
            "p",
            f"All {1 << circuit.n_inputs} inputs; a click on a row sets the switches. The last column names the "
            f"training item that says so; rows without one are what the circuit makes of inputs it never saw.",
            class_="note",
        ),
        box(body, "All rows of the truth table"),
    )


# -- what the script is told ---------------------------------------------------------------------------------


def held_items(circuit: Circuit, rows: Rows | None) -> Rows | None:
    """The first training items, as many as a page holds."""
    if rows is None:
        return None
    width = max(1, circuit.n_inputs + circuit.n_outputs)
    return rows.first(min(MOST_ITEMS, MOST_ITEM_BITS // width))


def _used(circuit: Circuit) -> list[int]:
    return [node for node in drawn_nodes(circuit) if node <= circuit.n_inputs]


def script_data(
    circuit: Circuit, drawn: Drawing, held: Rows | None, n_items: int, columns: list[dict[str, Any]]
) -> Html:
    """The circuit and items as a block of JSON, in which no sign ends the block."""
    named = node_names(circuit)
    listeners: dict[int, int] = dict.fromkeys(range(1, circuit.n_nodes + 1), 0)
    for gate in circuit.gates:
        for node in set(map(abs, gate.literals)):
            listeners[node] += 1
    for output in circuit.outputs:
        listeners[abs(output)] += 1
    first = circuit.n_inputs + 1
    data: dict[str, Any] = {
        "inputs": circuit.input_names,
        "outputs": circuit.output_names,
        "prefix": named(first).removesuffix(str(first)) if circuit.gates else "n",
        "gates": [
            [min(max(gate.at_least, 0), len(gate.literals) + 1), *gate.literals] for gate in circuit.gates
        ],
        "literals": circuit.outputs,
        "kinds": [gate.kind for gate in circuit.gates],
        "levels": circuit.levels[first:].tolist(),
        "listeners": [listeners[node] for node in range(first, circuit.n_nodes + 1)],
        "used": _used(circuit),
        "size": [round(drawn.width, 1), round(drawn.height, 1)],
        "columns": columns,
        "items": None,
    }
    if held is not None and len(held.inputs):
        data["items"] = {
            "n": len(held.inputs),
            "total": n_items,
            "inputs": _packed(held.inputs),
            "outputs": _packed(held.outputs),
            "care": None if held.care is None else _packed(held.care),
        }
    words = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    for sign in "<>&":
        words = words.replace(sign, f"\\u{ord(sign):04x}")
    return element("script", Html(words), type="application/json", id="circuit-data")


def _packed(bits: NDArray[np.bool_]) -> str:
    """Rows of bits, the first in the highest bit of the first byte, as base64."""
    return base64.b64encode(np.packbits(bits, axis=1).tobytes()).decode("ascii")
