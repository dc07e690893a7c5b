"""Circuits as pictures: SVG in layers from left to right, in plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from btfnet.arguments import Wanted, need
from btfnet.files.mark import MARK
from btfnet.logic.describe import headline, wrong_in_words
from btfnet.logic.drawing.labels import LEGENDS, LETTER, broken, escaped, room, rows, shortened
from btfnet.logic.drawing.layout import constant_output, drawn_nodes, lay_out, route
from btfnet.logic.drawing.shapes import (
    BUBBLE,
    FILLS,
    INK,
    LEAD,
    PAPER,
    PLAIN,
    TRACK,
    WARNING,
    Wires,
    draw_part,
    terminal,
    width_of,
)
from btfnet.logic.netlist import Netlist

CIRCUIT = Wanted("a Circuit", lambda given: isinstance(given, Netlist))
MARGIN = 24
LINE = 18
"""The height of a line of text."""
LEAST_WIDTH = 320.0
"""However narrow the circuit: of the words around it."""
BOLD = 7.6
"""Room for a letter of the headline."""
MOST_BESIDE = 80
"""Inputs that nothing uses, and constant outputs, of which the names are shown."""
CHIP_ROW = 30
"""The height of a row of inputs that nothing uses."""


class Drawing(NamedTuple):
    """The picture alone, its left upper corner at the origin: what a frame is put around.

    elements  SVG elements
    """

    width: float
    height: float
    elements: tuple[str, ...]


def drawing(circuit: Netlist, *, titled: bool = True) -> Drawing:
    """The gates and wires of a circuit, with what stands beside them: inputs that nothing uses, and constant
    outputs.

    titled  gates have their words as tooltips
    """
    columns = lay_out(circuit)
    wires, parts, x = Wires(), [], 0.0
    for column in columns:
        nets = route(column)
        channel = 2 * LEAD + TRACK * (1 + max((net.track for net in nets), default=-1)) if nets else 0
        for net in nets:
            wires.net(net, x, x + channel)
        x += channel
        width = max((width_of(circuit, part) for part in column), default=0.0)
        for part in column:
            if part.kind == "wire":
                wires.level(part.node, part.y, x, x + width)
            else:
                parts.append(draw_part(circuit, part, x, width, wires, titled=titled))
        x += width
    bottom = max((part.y + part.height // 2 for column in columns for part in column), default=0)
    beside, width, height = _beside(circuit, max(x, LEAST_WIDTH), bottom + 8 if x else 0)
    strokes = '<g fill="none" stroke-width="1.4" stroke-linecap="round">'
    frames = '<g stroke-width="1.4" stroke-linejoin="round">'
    return Drawing(
        max(x, width), height, (strokes, *wires.elements(), "</g>", frames, *parts, *beside, "</g>")
    )


def draw_svg(circuit: Netlist) -> str:
    """A picture of the circuit as SVG text.

    Inputs on the left, outputs on the right. And and Or have their distinctive shapes, Majority is a plate
    that points right, other gates are boxes "≥k". A small circle negates; a number at a pin is the weight of
    a literal that counts more than once. Inputs that nothing uses, and outputs that are constant, stand below.
    A long name is shortened, and whole in its tooltip. Training bits that are wrong are told in red. A line below
    explains the kinds that occur. Gates on which no output depends are not drawn.
    """
    need("draw_svg", circuit=(circuit, CIRCUIT))
    return framed(circuit, drawing(circuit))


def framed(circuit: Netlist, drawn: Drawing) -> str:
    """The picture with its headline above it and its legend below, no wider than it must be."""
    wide = max(drawn.width, LEAST_WIDTH)
    head = broken(headline(circuit), int(wide / BOLD))
    wrong = [line for words in wrong_in_words(circuit) for line in broken(words, int(wide / LETTER))]
    wide = max(wide, BOLD * max(map(len, head), default=0))
    header = MARGIN + LINE * (len(head) + len(wrong)) + 6
    legend, legend_height = _legend(circuit, wide)
    width, height = wide + 2 * MARGIN, header + drawn.height + legend_height + MARGIN
    lines = [(line, INK, "bold") for line in head] + [(line, WARNING, "normal") for line in wrong]
    aside = MARGIN + max(0.0, wide - drawn.width) / 2
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="Helvetica, Arial, sans-serif" font-size="12" '
            f'fill="{INK}">',
            f"<!-- {MARK} -->",
            f"<title>{escaped(circuit.name)}</title>",
            f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>',
            *(
                f'<text x="{MARGIN}" y="{MARGIN + 4 + LINE * number}" font-size="13" font-weight="{weight}" '
                f'fill="{ink}">{escaped(line)}</text>'
                for number, (line, ink, weight) in enumerate(lines)
            ),
            f'<g transform="translate({aside:g} {header})">',
            *drawn.elements,
            "</g>",
            f'<g transform="translate(0 {header + drawn.height:g})" font-size="11">{legend}</g>',
            "</svg>\n",
        )
    )


def size_of_drawing(text: str) -> tuple[float, float]:
    """Width and height of a drawing by `draw_svg`, in its units."""
    match = re.search(r'viewBox="0 0 ([\d.e+]+) ([\d.e+]+)"', text)
    assert match is not None
    return float(match[1]), float(match[2])


def _beside(circuit: Netlist, wide: float, top: float) -> tuple[list[str], float, float]:
    """Outputs that are constant and inputs that nothing uses, in rows; the width and the bottom of them."""
    elements, width = [], 0.0
    shown = drawn_nodes(circuit)
    constants = [
        (name, f'class="o" data-o="{index}"', f"= {int(value)}")
        for index, name in enumerate(circuit.output_names)
        if (value := constant_output(circuit, index)) is not None
    ]
    unused = [
        (name, f'class="i" data-n="{node}"', "")
        for node, name in enumerate(circuit.input_names, start=1)
        if node not in shown
    ]
    for heading, things in (("constant", constants), ("not used", unused)):
        if not things:
            continue
        lead, left = LETTER * len(heading) + 12, len(things) - MOST_BESIDE
        if left > 0:
            things = [*things[:MOST_BESIDE], (f"{left} more", "", "")]
        rooms = [room(shortened(name)) + LETTER * len(after) + 8 for name, _, after in things]
        for number, row in enumerate(rows(rooms, wide - lead)):
            x, y = lead, top + CHIP_ROW / 2
            if number == 0:
                elements.append(f'<text class="aside" x="0" y="{y + 4:g}" stroke="none">{heading}</text>')
            for index in row:
                name, marks, after = things[index]
                own = room(shortened(name))
                elements.append(terminal(name, x, y, own, marks))
                if after:
                    elements.append(
                        f'<text class="aside" x="{x + own + 4:g}" y="{y + 4:g}" stroke="none">{after}</text>'
                    )
                x += rooms[index]
            width, top = max(width, x), top + CHIP_ROW
    return elements, width, top


def _legend(circuit: Netlist, wide: float) -> tuple[str, float]:
    """What the colours and marks mean, of those in the circuit, in rows; and the height of these."""
    gates = [circuit.gate(node) for node in drawn_nodes(circuit) if node > circuit.n_inputs]
    kinds = {gate.kind for gate in gates}
    entries: Sequence[tuple[str, str]] = [(kind, words) for kind, words in LEGENDS.items() if kind in kinds]
    literals = [literal for gate in gates for literal in gate.literals]
    if min([*literals, *circuit.outputs], default=0) < 0:
        entries = [*entries, ("", "negation")]
    marks = []
    rooms = [34 + 6.2 * len(words) for _, words in entries]
    lines = rows(rooms, wide)
    for number, row in enumerate(lines):
        x, y = float(MARGIN), 18 + LINE * number
        for index in row:
            kind, words = entries[index]
            if kind:
                fill, ink = FILLS.get(kind, PLAIN)
                marks.append(
                    f'<rect x="{x:g}" y="{y - 9}" width="14" height="11" rx="2" fill="{fill}" stroke="{ink}"/>'
                )
            else:
                marks.append(
                    f'<circle cx="{x + 7:g}" cy="{y - 4}" r="{BUBBLE}" fill="#ffffff" stroke="{INK}" '
                    f'stroke-width="1.3"/>'
                )
            marks.append(f'<text x="{x + 19:g}" y="{y}">{words}</text>')
            x += rooms[index]
    return "".join(marks), 18.0 + LINE * (len(lines) - 1) if lines else 0.0
