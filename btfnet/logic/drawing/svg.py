"""Circuits as pictures: SVG in layers from left to right, in plain Python."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from btfnet.arguments import a, need
from btfnet.files.mark import MARK
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.describe import gate_in_words, headline, node_names, wrong_in_words
from btfnet.logic.drawing.crossings import Part, Pin
from btfnet.logic.drawing.layout import Net, lay_out, route

BODY = 48
LEAD = 12
TRACK = 7
MARGIN = 24
HEADER = 54
LEGEND = 30
LETTER = 7.2
"""Room for a letter of a label; the real width is the viewer's."""

BUBBLE = 3.5
CORNER = 3.5
OR_HOLLOW = 0.16
"""How far the hollow back of an Or reaches into its body, as a part of BODY."""

MIDDLE = {"or": 0.56, "copy": 0.36, "not": 0.36, "threshold": 0.55}
"""Where the words stand, as a part of BODY."""

INK, PAPER, WARNING = "#20262c", "#fcfdfe", "#a3262a"
WIRES = ("#37618e", "#a0522d", "#3d7a4e", "#7a4b94", "#8a7420", "#2c7f86", "#a23f5a", "#55606b")
FILLS = {
    "and": ("#dbe9fb", "#2f5f9e"),
    "or": ("#dcf2e0", "#2f7d48"),
    "maj": ("#fdebd0", "#b26a12"),
    "threshold": ("#ece2f8", "#6d48a6"),
}
LEGENDS = {
    "and": "And: all true",
    "or": "Or: any true",
    "maj": "Maj: more than half true",
    "threshold": "≥k: at least k true, weights counted",
}
PLAIN = ("#f1f3f5", "#5c6670")


def draw_svg(circuit: Circuit) -> str:
    """A picture of the circuit as SVG text.

    Inputs on the left, outputs on the right. And and Or have their distinctive shapes, Majority is a plate
    that points right, other gates are boxes "≥k". A small circle negates; a number at a pin is the weight of
    a literal that counts more than once. Training bits that are wrong are told in red. A line below explains
    the kinds that occur. Gates on which no output depends are not drawn.
    """
    need("draw_svg", circuit=(circuit, a(Circuit)))
    columns = lay_out(circuit)
    wires: list[str] = []
    parts: list[str] = []
    x = float(MARGIN)
    for column in columns:
        nets = route(column)
        channel = 2 * LEAD + TRACK * (1 + max((net.track for net in nets), default=-1)) if nets else 0
        wires += [_net(net, x, x + channel) for net in nets]
        x += channel
        width = max((_width(circuit, part) for part in column), default=0.0)
        for part in column:
            if part.kind == "wire":
                wires.append(_wire(part.node, f"M{x:g} {part.y}H{x + width:g}"))
            else:
                parts.append(_part(circuit, part, x, width))
        x += width
    bottom = max((part.y + part.height // 2 for column in columns for part in column), default=0)
    legend, legend_width = _legend(circuit)
    height = bottom + HEADER + MARGIN + (LEGEND if legend else 0)
    title = max(map(len, (headline(circuit), *wrong_in_words(circuit))))
    width = max(x + MARGIN, 2 * MARGIN + LETTER * title, legend_width + MARGIN)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="Helvetica, Arial, sans-serif" font-size="12" '
            f'fill="{INK}">',
            f"<!-- {MARK} -->",
            f"<title>{_text(circuit.name)}</title>",
            f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>',
            f'<text x="{MARGIN}" y="{MARGIN + 4}" font-size="13" font-weight="bold">'
            f"{_text(headline(circuit))}</text>",
            *(
                f'<text x="{MARGIN}" y="{MARGIN + 20}" fill="{WARNING}">{_text(line)}</text>'
                for line in wrong_in_words(circuit)
            ),
            f'<g transform="translate(0 {HEADER})">',
            '<g fill="none" stroke-width="1.4" stroke-linecap="round">',
            *wires,
            "</g>",
            *parts,
            "</g>",
            f'<g transform="translate(0 {height - MARGIN:g})" font-size="11">{legend}</g>',
            "</svg>\n",
        )
    )


