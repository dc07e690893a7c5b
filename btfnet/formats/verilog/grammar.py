"""Structural Verilog, from text to statements: the grammar, and what the parser makes of it. See verilog.md."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer, Tree, UnexpectedCharacters, UnexpectedToken

from btfnet.formats.verilog.writer import KEYWORDS
from btfnet.printable import shown

DEEPEST = 100
"""Levels of brackets and operators within one expression."""
WIDEST = 1 << 16
"""Bits of one signal or number."""

_GRAMMAR = r"""
start: module+
module: "module" NAME [ports] ";" item* "endmodule"
ports: "(" [port ("," port)*] ")"
port: [direction] [net] [range] NAME
?direction: INPUT | OUTPUT
?net: WIRE | TRI | LOGIC
range: "[" INT ":" INT "]"
?item: declaration | net_declaration | assigns | primitives | instance
declaration: direction [net] [range] NAME ("," NAME)* ";"
net_declaration: net [range] declared ("," declared)* ";"
declared: NAME ["=" expression]
assigns: "assign" assign ("," assign)* ";"
assign: primary "=" expression
primitives: kind primitive ("," primitive)* ";"
!kind: "and" | "nand" | "or" | "nor" | "xor" | "xnor" | "buf" | "not"
primitive: [NAME] "(" expression ("," expression)* ")"
instance: NAME NAME "(" (connection ("," connection)* | expression ("," expression)*) ")" ";"
connection: "." NAME "(" [expression] ")"

?expression: any | any "?" expression ":" expression -> choice
?any: all ("||" all)*
?all: bit_or ("&&" bit_or)*
?bit_or: bit_xor ("|" bit_xor)*
?bit_xor: bit_xnor ("^" bit_xnor)*
?bit_xnor: bit_and (("~^" | "^~") bit_and)*
?bit_and: equality ("&" equality)*
?equality: comparison | equality "==" comparison -> equal | equality "!=" comparison -> differ
?comparison: sum | sum ">=" sum -> at_least
?sum: unary ("+" unary)*
?unary: primary | "~" unary -> inverse | "!" unary -> none_of | "&" unary -> reduce_and | "|" unary -> reduce_or
      | "^" unary -> reduce_xor | "~&" unary -> reduce_nand | "~|" unary -> reduce_nor
      | ("~^" | "^~") unary -> reduce_xnor
?primary: name | number | "(" expression ")" | "{" expression ("," expression)* "}" -> joined
      | "{" INT "{" expression ("," expression)* "}" "}" -> repeated
name: NAME | NAME "[" INT "]" | NAME "[" INT ":" INT "]"
number: SIZED | INT

