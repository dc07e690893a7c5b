"""Structural Verilog, from expressions to gates: the size of an expression, and its bits as literals."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from btfnet.formats.netlists.circuit_builder import CircuitBuilder, counting
from btfnet.formats.verilog.grammar import TOO_LARGE, WIDEST, Expression, Unsupported
from btfnet.printable import shown

Bit = tuple[str, int | None]
"""A bit of a net: its name and index, None for a net of a single bit."""
MOST_WEIGHT = 1 << 20
"""The largest sum of weights of one gate."""

_ONE_BIT = {"any", "all", "none_of", "equal", "differ", "at_least"} | {
    f"reduce_{kind}" for kind in ("and", "or", "xor", "nand", "nor", "xnor")
}
_OF_GATES = ("and", "nand", "or", "nor", "xor", "xnor")
"""Primitives, whose terminals are single bits."""


class Bits:
    """Expressions of the nets of a module, as bits.

    bounds   the bounds of every declared net, None for a single bit; others are single bits, too
    """

    def __init__(self, bounds: Mapping[str, tuple[int, int] | None]) -> None:
        self._bounds = bounds

    def of_name(self, name: Expression) -> list[Bit]:
        """The bits that a name, with or without bounds of its own, stands for; the lowest first."""
        text, *chosen = name.operands
        bounds = self._bounds.get(text)
        if bounds is None:
            if chosen:
                raise Unsupported(
                    name.line, f"found bits of {shown(text)}, which is declared as a single one"
                )
            return [(text, None)]
        high, low = bounds
        step = 1 if high >= low else -1
        if abs(high - low) >= WIDEST:
            found = f"found {shown(text)}, which has too many bits"
            raise Unsupported(name.line, found, hopeless=TOO_LARGE)
        first, last = (chosen[-1], chosen[0]) if chosen else (low, high)
        inside = min(high, low) <= min(first, last) and max(first, last) <= max(high, low)
        if not inside or (last - first) * step < 0:
            raise Unsupported(name.line, f"found bits {chosen} of {shown(text)}, which has {high} to {low}")
        return [(text, index) for index in range(first, last + step, step)]

    def of_target(self, target: Expression) -> list[Bit]:
        """The bits that an assignment drives."""
        if target.kind == "name":
            return self.of_name(target)
        if target.kind == "joined":
            return [bit for part in reversed(target.operands) for bit in self.of_target(part)]
        raise Unsupported(target.line, "found an assignment to what is no name")

    def used(self, expression: Expression) -> set[Bit]:
        """The bits that an expression may depend on."""
        found, waiting = set[Bit](), [expression]
        while waiting:
            here = waiting.pop()
            if here.kind == "name":
                found.update(self.of_name(here))
            waiting += [operand for operand in here.operands if isinstance(operand, Expression)]
        return found

    def size(self, expression: Expression) -> int:
        """How many bits an expression has by itself."""
        kind, operands = expression.kind, expression.operands
        if kind in _ONE_BIT or kind in _OF_GATES:
            return 1
        if kind == "name":
            return len(self.of_name(expression))
        if kind == "number":
            return int(operands[0])
        if kind in ("joined", "repeated"):
            parts = operands[1:] if kind == "repeated" else operands
            total = sum(map(self.size, parts)) * (operands[0] if kind == "repeated" else 1)
            if total > WIDEST:
                found = "found an expression of too many bits"
                raise Unsupported(expression.line, found, hopeless=TOO_LARGE)
            return total
        return max(map(self.size, operands[1:] if kind == "choice" else operands))


class Maker:
    """Expressions as gates, of bits whose literals are known."""

    def __init__(self, bits: Bits, gates: CircuitBuilder, literal: dict[Bit, int]) -> None:
        self._bits, self._gates, self._literal = bits, gates, literal

    def make(self, expression: Expression, width: int) -> list[int]:
        """The literals of an expression's lowest bits, 0 beyond its own; what is wider is worked out so."""
        full = max(width, self._bits.size(expression))
        return self._made(expression, full)[:width]

    def _made(self, expression: Expression, width: int) -> list[int]:
        """All bits of an expression in a place of so many: sizes come from outside, as Verilog has it."""
        kind, operands, line, _ = expression
        if kind in _ONE_BIT or kind in _OF_GATES:
            return self._padded([self._bit(kind, operands, line)], width)
        match kind:
            case "name":
                return self._padded([self._literal[bit] for bit in self._bits.of_name(expression)], width)
            case "number":
                return [self._gates.constant(bool(operands[1] >> index & 1)) for index in range(width)]
            case "joined" | "repeated":
                times, parts = (operands[0], operands[1:]) if kind == "repeated" else (1, operands)
                low_first = [self._own(part) for part in reversed(parts)]
                return self._padded([*chain(*low_first)] * times, width)
            case "inverse":
                return [-literal for literal in self._made(operands[0], width)]
            case "choice":
                select = self._some(operands[0])
                both = zip(*(self._made(operand, width) for operand in operands[1:]), strict=True)
                return [self._gates.mux(select, then, otherwise) for then, otherwise in both]
            case "bit_and" | "bit_or":
                return self._joined(expression, width)
            case "bit_xor" | "bit_xnor":
                columns = zip(*(self._made(operand, width) for operand in operands), strict=True)
                flip = kind == "bit_xnor" and len(operands) % 2 == 0
                return [self._parity([*column], flip) for column in columns]
        raise Unsupported(line, "found a sum that is not compared with a number")

    def _own(self, expression: Expression) -> list[int]:
        return self._made(expression, self._bits.size(expression))

    def _padded(self, literals: list[int], width: int) -> list[int]:
        missing = width - len(literals)
        return literals + [self._gates.constant(False)] * missing if missing > 0 else literals

    def _joined(self, expression: Expression, width: int) -> list[int]:
        """And and Or, of which one of Ands may be a majority."""
        if expression.kind == "bit_and":
            columns = zip(*(self._made(operand, width) for operand in _flat(expression)), strict=True)
            return [self._all([*column]) for column in columns]
        terms: list[list[tuple[int, ...]]] = []
        for operand in _flat(expression):
            parts = _flat(operand) if operand.kind == "bit_and" else [operand]
            terms.append([*zip(*(self._made(part, width) for part in parts), strict=True)])
        return [self._either([*column]) for column in zip(*terms, strict=True)]

    def _either(self, terms: list[tuple[int, ...]]) -> int:
        """An Or of Ands."""
        gate = counting(terms) if len(terms) > 1 else None
        if gate is not None:
            return self._gates.add(gate.at_least, *gate.literals)
        return self._any([self._all([*term]) for term in terms])

    def _all(self, literals: list[int]) -> int:
        return self._gates.add(len(literals), *literals)

    def _any(self, literals: list[int]) -> int:
        return self._gates.add(1, *literals)

    def _some(self, expression: Expression) -> int:
        """Whether any bit is true."""
        return self._any(self._own(expression))

    def _parity(self, literals: list[int], flip: bool) -> int:
        node, *others = literals
        for literal in others:
            node = self._gates.xor(node, literal)
        return -node if flip else node

    def _bit(self, kind: str, operands: tuple[Expression, ...], line: int) -> int:
        """The value of an operator that gives a single bit."""
        if kind in _OF_GATES:
            literals = [literal for operand in operands for literal in self.make(operand, 1)]
            return self._reduced(kind, literals)
        if kind.startswith("reduce_"):
            return self._reduced(kind.removeprefix("reduce_"), self._own(operands[0]))
        match kind:
            case "any" | "all":
                values = [self._some(operand) for operand in operands]
                return self._any(values) if kind == "any" else self._all(values)
            case "none_of":
                return -self._some(operands[0])
            case "equal" | "differ":
                width = max(map(self._bits.size, operands))
                pairs = zip(*(self._made(operand, width) for operand in operands), strict=True)
                different = self._any([self._gates.xor(a, b) for a, b in pairs])
                return different if kind == "differ" else -different
        return self._at_least(operands, line)

    def _reduced(self, kind: str, literals: list[int]) -> int:
        match kind:
            case "and" | "nand":
                node = self._all(literals)
            case "or" | "nor":
                node = self._any(literals)
            case _:
                node = self._parity(literals, False)
        return -node if kind in ("nand", "nor", "xnor") else node

    def _at_least(self, operands: tuple[Expression, ...], line: int) -> int:
        """A sum of numbers that are chosen by single bits, against a number: one gate, as btfnet writes them."""
        total, least = operands
        if least.kind != "number":
            raise Unsupported(line, "found a comparison with what is no number")
        room = 1 << max(self._bits.size(total), self._bits.size(least))
        at_least, most, literals = least.operands[1], 0, list[int]()
        for term in _flat(total):
            number, *others = term.operands
            if term.kind != "choice" or any(other.kind != "number" for other in others):
                raise Unsupported(
                    term.line, "found a sum of other terms than numbers that are chosen by bits"
                )
            high, low = (int(other.operands[1]) for other in others)
            select = self._some(number)
            most += max(high, low)
            if most > MOST_WEIGHT:
                raise Unsupported(term.line, f"found weights of more than {MOST_WEIGHT}")
            at_least -= min(high, low)
            literals += [select if high > low else -select] * abs(high - low)
        if most >= room:
            raise Unsupported(line, "found a sum that may overflow")
        return self._gates.add(at_least, *literals)


def _flat(expression: Expression) -> list[Expression]:
    """The operands of an operator, those of operands of its kind among them."""
    kind: str = expression.kind
    if kind not in ("bit_and", "bit_or", "sum"):
        return [expression]
    found = list[Expression]()
    for operand in expression.operands:
        found += _flat(operand) if operand.kind == kind else [operand]
    return found
