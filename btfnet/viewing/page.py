"""The page of a run: one file of HTML that needs no network, made of the sections, page.css and
the scripts.

The page's policy allows its own script, known by its digest, and nothing else: names from files could not run even
where escaping failed.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from btfnet.files.mark import MARK
from btfnet.logic.drawing.svg import drawing
from btfnet.viewing.certificate import Certificate, certify
from btfnet.viewing.circuit_section import (
    MOST_DRAWN,
    MOST_LITERALS,
    circuit_section,
    gates_section,
    held_items,
    is_drawn,
    script_data,
    truth_section,
)
from btfnet.viewing.closing_sections import certificate_section, data_section, reproduce_section
from btfnet.viewing.columns import controls
from btfnet.viewing.influence import influences
from btfnet.viewing.influence_section import influence_section
from btfnet.viewing.learning_section import learning_section
from btfnet.viewing.markup import Html, element, joined, section
from btfnet.viewing.overview import heading
from btfnet.viewing.story import Story
from btfnet.wording import number

SCRIPTS = ("circuit.js", "rows.js", "gates.js", "view.js")
"""One function, in this order."""
TITLES = {
    "circuit": "Circuit",
    "gates": "Gates",
    "truth": "Truth table",
    "inputs": "Inputs",
    "learning": "Learning",
    "data": "Problem and settings",
    "certificate": "Certificate",
    "reproduce": "Do it again",
}


def page(story: Story) -> str:
    """The HTML of a run's page, which holds everything that it shows."""
    checked = None if story.circuit is None or story.rows is None else certify(story.circuit, story.rows)
    sections, data = _of_circuit(story)
    sections |= {
        "learning": learning_section(story),
        "data": data_section(story),
        "certificate": certificate_section(story, checked),
        "reproduce": reproduce_section(story),
    }
    present = {name: part for name, part in sections.items() if part is not None}
    top = heading(story, checked, [(name, TITLES[name]) for name in present])
    return _document(story, checked, top, joined(present.values()), data)


def _of_circuit(story: Story) -> tuple[dict[str, Html | None], Html | None]:
    """The sections that look at the circuit, and what the script is told."""
    circuit = story.circuit
    if circuit is None:
        return {}, None
    if not is_drawn(circuit):
        n_literals = sum(len(gate.literals) for gate in circuit.gates)
        words = (
            f"A drawing of {number(len(circuit.gates))} gates with {number(n_literals)} wires into them shows "
            f"nothing, so this page has none, and no switches; it has them for circuits of up to "
            f"{number(MOST_DRAWN)} gates and {number(MOST_LITERALS)} wires. The circuit is in the "
            f"run's directory: btfnet inspect lists it, btfnet export writes it as a netlist."
        )
        shown: dict[str, Html | None] = {"circuit": section("circuit", "The circuit", element("p", words))}
        data = None
    else:
        drawn, held = drawing(circuit, titled=False), held_items(circuit, story.rows)
        n_items, columns = 0 if story.rows is None else len(story.rows.inputs), controls(story, circuit)
        shown = {
            "circuit": circuit_section(circuit, drawn, held, columns),
            "gates": gates_section(circuit, held) if circuit.gates else None,
            "truth": truth_section(circuit),
        }
        data = script_data(circuit, drawn, held, n_items, columns)
    rows = None if story.rows is None else story.rows.inputs
    shown["inputs"] = influence_section(circuit, influences(circuit, rows))
    return shown, data


def _document(story: Story, checked: Certificate | None, top: Html, main: Html, data: Html | None) -> str:
    parts = files("btfnet.viewing")
    style = parts.joinpath("page.css").read_text("utf-8")
    script = "".join(parts.joinpath(name).read_text("utf-8") for name in SCRIPTS)
    script = f'"use strict";\n(() => {{\n{script}}})();\n'
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{story.problem} · btfnet"),
        element("style", Html(style)),
    )
    needed = element(
        "noscript",
        element("p", "Switches, gates and lamps need JavaScript, which is off here.", class_="note"),
    )
    end = element(
        "footer",
        element("p", f"Made by btfnet {story.version} from {story.folder}; the page needs no network."),
    )
    body = element("body", top, element("main", needed, main), end, data, element("script", Html(script)))
    return f'<!DOCTYPE html>\n<!-- {MARK} -->\n<html lang="en">\n{head}\n{body}\n</html>\n'