def size_of_drawing(text: str) -> tuple[float, float]:
    """Width and height of a drawing by `draw_svg`, in its units."""
    match = re.search(r'viewBox="0 0 ([\d.e+]+) ([\d.e+]+)"', text)
    assert match is not None
    return float(match[1]), float(match[2])


def _legend(circuit: Circuit) -> tuple[str, float]:
    """What the colours and marks mean, of those in the circuit, side by side; and the width of it."""
    kinds = {gate.kind for gate in circuit.gates}
    marks, x = [], float(MARGIN)
    for kind, words in LEGENDS.items():
        if kind in kinds:
            fill, ink = FILLS.get(kind, PLAIN)
            marks.append(
                f'<rect x="{x:g}" y="-9" width="14" height="11" rx="2" fill="{fill}" stroke="{ink}"/>'
                f'<text x="{x + 19:g}" y="0">{words}</text>'
            )
            x += 19 + LETTER * len(words) + 10
    literals = [literal for gate in circuit.gates for literal in gate.literals]
    if min([*literals, *circuit.outputs], default=0) < 0:
        marks.append(f'{_bubble(x + BUBBLE, -4, INK)}<text x="{x + 12:g}" y="0">negation</text>')
        x += 12 + LETTER * len("negation")
    return "".join(marks), x


# -- wires ---------------------------------------------------------------------------------------------


def _wire(node: int, path: str) -> str:
    return f'<path d="{path}" stroke="{_colour(node)}"/>'


def _colour(node: int) -> str:
    return WIRES[node % len(WIRES)]


def _net(net: Net, left: float, right: float) -> str:
    """One wire of a channel: level to its track, up and down, level to every target; dots at forks."""
    if net.track < 0:
        return _wire(net.node, f"M{left:g} {net.source}H{right:g}")
    track = left + LEAD + TRACK * (net.track + 0.5)
    heights = sorted({net.source, *net.targets})
    pieces, dots, ends = [], [], []
    for y in heights:
        above, below = y > heights[0], y < heights[-1]
        arms = [arm for arm, there in ((left, y == net.source), (right, y in net.targets)) if there]
        if len(arms) + above + below > 2:
            dots.append(f'<circle cx="{track:g}" cy="{y}" r="2.2" fill="{_colour(net.node)}"/>')
            pieces += [f"M{arm:g} {y}H{track:g}" for arm in arms]
            if not (above and below):
                ends.append(float(y))
        else:
            inwards = CORNER if below else -CORNER
            sideways = -CORNER if arms[0] == left else CORNER
            pieces.append(f"M{arms[0]:g} {y}H{track + sideways:g}Q{track:g} {y} {track:g} {y + inwards:g}")
            ends.append(y + inwards)
    pieces.append(f"M{track:g} {ends[0]:g}V{ends[-1]:g}")
    return _wire(net.node, "".join(pieces)) + "".join(dots)


# -- parts ---------------------------------------------------------------------------------------------


def _width(circuit: Circuit, part: Part) -> float:
    if part.kind in ("input", "output"):
        return max(24.0, LETTER * len(_label(circuit, part)) + 14) + 2 * BUBBLE * (part.kind == "output")
    return BODY if part.kind == "gate" else 0


def _label(circuit: Circuit, part: Part) -> str:
    return circuit.output_names[part.node] if part.kind == "output" else circuit.input_names[part.node - 1]


def _part(circuit: Circuit, part: Part, x: float, width: float) -> str:
    own = _width(circuit, part)
    if part.kind == "input":
        return _terminal(_label(circuit, part), x + width - own, part.y, own)
    if part.kind == "output":
        lead, pin = 2 * BUBBLE, part.pins[0]
        stub = _bubble(x + BUBBLE, pin.y, INK) if pin.literal < 0 else _stub(pin, x, x + lead)
        return stub + _terminal(_label(circuit, part), x + lead, part.y, own - lead)
    return _gate(circuit, part, x + width - own)


def _terminal(label: str, x: float, y: int, width: float) -> str:
    return (
        f'<rect x="{x:g}" y="{y - 10}" width="{width:g}" height="20" rx="5" fill="#ffffff" stroke="{INK}"/>'
        f'<text x="{x + width / 2:g}" y="{y + 4}" text-anchor="middle">{_text(label)}</text>'
    )


