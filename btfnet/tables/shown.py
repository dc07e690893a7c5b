"""A model of tables as people read it: a few lines of text, or HTML for notebooks."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from btfnet.logic.circuit import Circuit
from btfnet.logic.describe import headline
from btfnet.logic.drawing.svg import draw_svg
from btfnet.printable import printable
from btfnet.tables.columns import Column
from btfnet.tables.targets import Target

DRAWN, PRINTED = 40, 400
"""Gates of a circuit that is drawn, and that is printed, at most."""
NAMED = 8
"""Names in a line."""
CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0;border:0"


def target_in_words(target: Target) -> str:
    """Its name and its labels."""
    return f"{printable(target.name)}: {few(target.labels, ' or ')}"


def columns_in_words(columns: Sequence[Column]) -> str:
    """Kinds, and what no rule could use."""
    kinds = Counter(str(column.kind) for column in columns if column.kind.used)
    text = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "none of use"
    left = [f"{column.name} ({column.kind})" for column in columns if not column.kind.used]
    return f"{text}; left out: {few(left)}" if left else text


def circuit_in_words(circuit: Circuit) -> str:
    """How large it is."""
    sizes = ((circuit.n_inputs, "condition"), (len(circuit.gates), "gate"))
    counts = [f"{number} {what}{'' if number == 1 else 's'}" for number, what in sizes]
    return f"{', '.join(counts)}, depth {circuit.depth}"


def asked_in_words(columns: Sequence[Column], numbers: Sequence[int]) -> str:
    """How many conditions are about each column, those that are asked most first."""
    counts = Counter(numbers).most_common()
    return few([f"{columns[number].name} ({count})" for number, count in counts])


def few(words: Sequence[str], last: str = ", ") -> str:
    """The first of them, and how many more there are."""
    names = [printable(word) for word in words]
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} … {len(names)} in all"
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def as_text(title: str, facts: Mapping[str, str]) -> str:
    """A line for each fact."""
    wide = max(map(len, facts))
    return "\n".join([title, *(f"  {what:<{wide}}  {value}" for what, value in facts.items())])


def as_html(title: str, facts: Mapping[str, str], circuit: Circuit) -> str:
    """A table of the facts, and the circuit: a picture of few gates, text of more, nothing of many."""
    rows = "".join(
        f'<tr><th scope="row" style="{CELL}">{escape(what)}</th><td style="{CELL}">{escape(value)}</td></tr>'
        for what, value in facts.items()
    )
    return (
        f'<div class="btfnet"><p><strong>{escape(title)}</strong></p>'
        f"<table>{rows}</table>{_circuit(circuit)}</div>"
    )


def _circuit(circuit: Circuit) -> str:
    n_gates = len(circuit.gates)
    if n_gates <= DRAWN:
        data = base64.b64encode(draw_svg(circuit).encode()).decode()
        return (
            f'<img alt="{escape(headline(circuit))}" style="max-width:100%" '
            f'src="data:image/svg+xml;base64,{data}">'
        )
    if n_gates > PRINTED:
        return ""
    return f"<details><summary>{n_gates} gates</summary><pre>{escape(str(circuit))}</pre></details>"
