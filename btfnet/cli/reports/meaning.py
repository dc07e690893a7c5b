"""What `btfnet inspect` says of a circuit's meaning: proven names, and how much inputs matter."""

from __future__ import annotations

from typing import Any

from btfnet.cli.console import number, plural
from btfnet.explaining.conditions import plain
from btfnet.explaining.identify import Identified
from btfnet.explaining.influence import Influence
from btfnet.explaining.rules import Rule, Rules
from btfnet.logic.circuit import Circuit

INPUTS_SHOWN = 8
NAMES_SHOWN = 16
LONGEST = 160
"""Signs of a name in text; --json has all."""


def name_facts(circuit: Circuit, found: Identified) -> dict[str, Any]:
    """Names as plain values."""
    return {
        "is": [
            {
                "outputs": [circuit.output_names[output] for output in each.outputs],
                "kind": each.kind,
                "words": each.words,
                "inputs": [circuit.input_names[index] for index in each.inputs],
                "proof": each.proof,
            }
            for each in found.names
        ],
        "is_complete": found.complete,
    }


def influence_facts(circuit: Circuit, found: Influence) -> dict[str, Any]:
    """Influences as plain values, the input that matters most first."""
    names = circuit.input_names
    return {
        "without_effect": [names[index] for index in found.unused],
        "effect_undecided": [names[index] for index in found.undecided],
        "influences": {
            "patterns": found.patterns,
            "all_patterns": found.all_patterns,
            "inputs": [
                {
                    "input": names[index],
                    "any_output": float(found.any[index]),
                    "items": None if found.items is None else float(found.items[index]),
                    "outputs": {
                        name: float(found.outputs[output, index])
                        for output, name in enumerate(circuit.output_names)
                        if found.outputs[output, index]
                    },
                }
                for index in found.order
            ],
        },
    }


def rules_facts(found: Rules) -> dict[str, Any]:
    """Rules as plain values."""

    def plainly(rule: Rule) -> dict[str, Any]:
        return {"name": rule.name, "words": rule.words, "terms": list(rule.terms)}

    return {"outputs": list(map(plainly, found.outputs)), "where": list(map(plainly, found.gates))}


def meaning_words(circuit: Circuit, names: Identified, matters: Influence) -> list[str]:
    """Lines about names and about inputs."""
    lines = [
        f"Is        {each.kind}: {_short(each.words)} (proven {each.proof})"
        for each in names.names[:NAMES_SHOWN]
    ]
    if len(names.names) > NAMES_SHOWN:
        lines.append(f"          {plural(len(names.names) - NAMES_SHOWN, 'more name')}; --json lists all")
    if not names.names:
        lines.append("Is        no function that has a name" if names.complete else "Is        not known")
    if not names.complete:
        lines.append("          the time was up before all was tried; --time-limit gives more")
    return lines + _inputs(circuit, matters)


def _inputs(circuit: Circuit, found: Influence) -> list[str]:
    if not circuit.n_inputs:
        return []
    all_ = "all " if found.all_patterns else ""
    of = f"of {all_}{number(found.patterns)}{'' if found.all_patterns else ' random'} patterns"
    of += ", and of the items" if found.items is not None else ""
    shown = [index for index in found.order if found.any[index]][:INPUTS_SHOWN]
    told = [_influence(circuit, found, index) for index in shown]
    more = int((found.any > 0).sum()) - len(shown)
    listed = ", ".join(told) + (f" and {number(more)} more" if more else "")
    lines = [f"Matters   {listed or 'none'} ({of} turning it turns an output)"]
    if found.unused:
        lines.append(f"Idle      {_names(circuit, found.unused)}: no output depends on them (proven)")
    if found.undecided:
        lines.append(
            f"Perhaps   {_names(circuit, found.undecided)}: none seen, and none proven absent in time"
        )
    return lines


def _influence(circuit: Circuit, found: Influence, index: int) -> str:
    items = "" if found.items is None else f" / {found.items[index]:.3g}"
    return f"{plain(circuit.input_names[index])} {found.any[index]:.3g}{items}"


def _names(circuit: Circuit, inputs: tuple[int, ...]) -> str:
    told = [plain(circuit.input_names[index]) for index in inputs[:INPUTS_SHOWN]]
    more = len(inputs) - len(told)
    return ", ".join(told) + (f" and {number(more)} more" if more else "")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"