INPUT: "input"
OUTPUT: "output"
WIRE: "wire"
TRI: "tri"
LOGIC: "logic"
INT: /[0-9]+(?![0-9_]*\s*')/
SIZED: /([0-9][0-9_]*)?\s*'[bBoOdDhH]\s*[0-9a-fA-FxXzZ?_]+/
NAME: /[A-Za-z_][A-Za-z0-9_$]*|\\[!-~]+(?=\s)/
%ignore /\s+/
%ignore /\/\/[^\n]*/
%ignore /\/\*(.|\n)*?\*\//
%ignore /\(\*(?!\s*\))(.|\n)*?\*\)/
%ignore /`(timescale|default_nettype)[^\n]*|`(celldefine|endcelldefine|resetall)\b/
"""
TOO_LARGE = "a few letters may ask for any size, so that nets and numbers have at most 2^16 bits here"
_KNOWN = re.compile(r"module|endmodule|input|output|wire|tri|logic|assign|x?n?or|n?and|xor|xnor|buf|not")
_BASES = {"b": 2, "o": 8, "d": 10, "h": 16}


class Unsupported(Exception):
    """Verilog beyond the subset that is read here: the line, and what stands there.

    hopeless  why nobody else should read it either, if so: the file ends too early, or asks for too much
    """

    def __init__(self, line: int | None, what: str, *, hopeless: str = "") -> None:
        super().__init__(what)
        self.line, self.what, self.hopeless = line, what, hopeless


class Expression(NamedTuple):
    """An operator and its operands; a name with its bounds, or a number with its size and value, under "name" and
    "number".
    """

    kind: str
    operands: tuple[Any, ...]
    line: int
    depth: int = 0


class Net(NamedTuple):
    """A declared name: None for the direction of a wire, and no bounds for a single bit."""

    name: str
    line: int
    direction: str | None = None
    bounds: tuple[int, int] | None = None


class Assign(NamedTuple):
    """A continuous assignment: what is driven, and by what."""

    target: Expression
    value: Expression


class Instance(NamedTuple):
    """A module in another one, and what its ports are connected to: by name, or in order where names are None."""

    module: str
    name: str
    connections: list[tuple[str | None, Expression | None]]
    line: int


class Module(NamedTuple):
    """A module: the names of its ports in order, what is declared, and what is assigned and used, in order."""

    name: str
    ports: list[str]
    nets: list[Net]
    statements: list[Assign | Instance]


def parse(text: str) -> list[Module]:
    """The modules of a text. Raises `Unsupported` for everything else."""
    try:
        modules: list[Module] = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedToken as error:
        if error.token.type == "$END":
            last = text.count("\n", 0, len(text.rstrip())) + 1
            raise Unsupported(
                last, "the file ends within a module", hopeless="it may be cut short"
            ) from error
        raise Unsupported(error.line, _found(error.token)) from error
    except UnexpectedCharacters as error:
        raise Unsupported(error.line, _found(error.char)) from error
    return modules


def _found(word: str) -> str:
    return f"found {shown(str(word))}, which is no port, wire, assign, or gate and nothing in one"


@cache
def _parser() -> Lark:
    return Lark(
        _GRAMMAR,
        parser="lalr",
        lexer="basic",
        transformer=_Builder(),
        maybe_placeholders=True,
        lexer_callbacks={"NAME": _checked_name},
    )


def _checked_name(token: Token) -> Token:
    if token in KEYWORDS and not _KNOWN.fullmatch(token):
        raise Unsupported(token.line, f"found {shown(str(token))}")
    return token


def _whole(token: Token) -> int:
    if len(token) > 9:
        found = f"found the number {shown(str(token))}, which is too large"
        raise Unsupported(token.line, found, hopeless=TOO_LARGE)
    return int(token)


def plain(token: Token) -> str:
    """A name as others know it: without the backslash of an escaped one."""
    return str(token).removeprefix("\\")


class _Builder(Transformer[Any, Any]):
    """From the parser's rules to `Expression`s, `Net`s and `Assign`s."""

    def start(self, found: list[Any]) -> list[Module]:
        return found

    def module(self, found: list[Any]) -> Module:
        name, ports, *items = found
        nets, statements = [net for net in ports or [] if net.direction], list[Assign | Instance]()
        for item in (part for parts in items for part in parts):
            (nets if isinstance(item, Net) else statements).append(item)
        return Module(plain(name), [net.name for net in ports or []], nets, statements)

    def instance(self, found: list[Any]) -> list[Instance]:
        module, name, *connections = found
        pairs = [(None, each) if isinstance(each, Expression) else each for each in connections]
        return [Instance(plain(module), plain(name), pairs, module.line or 1)]

    def connection(self, found: list[Any]) -> tuple[str, Expression | None]:
        return plain(found[0]), found[1]

    def ports(self, found: list[Any]) -> list[Net]:
        """A port without anything but its name is like the one before it."""
        nets = list[Net]()
        for direction, net, bounds, name in filter(None, found):
            if direction is None and net is None and bounds is None and nets and nets[-1].direction:
                direction, bounds = nets[-1].direction, nets[-1].bounds
            nets.append(Net(plain(name), name.line, direction and str(direction), bounds))
        return nets

    def port(self, found: list[Any]) -> list[Any]:
        return found

    def range(self, found: list[Token]) -> tuple[int, int]:
        return _whole(found[0]), _whole(found[1])

    def declaration(self, found: list[Any]) -> list[Net]:
        direction, _, bounds, *names = found
        return [Net(plain(name), name.line, str(direction), bounds) for name in names]

    def net_declaration(self, found: list[Any]) -> list[Net | Assign]:
        _, bounds, *declared = found
        parts = list[Net | Assign]()
        for name, value in declared:
            parts.append(Net(plain(name), name.line, None, bounds))
            if value is not None:
                parts.append(Assign(self.name([name]), value))
        return parts

    def declared(self, found: list[Any]) -> list[Any]:
        return found

    def assigns(self, found: list[Any]) -> list[Assign]:
        return found

    def assign(self, found: list[Any]) -> Assign:
        return Assign(*found)

    def kind(self, found: list[Token]) -> str:
        return str(found[0])

    def primitive(self, found: list[Any]) -> list[Any]:
        return found[1:]

    def primitives(self, found: list[Any]) -> list[Assign]:
        kind, *all_terminals = found
        assigns = list[Assign]()
        for terminals in all_terminals:
            *others, last = terminals
            if not others:
                raise Unsupported(last.line, f"found {kind} with one terminal")
            if kind in ("buf", "not"):
                value = last if kind == "buf" else _made("inverse", [last])
                assigns += [Assign(target, value) for target in others]
            else:
                assigns.append(Assign(terminals[0], _made(kind, terminals[1:])))
        return assigns

    def name(self, found: list[Token]) -> Expression:
        return Expression("name", (plain(found[0]), *map(_whole, found[1:])), found[0].line or 1)

    def number(self, found: list[Token]) -> Expression:
        (token,) = found
        line = token.line or 1
        if token.type == "INT":
            return Expression("number", (32, _whole(token)), line)
        size, base, digits = re.fullmatch(r"(\d[\d_]*)?\s*'(.)\s*(.*)", token).groups()  # type: ignore[union-attr]
        digits, width = digits.replace("_", ""), int((size or "32").replace("_", "")[:8])
        if re.search("[xXzZ?]", digits):
            raise Unsupported(token.line, f"found {shown(str(token))}, which is no known value")
        radix = _BASES[base.lower()]
        if len(digits) > WIDEST // 4 or (radix == 10 and len(digits) > 4000) or not 1 <= width <= WIDEST:
            what = f"found the number {shown(str(token))}, which is too large"
            raise Unsupported(token.line, what, hopeless=TOO_LARGE)
        try:
            return Expression("number", (width, int(digits, radix) & ((1 << width) - 1)), line)
        except ValueError:
            raise Unsupported(token.line, f"found {shown(str(token))}, which is no number") from None

    def repeated(self, found: list[Any]) -> Expression:
        count, *parts = found
        return _made("repeated", [_whole(count), *parts])

    def __default__(self, data: Any, children: list[Any], meta: Any) -> Any:
        """An operator; rules whose names begin with _ are lark's own, for what repeats."""
        return Tree(data, children) if data.startswith("_") else _made(str(data), children)


def _made(kind: str, operands: list[Any]) -> Expression:
    inner = [operand for operand in operands if isinstance(operand, Expression)]
    line, depth = inner[0].line, 1 + max(operand.depth for operand in inner)
    if depth > DEEPEST:
        raise Unsupported(line, f"found an expression of more than {DEEPEST} levels")
    return Expression(kind, tuple(operands), line, depth)
