"""Structural Verilog: modules that use each other, as the one module that they are together."""

from __future__ import annotations

from collections.abc import Iterator

from btfnet.formats.verilog.grammar import (
    TOO_LARGE,
    Assign,
    Expression,
    Instance,
    Module,
    Net,
    Unsupported,
)
from btfnet.printable import shown

DEEPEST = 64
"""Modules within one another."""
MOST = 1 << 20
"""Nets and assignments of all instances; a few lines may ask for any number."""
INSIDE = " "
"""Between an instance and a name in it: no name has one."""


def flattened(modules: list[Module]) -> Module:
    """The module that no other one uses, with what it uses in the place of instances.

    Raises `Unsupported` where there are several of these, or none, for instances of modules that are not there,
    and for connections that do not fit.
    """
    by_name = {module.name: module for module in modules}
    used = {each.module for module in modules for each in module.statements if isinstance(each, Instance)}
    tops = [module for module in modules if module.name not in used]
    if len(by_name) < len(modules) or len(tops) != 1:
        what = "two modules of the same name" if len(by_name) < len(modules) else "several modules"
        raise Unsupported(None, f"found {what}, of which none is the one that uses the others")
    top = tops[0]
    if not used:
        return top
    nets, statements = list(top.nets), list[Assign | Instance]()
    waiting = [(each, "", 1) for each in reversed(top.statements)]
    while waiting:
        statement, outside, depth = waiting.pop()
        if isinstance(statement, Assign):
            statements.append(Assign(_within(statement.target, outside), _within(statement.value, outside)))
            continue
        module = by_name.get(statement.module)
        if module is None:
            what = f"found an instance of {shown(statement.module)}, which is no module of the file"
            raise Unsupported(statement.line, what)
        inside = f"{outside}{statement.name}{INSIDE}"
        nets += [Net(f"{inside}{net.name}", net.line, None, net.bounds) for net in module.nets]
        statements += _connected(statement, module, outside, inside)
        waiting += [(each, inside, depth + 1) for each in reversed(module.statements)]
        if depth == DEEPEST or len(nets) + len(statements) + len(waiting) > MOST:
            raise Unsupported(statement.line, "found too many instances", hopeless=TOO_LARGE)
    return Module(top.name, top.ports, nets, statements)


def _connected(instance: Instance, module: Module, outside: str, inside: str) -> Iterator[Assign]:
    """What drives the inputs of an instance, and what its outputs drive."""
    directions = {net.name: net.direction for net in module.nets if net.direction}
    ports, named = module.ports, [name for name, _ in instance.connections if name is not None]
    given = dict(zip(named or ports, (value for _, value in instance.connections), strict=False))
    fits = len(given) == len(instance.connections) and given.keys() <= set(ports)
    if not fits or set(ports) != directions.keys():
        raise Unsupported(
            instance.line, f"found connections of {shown(instance.name)} that its module does not have"
        )
    for port in ports:
        value, own = given.get(port), Expression("name", (f"{inside}{port}",), instance.line)
        if directions[port] == "input":
            if value is None:
                raise Unsupported(
                    instance.line,
                    f"found an instance {shown(instance.name)} whose input {shown(port)} is open",
                )
            yield Assign(own, _within(value, outside))
        elif value is not None:
            yield Assign(_within(value, outside), own)


def _within(expression: Expression, inside: str) -> Expression:
    """The same, of the names of an instance."""
    if not inside:
        return expression
    kind, operands, line, depth = expression
    if kind == "name":
        return Expression(kind, (f"{inside}{operands[0]}", *operands[1:]), line, depth)
    changed = tuple(
        _within(operand, inside) if isinstance(operand, Expression) else operand for operand in operands
    )
    return Expression(kind, changed, line, depth)