def _gate(circuit: Circuit, part: Part, x: float) -> str:
    """A gate's shape with its number, the literals' bubbles and weights, and its words as a tooltip."""
    gate, name_of = circuit.gate(part.node), node_names(circuit)
    fill, ink = FILLS.get(gate.kind, PLAIN)
    top, height = part.y - part.height / 2 + 2, part.height - 4
    words = f"{name_of(part.node)} = {gate_in_words(gate, name_of)}"
    label, shape = _shape(gate, x, top, height)
    stubs, marks = [], []
    for pin in part.pins:
        inset = x + _hollow(gate, (pin.y - top) / height)
        stubs.append(_stub(pin, x, inset))
        if pin.literal < 0:
            marks.append(_bubble(inset - BUBBLE, pin.y, ink))
        if pin.weight > 1:
            marks.append(
                f'<text x="{x + 4:g}" y="{pin.y + 3}" font-size="9" fill="{ink}">{pin.weight}</text>'
            )
    middle = x + BODY * MIDDLE.get(gate.kind, 0.5)
    lines = [label, name_of(part.node)] if label else [name_of(part.node)]
    texts = [
        f'<text x="{middle:g}" y="{part.y + 4 + 12 * index - 6 * (len(lines) - 1):g}" text-anchor="middle" '
        f'font-size="{12 if line is label else 10}" fill="{ink}">{_text(line)}</text>'
        for index, line in enumerate(lines)
    ]
    return (
        f"<g><title>{_text(words)}</title>{''.join(stubs)}"
        f'<path d="{shape}" fill="{fill}" stroke="{ink}" stroke-width="1.4" stroke-linejoin="round"/>'
        f"{''.join(marks)}{''.join(texts)}</g>"
    )


def _shape(gate: Gate, x: float, y: float, height: float) -> tuple[str, str]:
    """The label and the outline of a gate's body."""
    right, bottom, half, kind = x + BODY, y + height, y + height / 2, gate.kind
    if kind == "and":
        flat = BODY / 2
        return "", f"M{x:g} {y:g}h{flat:g}A{flat:g} {height / 2:g} 0 0 1 {x + flat:g} {bottom:g}H{x:g}Z"
    if kind == "or":
        shoulder, hollow = x + 0.6 * BODY, x + 2 * OR_HOLLOW * BODY
        return "", (
            f"M{x:g} {y:g}Q{shoulder:g} {y:g} {right:g} {half:g}Q{shoulder:g} {bottom:g} {x:g} {bottom:g}"
            f"Q{hollow:g} {half:g} {x:g} {y:g}Z"
        )
    if kind == "maj":
        cut = x + 0.76 * BODY
        outline = f"M{x:g} {y:g}H{cut:g}L{right:g} {half:g}L{cut:g} {bottom:g}H{x:g}Z"
        return f"Maj{len(gate.literals)}", outline
    if kind in ("copy", "not"):
        return "", f"M{x:g} {y:g}L{right:g} {half:g}L{x:g} {bottom:g}Z"
    label = f"≥{gate.at_least}" if kind == "threshold" else "1" if gate.constant else "0"
    return label, f"M{x:g} {y:g}H{right:g}V{bottom:g}H{x:g}Z"


def _hollow(gate: Gate, share: float) -> float:
    """How far behind the left edge of its body a gate begins, at a share of its height."""
    return 4 * share * (1 - share) * OR_HOLLOW * BODY if gate.kind == "or" else 0.0


def _stub(pin: Pin, left: float, right: float) -> str:
    if left == right:
        return ""
    return f'<path d="M{left:g} {pin.y}H{right:g}" stroke="{_colour(abs(pin.literal))}" stroke-width="1.4"/>'


def _bubble(x: float, y: float, ink: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{BUBBLE}" fill="#ffffff" stroke="{ink}" stroke-width="1.3"/>'


def _text(words: str) -> str:
    """Escaped, without characters that XML cannot hold or that turn the text around them."""
    return escape("".join(sign if sign.isprintable() or sign in "\t\n\r" else "�" for sign in words))
