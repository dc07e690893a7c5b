"""Expressions: what an output is, as a tree of few kinds of parts, and as a phrase.

    a and not b                          all of its parts, and in the same way any of them with "or"
    at least 2 of (a, b, c)              how many parts are true; at most, exactly, any, none, an odd number of
    at least 3 of (2 × a, b, c)          the same, a part counted twice
    if s then a else b

Parts that are themselves joined by "and", "or" or "if" stand in parentheses, except in a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from btfnet.explaining.symmetric import count_phrase


@dataclass(frozen=True, slots=True)
class Constant:
    value: bool

    def negated(self) -> Constant:
        return Constant(not self.value)

    def parts(self) -> tuple[Expression, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the circuit, or its negation: an input, or a gate that has a rule of its own."""

    node: int
    sign: bool = True

    def negated(self) -> Node:
        return Node(self.node, not self.sign)

    def parts(self) -> tuple[Expression, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Joined:
    """All parts, or any of them."""

    every: bool
    children: tuple[Expression, ...]

    @classmethod
    def of(cls, every: bool, children: Iterable[Expression]) -> Expression:
        """Flat: an "and" in an "and" is one; each part once; one part alone is itself."""
        flat: dict[Expression, None] = {}
        for child in children:
            same = isinstance(child, Joined) and child.every == every
            flat |= dict.fromkeys(child.children if same else (child,))  # type: ignore[union-attr]
        return next(iter(flat)) if len(flat) == 1 else cls(every, tuple(flat))

    def negated(self) -> Expression:
        return Joined(not self.every, tuple(child.negated() for child in self.children))

    def parts(self) -> tuple[Expression, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the parts are true; `values` says for which counts, 0 … n, it holds."""

    values: tuple[bool, ...]
    children: tuple[Expression, ...]

    @classmethod
    def of(cls, values: Iterable[bool], children: Iterable[Expression]) -> Expression:
        """An "and" or an "or" where it is one; few negated parts otherwise."""
        values, children = tuple(map(bool, values)), tuple(children)
        n = len(children)
        if all(values) or not any(values):
            return Constant(values[0])
        if sum(values) == 1 and values[n]:
            return Joined.of(True, children)
        if sum(values) == 1 and values[0]:
            return Joined.of(True, (child.negated() for child in children))
        if sum(values) == n and not values[0]:
            return Joined.of(False, children)
        if sum(values) == n and not values[n]:
            return Joined.of(False, (child.negated() for child in children))
        if 2 * sum(isinstance(child, Node) and not child.sign for child in children) > n:
            return cls(values[::-1], tuple(child.negated() for child in children))
        return cls(values, children)

    def negated(self) -> Expression:
        return replace(self, values=tuple(not value for value in self.values))

    def parts(self) -> tuple[Expression, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Weighted:
    """At least, or at most, so much, where parts count more than once."""

    bound: int
    weights: tuple[int, ...]
    children: tuple[Expression, ...]
    most: bool = False

    def negated(self) -> Weighted:
        return replace(self, bound=self.bound + (1 if self.most else -1), most=not self.most)

    def parts(self) -> tuple[Expression, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class If:
    """One of two, as a third says."""

    condition: Expression
    then: Expression
    otherwise: Expression

    def negated(self) -> If:
        return replace(self, then=self.then.negated(), otherwise=self.otherwise.negated())

    def parts(self) -> tuple[Expression, ...]:
        return self.condition, self.then, self.otherwise


Expression = Constant | Node | Joined | Count | Weighted | If


def phrase(given: Expression, name_of: Callable[[Node], str]) -> str:
    """An expression in words.

    name_of   a node or its negation in words
    """
    match given:
        case Constant(value):
            return "true" if value else "false"
        case Node():
            return name_of(given)
        case Joined(every, children):
            return (" and " if every else " or ").join(_inner(child, name_of) for child in children)
        case Count(values, children):
            return count_phrase(np.array(values), [phrase(child, name_of) for child in children])
        case Weighted(bound, weights, children, most):
            told = [
                f"{f'{weight} × ' if weight > 1 else ''}{_inner(child, name_of)}"
                for weight, child in zip(weights, children, strict=True)
            ]
            return f"at {'most' if most else 'least'} {bound} of ({', '.join(told)})"
        case If(condition, then, otherwise):
            said = (_inner(part, name_of) for part in (condition, then, otherwise))
            return "if {} then {} else {}".format(*said)


def _inner(given: Expression, name_of: Callable[[Node], str]) -> str:
    text = phrase(given, name_of)
    return f"({text})" if isinstance(given, Joined | If) else text


def replaced(given: Expression, change: Callable[[Node], Expression]) -> Expression:
    """The expression with other parts in the places of its nodes."""
    match given:
        case Node():
            return change(given)
        case Joined(every, children):
            return Joined.of(every, (replaced(child, change) for child in children))
        case Count(_, children) | Weighted(_, _, children):
            return replace(given, children=tuple(replaced(child, change) for child in children))
        case If(condition, then, otherwise):
            return If(*(replaced(part, change) for part in (condition, then, otherwise)))
    return given


def nodes_in(given: Expression) -> list[int]:
    """The nodes of an expression, as often as they stand in it."""
    if isinstance(given, Node):
        return [given.node]
    return [node for part in given.parts() for node in nodes_in(part)]


def depth_of(given: Expression) -> int:
    """How deep parts stand in parts."""
    parts = given.parts()
    return 1 + max(map(depth_of, parts)) if parts else 0
