"""The parts of a circuit's picture: gates, inputs and outputs, and wires, as SVG elements.

What belongs to a node has its number as data-n, an output its own from 0 as data-o: a page may light them up.
"""

from __future__ import annotations

from btfnet.logic.describe import gate_in_words, node_names
from btfnet.logic.drawing.crossings import Part
from btfnet.logic.drawing.labels import escaped, room, shortened, tooltip
from btfnet.logic.drawing.layout import Net
from btfnet.logic.gate import Gate
from btfnet.logic.netlist import Netlist

BODY = 48
LEAD = 12
TRACK = 7
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
PLAIN = ("#f1f3f5", "#5c6670")


# -- wires ---------------------------------------------------------------------------------------------


class Wires:
    """The wires of a picture, gathered by the node whose value they carry."""

    def __init__(self) -> None:
        self._paths: dict[int, list[str]] = {}
        self._dots: dict[int, list[str]] = {}

    def level(self, node: int, y: int, left: float, right: float) -> None:
        """A level piece."""
        if left != right:
            self._paths.setdefault(node, []).append(f"M{left:g} {y}H{right:g}")

    def net(self, net: Net, left: float, right: float) -> None:
        """One wire of a channel: level to its track, up and down, level to every target; dots at forks."""
        if net.track < 0:
            self.level(net.node, net.source, left, right)
            return
        track = left + LEAD + TRACK * (net.track + 0.5)
        heights = sorted({net.source, *net.targets})
        pieces = self._paths.setdefault(net.node, [])
        ends = []
        for y in heights:
            above, below = y > heights[0], y < heights[-1]
            arms = [arm for arm, there in ((left, y == net.source), (right, y in net.targets)) if there]
            if len(arms) + above + below > 2:
                self._dots.setdefault(net.node, []).append(f'<circle cx="{track:g}" cy="{y}" r="2.2"/>')
                pieces += [f"M{arm:g} {y}H{track:g}" for arm in arms]
                if not (above and below):
                    ends.append(float(y))
            else:
                inwards = CORNER if below else -CORNER
                sideways = -CORNER if arms[0] == left else CORNER
                pieces.append(
                    f"M{arms[0]:g} {y}H{track + sideways:g}Q{track:g} {y} {track:g} {y + inwards:g}"
                )
                ends.append(y + inwards)
        pieces.append(f"M{track:g} {ends[0]:g}V{ends[-1]:g}")

    def elements(self) -> list[str]:
        """A group for each node."""
        return [
            f'<g class="w" data-n="{node}" stroke="{_colour(node)}" fill="{_colour(node)}">'
            f'<path fill="none" d="{"".join(paths)}"/>{"".join(self._dots.get(node, ()))}</g>'
            for node, paths in sorted(self._paths.items())
        ]


def _colour(node: int) -> str:
    return WIRES[node % len(WIRES)]


# -- parts ---------------------------------------------------------------------------------------------


def width_of(circuit: Netlist, part: Part) -> float:
    if part.kind in ("input", "output"):
        return room(shortened(name_of(circuit, part))) + 2 * BUBBLE * (part.kind == "output")
    return BODY if part.kind == "gate" else 0


def name_of(circuit: Netlist, part: Part) -> str:
    """Of an input or an output."""
    return circuit.output_names[part.node] if part.kind == "output" else circuit.input_names[part.node - 1]


def draw_part(circuit: Netlist, part: Part, x: float, width: float, wires: Wires, *, titled: bool) -> str:
    """A part of a column that is so wide.

    titled  a gate has its words as a tooltip
    """
    own = width_of(circuit, part)
    if part.kind == "input":
        return terminal(
            name_of(circuit, part), x + width - own, part.y, own, f'class="i" data-n="{part.node}"'
        )
    if part.kind == "output":
        lead, pin = 2 * BUBBLE, part.pins[0]
        negated = pin.literal < 0
        if not negated:
            wires.level(abs(pin.literal), pin.y, x, x + lead)
        bubble = f'<circle class="b" cx="{x + BUBBLE:g}" cy="{pin.y}" r="{BUBBLE}"/>' if negated else ""
        marks = f'class="o" data-o="{part.node}"'
        return terminal(name_of(circuit, part), x + lead, part.y, own - lead, marks, bubble)
    return _gate(circuit, part, x + width - own, wires, titled=titled)


def terminal(name: str, x: float, y: float, width: float, marks: str, more: str = "") -> str:
    """An input or an output: its name in a frame."""
    return (
        f'<g {marks} fill="#ffffff" stroke="{INK}">{tooltip(name)}'
        f'<rect x="{x:g}" y="{y - 10:g}" width="{width:g}" height="20" rx="5"/>{more}'
        f'<text x="{x + width / 2:g}" y="{y + 4:g}" text-anchor="middle" fill="{INK}" stroke="none">'
        f"{escaped(shortened(name))}</text></g>"
    )


def _gate(circuit: Netlist, part: Part, x: float, wires: Wires, *, titled: bool) -> str:
    """A gate's shape with its number, the literals' bubbles and weights, and its words as a tooltip."""
    gate, named = circuit.gate(part.node), node_names(circuit)
    fill, ink = FILLS.get(gate.kind, PLAIN)
    top, height = part.y - part.height / 2 + 2, part.height - 4
    title = (
        f"<title>{escaped(f'{named(part.node)} = {gate_in_words(gate, named)}')}</title>" if titled else ""
    )
    label, shape = _shape(gate, x, top, height)
    marks = []
    for pin in part.pins:
        inset = x + _hollow(gate, (pin.y - top) / height)
        wires.level(abs(pin.literal), pin.y, x, inset)
        if pin.literal < 0:
            marks.append(
                f'<circle class="b" cx="{inset - BUBBLE:g}" cy="{pin.y}" r="{BUBBLE}" fill="#ffffff"/>'
            )
        if pin.weight > 1:
            marks.append(
                f'<text x="{x + 4:g}" y="{pin.y + 3}" font-size="9" fill="{ink}" stroke="none">{pin.weight}</text>'
            )
    middle = x + BODY * MIDDLE.get(gate.kind, 0.5)
    lines = [label, named(part.node)] if label else [named(part.node)]
    texts = [
        f'<text x="{middle:g}" y="{part.y + 4 + 12 * index - 6 * (len(lines) - 1):g}" text-anchor="middle" '
        f'font-size="{12 if line is label else 10}" fill="{ink}" stroke="none">{escaped(line)}</text>'
        for index, line in enumerate(lines)
    ]
    return (
        f'<g class="g {gate.kind}" data-n="{part.node}" fill="{fill}" stroke="{ink}">{title}'
        f'<path d="{shape}"/>{"".join(marks)}{"".join(texts)}</g>'
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
