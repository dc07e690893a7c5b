"""State diagrams: for Graphviz, and as a picture for browsers, states on a circle."""

from __future__ import annotations

import math
from collections.abc import Iterator

from btfnet.files.mark import MARK
from btfnet.logic.drawing.labels import escaped
from btfnet.machines.columns import in_text
from btfnet.machines.machine import Machine

MOST_LABELS = 4
"""Inputs on one arrow; more are counted."""
RADIUS, MARGIN, LETTER = 22.0, 130.0, 6.5
STYLE = (
    "text{font:12px sans-serif;fill:#222}path{fill:none;stroke:#557;stroke-width:1.2}"
    "circle{fill:#eef3fb;stroke:#335;stroke-width:1.4}.first{stroke-width:3}"
)


def to_dot(machine: Machine) -> str:
    """The state diagram for Graphviz: inputs / outputs on arrows, a Moore machine's outputs in its states."""
    lines = [f"// {MARK}", f"digraph {_quoted(machine.name)} {{", "  rankdir=LR;", "  node [shape=circle];"]
    lines += ['  begin [shape=point, label=""];', f"  begin -> {machine.initial};"]
    lines += [f"  {q} [label={_quoted(_state(machine, q))}];" for q in range(machine.n_states)]
    arrows = (
        f"  {q} -> {to} [label={_quoted(chr(10).join(labels))}];" for (q, to), labels in arrows_of(machine)
    )
    return "\n".join([*lines, *arrows, "}", ""])


def to_svg(machine: Machine) -> str:
    """The state diagram as a picture: the initial state on top, its border bold, the others clockwise."""
    n = machine.n_states
    ring = max(70.0, n * 1.6 * (2 * RADIUS) / (2 * math.pi)) if n > 1 else 0.0
    size = 2 * (ring + MARGIN)
    middle = size / 2
    places = [
        (middle + ring * math.sin(2 * math.pi * q / n), middle - ring * math.cos(2 * math.pi * q / n))
        for q in range(n)
    ]
    box = f'viewBox="0 0 {size:.0f} {size:.0f}" width="{size:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">',
        f"<!-- {MARK} -->",
        f"<title>{escaped(machine.name)}: {machine.kind}, {n} states</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0,0L8,4L0,8z" style="fill:#557;stroke:none"/></marker></defs>',
    ]
    for (q, to), labels in arrows_of(machine):
        parts += _loop(places[q], middle, labels) if q == to else _arrow(places[q], places[to], labels)
    for q, (x, y) in enumerate(places):
        first = ' class="first"' if q == machine.initial else ""
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:.0f}"{first}/>')
        parts += _text(x, y + 4, _state(machine, q).split("\n"))
    return "\n".join([*parts, "</svg>", ""])


def arrows_of(machine: Machine) -> list[tuple[tuple[int, int], list[str]]]:
    """Pairs of states that a transition joins, and what stands on the arrow, a line for each input."""
    found: dict[tuple[int, int], list[str]] = {}
    for each in machine.transitions:
        if each.to is not None:
            said = each.inputs if machine.table.moore else f"{each.inputs} / {each.outputs}"
            found.setdefault((each.state, each.to), []).append(said)
    return [
        (
            pair,
            lines
            if len(lines) <= MOST_LABELS
            else [*lines[: MOST_LABELS - 1], f"and {len(lines) - MOST_LABELS + 1}"],
        )
        for pair, lines in found.items()
    ]


def _state(machine: Machine, state: int) -> str:
    outputs = in_text(machine.outputs, *machine.table.output(state, 0)) if machine.table.moore else ""
    return f"{state}\n{outputs}" if outputs else str(state)


def _quoted(text: str) -> str:
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{safe}"'


Place = tuple[float, float]


def _arrow(start: Place, end: Place, labels: list[str]) -> Iterator[str]:
    """A curve bent to its left, so that the way back is another one."""
    (x, y), (u, v) = start, end
    far = math.hypot(u - x, v - y)
    aside = 0.12 * far + 8
    cx, cy = (x + u) / 2 + (v - y) / far * aside, (y + v) / 2 - (u - x) / far * aside
    x, y = _towards(start, (cx, cy))
    u, v = _towards(end, (cx, cy))
    yield f'<path d="M{x:.1f},{y:.1f}Q{cx:.1f},{cy:.1f} {u:.1f},{v:.1f}" marker-end="url(#tip)"/>'
    yield from _text(0.25 * (x + u) + 0.5 * cx, 0.25 * (y + v) + 0.5 * cy, labels)


def _towards(place: Place, other: Place) -> Place:
    far = math.hypot(other[0] - place[0], other[1] - place[1])
    return tuple(a + RADIUS * (b - a) / far for a, b in zip(place, other, strict=True))  # type: ignore[return-value]


def _loop(place: Place, middle: float, labels: list[str]) -> Iterator[str]:
    """An arrow from a state to itself, on the outside."""
    x, y = place
    far = math.hypot(x - middle, y - middle)
    dx, dy = ((x - middle) / far, (y - middle) / far) if far else (0.0, -1.0)
    corners = []
    for turn in (-0.5, 0.5):
        cos, sin = math.cos(turn), math.sin(turn)
        corners.append((dx * cos - dy * sin, dx * sin + dy * cos))
    (a, b), (c, d) = corners
    points = [(x + RADIUS * a, y + RADIUS * b), (x + 3 * RADIUS * a, y + 3 * RADIUS * b)]
    points += [(x + 3 * RADIUS * c, y + 3 * RADIUS * d), (x + RADIUS * c, y + RADIUS * d)]
    said = [f"{u:.1f},{v:.1f}" for u, v in points]
    yield f'<path d="M{said[0]}C{said[1]} {said[2]} {said[3]}" marker-end="url(#tip)"/>'
    wide = LETTER * max(map(len, labels)) / 2
    yield from _text(x + dx * (3 * RADIUS + wide), y + dy * (3 * RADIUS + 8), labels)


def _text(x: float, y: float, lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        below = y + 13 * (number - (len(lines) - 1) / 2)
        yield f'<text x="{x:.1f}" y="{below:.1f}" text-anchor="middle">{escaped(line)}</text>'
