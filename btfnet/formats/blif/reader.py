"""`.blif`, the reading half: covers of single-output `.names` become gates. See blif.md."""

from __future__ import annotations

import os

from btfnet.errors import DataError, FormatError
from btfnet.formats.blif.lines import Cover, Model, parse
from btfnet.formats.netlists.circuit_builder import counting
from btfnet.formats.netlists.latches import refusal, with_next_states, with_states
from btfnet.formats.netlists.topological import in_order
from btfnet.logic.circuit import Circuit, Gate
from btfnet.printable import shown


def read(path: str | os.PathLike[str], *, cut_latches: bool = False) -> Circuit:
    """The circuit of a `.blif` file: one gate for each cube and cover, buffers and inverters as literals.

    cut_latches   states of latches become inputs, next states outputs; without it latches are refused
    External don't cares (`.exdc`) are left out; see `read_with_dont_cares`.
    Raises `FormatError` as blif.md lists it.
    """
    return read_with_dont_cares(path, cut_latches=cut_latches)[0]


def read_with_dont_cares(
    path: str | os.PathLike[str], *, cut_latches: bool = False
) -> tuple[Circuit, Circuit | None]:
    """The circuit, and one of the same shape that is true where an output does not count; None without `.exdc`."""
    model = parse(path)
    if model.latches and not cut_latches:
        latch = next(iter(model.latches.values()))
        model.fail(latch.line, refusal(latch))
    try:
        circuit = _circuit(model)
        return circuit, None if model.dont_care is None else _dont_cares(model, model.dont_care, circuit)
    except DataError as error:
        raise error if isinstance(error, FormatError) else FormatError(path, None, str(error)) from error


def _circuit(model: Model) -> Circuit:
    builder = _Builder(model, [*model.inputs, *model.latches])
    builder.add_all()
    for name, line in model.outputs.items():
        if name not in builder.literal:
            model.fail(line, f"the output {shown(name)} is driven by nothing; define it with .names.")
    stored = [builder.used(latch.stored, latch.line) for latch in model.latches.values()]
    return Circuit(
        builder.n_inputs,
        tuple(builder.gates),
        (*(builder.literal[name] for name in model.outputs), *stored),
        with_states([*model.inputs], model.latches),
        with_next_states(model.outputs, model.latches),
        model.name or "circuit",
        model.training,
    )


def _dont_cares(model: Model, part: Model, circuit: Circuit) -> Circuit:
    """The network behind `.exdc`, over the inputs of the model; outputs that it does not define always count."""
    inputs = {**model.inputs, **model.latches}
    for name, line in part.inputs.items():
        if name not in inputs:
            model.fail(line, f"{shown(name)} is an input of .exdc, but none of the model.")
    for name, line in part.outputs.items():
        if name not in model.outputs:
            model.fail(line, f"{shown(name)} is an output of .exdc, but none of the model.")
        if name not in part.covers:
            model.fail(
                line, f"the output {shown(name)} of .exdc is driven by nothing; define it with .names."
            )
    builder = _Builder(part, [*inputs])
    builder.add_all()
    builder.gates.append(Gate(1, ()))
    never = builder.n_inputs + len(builder.gates)
    free = [builder.literal[name] if name in part.covers else never for name in model.outputs]
    free += [never] * len(model.latches)
    return Circuit(
        circuit.n_inputs,
        tuple(builder.gates),
        tuple(free),
        circuit.input_names,
        circuit.output_names,
        f"don't cares of {circuit.name}",
    )


class _Builder:
    """Gates so far, and the literal (signed node) of every signal so far."""

    def __init__(self, model: Model, inputs: list[str]) -> None:
        self.model = model
        self.n_inputs = len(inputs)
        self.gates: list[Gate] = []
        self.literal = {name: node for node, name in enumerate(inputs, start=1)}

    def add_all(self) -> None:
        """Every cover, behind those that it uses."""
        uses = {name: cover.inputs for name, cover in self.model.covers.items()}
        for name in in_order(uses, self.model.fail_cycle):
            self._add(name, self.model.covers[name])

    def used(self, name: str, line: int) -> int:
        """The literal of a signal that is used on a line."""
        if name not in self.literal:
            self.model.fail(
                line,
                f"{shown(name)} is used here, but it is no input and nothing defines it; add it to .inputs, or "
                f"define it (.names and its name alone on a line make it 0).",
            )
        return self.literal[name]

    def _add(self, name: str, cover: Cover) -> None:
        signals = [self.used(used, cover.line) for used in cover.inputs]
        cubes = list(dict.fromkeys(cover.cubes))
        positive = cover.phase == "1"
        terms = [
            tuple(
                signal if sign == "1" else -signal
                for signal, sign in zip(signals, cube, strict=True)
                if sign != "-"
            )
            for cube in cubes
        ]
        if not terms or not all(terms):
            self.literal[name] = self._gate(Gate(0 if terms and positive else 1, ()))
        elif len(terms) == 1 and len(terms[0]) == 1:
            self.literal[name] = terms[0][0] if positive else -terms[0][0]
        else:
            gate = counting(terms) or Gate(1, tuple(self._term(term) for term in terms))
            self.literal[name] = self._gate(gate if positive else gate.dual())

    def _term(self, term: tuple[int, ...]) -> int:
        return term[0] if len(term) == 1 else self._gate(Gate(len(term), term))

    def _gate(self, gate: Gate) -> int:
        self.gates.append(gate)
        return self.n_inputs + len(self.gates)
