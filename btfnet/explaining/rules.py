"""`in_words`: a circuit as rules that can be read aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from btfnet.arguments import a, need
from btfnet.explaining.conditions import Condition, literal_phrase, plain
from btfnet.explaining.definitions import MOST_GATES, Definitions
from btfnet.explaining.dnf import MOST_INPUTS, Term, minimal_terms
from btfnet.explaining.expressions import (
    Constant,
    Expression,
    Joined,
    Node,
    depth_of,
    nodes_in,
    phrase,
    replaced,
)
from btfnet.explaining.function import Function, functions_of
from btfnet.logic.circuit import Circuit
from btfnet.logic.describe import node_names

DEEPEST = 3
"""Parts in parts in parts: what would stand deeper gets a rule of its own."""
LONGEST = 240
"""Signs of a rule; parts get rules of their own before it is longer."""
LISTED = 3
"""So many products and more stand below each other."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When an output, or a gate that others need, is true.

    name   of the output, or of the gate as `str(circuit)` calls it
    words  the condition, such as "at least 2 of (a, b, c) or not d"; "true" or "false" for a constant
    terms  the words of each product, where the condition is a minimal "any of these holds"
    """

    name: str
    words: str
    terms: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.words in ("true", "false"):
            return f"{self.name} is always {self.words}."
        spoken = self.name if Condition.of(self.name) is None else literal_phrase(self.name, True)
        when = f"{spoken} when" if spoken != self.name else f"{self.name} is true when"
        if len(self.terms) >= LISTED:
            return "\n".join([f"{when} any of these holds:", *(f"  - {term}" for term in self.terms)])
        return f"{when} {self.words}."


@dataclass(frozen=True, slots=True)
class Rules:
    """A circuit in words: a rule for each output, and for gates that these need by name."""

    outputs: tuple[Rule, ...]
    gates: tuple[Rule, ...]

    def __str__(self) -> str:
        lines = [str(rule) for rule in self.outputs]
        if self.gates:
            lines += ["where", *(f"  {rule}" for rule in self.gates)]
        return "\n".join(lines)


def in_words(circuit: Circuit) -> Rules:
    """Rules for the outputs of a circuit, to be printed.

    Gates of which several others need the value have rules of their own, and names: that of an output, or the one
    that `str(circuit)` gives them. Outputs of at most 8 inputs are told as the fewest products ("any of these
    holds") where that is shorter. Inputs named after conditions read as such: `age>=37` is "age >= 37", negated
    "age < 37".
    """
    need("in_words", circuit=(circuit, a(Circuit)))
    speaker = _Speaker(circuit)
    every = range(circuit.n_outputs)
    speaker.define(every)
    functions = functions_of(circuit)
    some = functions if len(circuit.gates) <= MOST_GATES else ()
    products = {each.outputs[0]: found for each in some if (found := speaker.products(each))}
    others = [output for output in every if output not in products]
    speaker.define(others)
    return Rules(
        tuple(products.get(output) or speaker.output_rule(output) for output in every),
        tuple(speaker.gate_rule(node) for node in speaker.needed(others) if not speaker.is_output(node)),
    )


class _Speaker:
    """Which gates have names, and what each is in terms of inputs and of these."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._definitions = Definitions(circuit)
        self._gate_name = node_names(circuit)
        self._outputs = [self._definitions.of_output(output) for output in circuit.outputs]
        self._known: dict[int, Expression] = {}
        self._named: set[int] = set()
        self._spoken: dict[int, int] = {}

    def define(self, outputs: Iterable[int]) -> None:
        """Expressions of all gates that these outputs need, from the inputs up; shared ones get names."""
        self._known, self._named, self._spoken = {}, set(), {}
        needed: dict[int, Expression] = {}
        uses: dict[int, int] = {}
        for output in outputs:
            given = self._outputs[output]
            if isinstance(given, Node) and given.sign and self._can_name(output):
                self._spoken.setdefault(given.node, output)
            waiting = nodes_in(given)
            while waiting:
                node = waiting.pop()
                uses[node] = uses.get(node, 0) + 1
                if self._is_gate(node) and node not in needed:
                    needed[node] = self._definitions.of_gate(node)
                    waiting += nodes_in(needed[node])
        for node in sorted(needed):
            inlined = replaced(needed[node], self._inlined)
            if depth_of(inlined) > DEEPEST or len(self._phrase(inlined)) > LONGEST:
                parts = (part for part in nodes_in(needed[node]) if self._is_gate(part))
                self._named |= {part for part in parts if len(nodes_in(self._known[part])) > 1}
                inlined = replaced(needed[node], self._inlined)
            self._known[node] = inlined
            if uses[node] > 1 and len(nodes_in(inlined)) > 1:
                self._named.add(node)

    def products(self, function: Function) -> Rule | None:
        """The rule of an output as a minimal DNF, where it has few inputs and that is shorter; or a constant."""
        (output,) = function.outputs
        if not function.is_small:
            return None
        inputs, table = function.reduced
        if not inputs:
            self._outputs[output] = Constant(bool(table[0]))
        terms = minimal_terms(table) if 0 < len(inputs) <= MOST_INPUTS else None
        if terms is None:
            return None
        found = [_product(term, inputs) for term in terms]
        words = self._phrase(Joined.of(False, found))
        if len(words) >= self._length(output):
            return None
        name = plain(self._circuit.output_names[output])
        return Rule(name, words, tuple(map(self._phrase, found)) if len(found) > 1 else ())

    def output_rule(self, output: int) -> Rule:
        """The rule of an output, in terms of gates that have names."""
        given = self._outputs[output]
        if isinstance(given, Node) and self._spoken.get(given.node) == output and self._is_gate(given.node):
            given = self._known[given.node]
        else:
            given = replaced(given, self._inlined)
        return Rule(plain(self._circuit.output_names[output]), self._phrase(given))

    def gate_rule(self, node: int) -> Rule:
        """The rule of a gate that has a name."""
        return Rule(self._gate_name(node), self._phrase(self._known[node]))

    def is_output(self, node: int) -> bool:
        """Whether the rule of a gate is that of an output."""
        return node in self._spoken

    def needed(self, outputs: Iterable[int]) -> list[int]:
        """The gates with names that these outputs need, those nearest to the outputs first."""
        found = set[int]()
        waiting = [
            node for output in outputs for node in nodes_in(replaced(self._outputs[output], self._inlined))
        ]
        while waiting:
            node = waiting.pop()
            if self._is_gate(node) and node not in found:
                found.add(node)
                waiting += nodes_in(self._known[node])
        return sorted(found, reverse=True)

    def _length(self, output: int) -> int:
        """Signs of an output's rule, and of the rules that it needs."""
        return len(self.output_rule(output).words) + sum(
            len(self._phrase(self._known[node])) for node in self.needed([output])
        )

    def _inlined(self, node: Node) -> Expression:
        if not self._is_gate(node.node) or node.node in self._named:
            return node
        found = self._known[node.node]
        return found if node.sign else found.negated()

    def _is_gate(self, node: int) -> bool:
        return node > self._circuit.n_inputs

    def _can_name(self, output: int) -> bool:
        """Whether an output's name means nothing else."""
        name = self._circuit.output_names[output]
        return name not in self._circuit.input_names and plain(name) == name

    def _phrase(self, given: Expression) -> str:
        return phrase(given, self._said)

    def _said(self, node: Node) -> str:
        if not self._is_gate(node.node):
            return literal_phrase(self._circuit.input_names[node.node - 1], node.sign)
        output = self._spoken.get(node.node)
        name = self._gate_name(node.node) if output is None else self._circuit.output_names[output]
        return f"{'' if node.sign else 'not '}{name}"


def _product(term: Term, inputs: tuple[int, ...]) -> Expression:
    """All literals of a term."""
    care, value = term
    return Joined.of(
        True, [Node(given + 1, bool(value >> j & 1)) for j, given in enumerate(inputs) if care >> j & 1]
    )
