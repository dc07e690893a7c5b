"""What `btfnet inspect --why` says of a circuit's outputs, as plain values and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from btfnet.cli.console import plural
from btfnet.explaining.conditions import Condition, literal_phrase, plain
from btfnet.explaining.why import Decision, Why
from btfnet.logic.describe import gate_in_words, node_names

MOST_INPUTS = 16
"""Rows of more inputs are not repeated."""
MOST_GATES = 6
"""Gates that are shown, those nearest to the output; --json has all."""
MOST_FIXED = 24
WIDE = 6
"""Gates of so many literals are told with how many of them are true."""
LONGEST = 80
"""Signs of a gate in text."""
OUTPUTS_SHOWN = 16


def why_facts(found: Why) -> dict[str, Any]:
    """The explanation as plain values."""
    circuit = found.circuit
    names, name_of = circuit.input_names, node_names(circuit)
    return {
        "inputs": {name: int(bit) for name, bit in zip(names, found.row.tolist(), strict=True)},
        "impossible_rows_left_out": bool(found.rules),
        "outputs": [
            {
                "output": circuit.output_names[each.output],
                "value": int(each.value),
                "gates": None
                if each.gates is None
                else [
                    {
                        "node": node,
                        "gate": gate_in_words(circuit.gate(node), name_of),
                        "value": int(found.values[node]),
                    }
                    for node in each.gates
                ],
                "enough": {
                    "inputs": {names[index]: int(found.row[index]) for index in each.enough.inputs},
                    "smallest": each.enough.smallest,
                    "irreducible": each.enough.irreducible,
                },
                "changes": [
                    {names[index]: int(not found.row[index]) for index in change}
                    for change in each.changes.sets
                ],
                "changes_size": each.changes.size,
                "changes_smallest": each.changes.smallest,
                "changes_at_least": each.changes.at_least,
                "more_changes": each.changes.more,
                "never_changes": each.changes.never,
            }
            for each in found.outputs
        ],
    }


def why_words(found: Why, what: str, left_out: int) -> str:
    """The same as text.

    what      the row in words
    left_out  so many outputs were not looked at
    """
    circuit = found.circuit
    row = f": {_values(found, range(circuit.n_inputs))}" if 0 < circuit.n_inputs <= MOST_INPUTS else ""
    lines = [f"{what}{row}"]
    for each in found.outputs:
        lines += [
            "",
            f"{plain(circuit.output_names[each.output])} = {int(each.value)}",
            f"  Gates    {_gates(found, each)}",
            f"  Enough   {_enough(found, each)}",
            f"  Change   {_changes(found, each)}",
        ]
    if left_out:
        lines += ["", f"{plural(left_out, 'more output')}: name some with --output, or ask --json for all."]
    if found.rules:
        first, second = (literal_phrase(circuit.input_names[abs(x) - 1], x < 0) for x in found.rules[0])
        lines += [
            "",
            f"Inputs whose conditions contradict each other do not count, such as {first} and {second}.",
        ]
    return "\n".join(lines)


def _values(found: Why, inputs: Iterable[int], *, turned: bool = False, joint: str = ", ") -> str:
    """Inputs as they are, or turned: "a = 1", or "age >= 37" for what is named so; no implied changes."""
    said, inputs = [], list(inputs)
    literals = {index + 1 if bool(found.row[index]) ^ turned else -index - 1 for index in inputs}
    implied = {
        abs(x) - 1 for x in literals for rule in found.rules if x in rule and -sum(rule) + x in literals
    }
    for index in inputs:
        if turned and index in implied:
            continue
        name, value = found.circuit.input_names[index], bool(found.row[index]) ^ turned
        is_condition = Condition.of(name) is not None
        said.append(literal_phrase(name, value) if is_condition else f"{plain(name)} = {int(value)}")
    return joint.join(said)


def _gates(found: Why, each: Decision) -> str:
    circuit, name_of = found.circuit, node_names(found.circuit)
    if abs(circuit.outputs[each.output]) <= circuit.n_inputs:
        return f"none: it is the input {name_of(abs(circuit.outputs[each.output]))}" + (
            ", negated" if circuit.outputs[each.output] < 0 else ""
        )
    if each.gates is None:
        return "not asked: too many are below it"
    told = [
        f"{name_of(node)} = {_short(gate_in_words(circuit.gate(node), name_of))} "
        f"is {int(found.values[node])}{_how_many(found, node)}"
        for node in each.gates[::-1][:MOST_GATES]
    ]
    more = len(each.gates) - len(told)
    told += [f"and {plural(more, 'gate')} below, see --json"] if more else []
    return "\n           ".join(told) or "none: no gate alone turns it"


def _how_many(found: Why, node: int) -> str:
    """How many literals of a wide gate are true."""
    literals = found.circuit.gate(node).literals
    if len(literals) < WIDE:
        return ""
    true = sum(bool(found.values[abs(literal)]) == (literal > 0) for literal in literals)
    return f" ({true} of {len(literals)} are true)"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"


def _enough(found: Why, each: Decision) -> str:
    inputs = each.enough.inputs
    if not inputs:
        return "it is so whatever the inputs are: proven by SAT"
    others = found.circuit.n_inputs - len(inputs)
    told = _values(found, inputs[:MOST_FIXED])
    more = f" and {plural(len(inputs) - MOST_FIXED, 'other')}, see --json" if len(inputs) > MOST_FIXED else ""
    rest = f"whatever the other {plural(others, 'input')} may be; " if others > 1 else ""
    rest = "whatever the other input may be; " if others == 1 else rest
    if each.enough.smallest:
        how = "no smaller set forces it: proven by SAT"
    elif each.enough.irreducible:
        how = "none of these can be left out; the time was up before smaller sets were tried"
    else:
        how = "not all of these may be needed: the time was up"
    return f"{told}{more}: {rest}{how}"


def _changes(found: Why, each: Decision) -> str:
    changes = each.changes
    if changes.never:
        return "nothing: proven by SAT"
    if not changes.sets:
        return "not found: the time was up"
    told = "; or ".join(
        _values(found, change[:MOST_FIXED], turned=True, joint=" and ") for change in changes.sets
    )
    longest = max(map(len, changes.sets))
    told += f" and {plural(longest - MOST_FIXED, 'other')}, see --json" if longest > MOST_FIXED else ""
    what = "column" if found.rules else "input"
    if not changes.smallest:
        return (
            f"{told} ({plural(changes.size, what)}; no change of fewer than {changes.at_least} does, "
            f"between them the time was up)"
        )
    others = {True: "; there are other changes as small", None: "; others as small may exist"}
    size = changes.size
    fewer = f" ({plural(size, what)}; no change of fewer turns it: proven by SAT)" if size > 1 else ""
    return told + others.get(changes.more, "") + fewer
