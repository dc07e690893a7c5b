"""What gates and circuits are made of, checked with the argument's name."""

from __future__ import annotations

from typing import Any

from btfnet.arguments import NAMES, TEXT, Wanted, is_list, is_whole, need, whole

LITERALS = Wanted("a list of literals, signed node numbers from 1", is_list)


def check_gate(at_least: Any, literals: Any) -> None:
    """Raise `UsageError` for a threshold that is no whole number, and for literals that are no list."""
    need("Gate", at_least=(at_least, Wanted("a whole number", is_whole)), literals=(literals, LITERALS))


def check_parts(
    n_inputs: Any, gates: Any, outputs: Any, input_names: Any, output_names: Any, name: Any
) -> None:
    """Raise `UsageError` for parts of a circuit that are of another kind."""
    from btfnet.logic.circuit import Gate

    need(
        "Circuit",
        name=(name, TEXT),
        n_inputs=(n_inputs, whole(0)),
        gates=(
            gates,
            Wanted("a list of Gates", lambda given: _all(given, lambda gate: isinstance(gate, Gate))),
        ),
        outputs=(outputs, Wanted(LITERALS.words, lambda given: _all(given, is_whole))),
        input_names=(input_names, NAMES),
        output_names=(output_names, NAMES),
    )


def _all(given: Any, fits: Any) -> bool:
    return is_list(given) and all(map(fits, given))
