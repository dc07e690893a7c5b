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
MOST = 1 << 23
"""Bits of nets, and parts of expressions, of all instances; a few lines may ask for any number."""
OF_AN_INSTANCE = 16
LONG = 64
"""A name of so many letters counts twice."""
Bounds = dict[str, tuple[int, int] | None]
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
    nets, statements, room = list(top.nets), list[Assign | Instance](), MOST
    for each in modules:
        _check(each)
    price = {module.name: _price(module) for module in modules}
    bounds = {module.name: {net.name: net.bounds for net in module.nets} for module in modules}
    waiting = [(each, "", top.name, 1) for each in reversed(top.statements)]
    while waiting:
        statement, outside, place, depth = waiting.pop()
        if isinstance(statement, Assign):
            statements.append(Assign(_within(statement.target, outside), _within(statement.value, outside)))
            continue
        module = by_name.get(statement.module)
        if module is None:
            what = f"found an instance of {shown(statement.module)}, which is no module of the file"
            raise Unsupported(statement.line, what)
        inside = f"{outside}{statement.name}{INSIDE}"
        room -= price[module.name] * (1 + len(inside) // LONG)
        if depth == DEEPEST or room < 0:
            raise Unsupported(statement.line, "found too many instances", hopeless=TOO_LARGE)
        nets += [Net(f"{inside}{net.name}", net.line, None, net.bounds) for net in module.nets]
        statements += _connected(statement, module, outside, inside, bounds[place])
        waiting += [(each, inside, module.name, depth + 1) for each in reversed(module.statements)]
    return Module(top.name, top.ports, nets, statements)


def _check(module: Module) -> None:
    """Raise `Unsupported` where a port has no direction, or two instances have the same name."""
    directions = {net.name for net in module.nets if net.direction}
    for port in module.ports:
        if port not in directions:
            what = f"found the port {shown(port)} of {shown(module.name)}, which is neither input nor output"
            raise Unsupported(None, what)
    names = set[str]()
    for each in module.statements:
        if isinstance(each, Instance):
            if each.name in names:
                raise Unsupported(each.line, f"found a second instance that is called {shown(each.name)}")
            names.add(each.name)


def _price(module: Module) -> int:
    """What an instance of it adds."""
    found = OF_AN_INSTANCE + sum(_width(net.bounds) for net in module.nets)
    waiting: list[object] = []
    for each in module.statements:
        waiting += each if isinstance(each, Assign) else (value for _, value in each.connections)
    while waiting:
        expression = waiting.pop()
        if isinstance(expression, Expression):
            found += 1
            waiting += expression.operands
    return found


def _width(bounds: tuple[int, int] | None) -> int:
    return 1 if bounds is None else abs(bounds[0] - bounds[1]) + 1


def _connected(
    instance: Instance, module: Module, outside: str, inside: str, bounds: Bounds
) -> Iterator[Assign]:
    """What drives the inputs of an instance, and what its outputs drive.

    bounds  of the nets around it
    """
    inner = {net.name: net for net in module.nets if net.direction}
    ports, named = module.ports, [name for name, _ in instance.connections if name is not None]
    given = dict(zip(named or ports, (value for _, value in instance.connections), strict=False))
    fits = len(given) == len(instance.connections) and given.keys() <= set(ports)
    if not fits:
        raise Unsupported(
            instance.line, f"found connections of {shown(instance.name)} that its module does not have"
        )
    for port in ports:
        value, own = given.get(port), Expression("name", (f"{inside}{port}",), instance.line)
        if inner[port].direction == "input":
            if value is None:
                raise Unsupported(
                    instance.line,
                    f"found an instance {shown(instance.name)} whose input {shown(port)} is open",
                )
            _check_size(instance, port, value, bounds, _width(inner[port].bounds), exact=False)
            yield Assign(own, _within(value, outside))
        elif value is not None:
            _check_size(instance, port, value, bounds, _width(inner[port].bounds), exact=True)
            yield Assign(_within(value, outside), own)


def _check_size(
    instance: Instance, port: str, value: Expression, bounds: Bounds, width: int, *, exact: bool
) -> None:
    """Raise `Unsupported` where a port is connected to more or fewer bits than it has, or to who knows how many.

    exact  also where it has one
    """
    if width == 1 and not exact:
        return  # the lowest bit of whatever it is
    size = _size(value, bounds)
    if size != width:
        many = "an expression" if size is None else f"{size} bits"
        what = f"found {many} at the port {shown(port)} of {shown(instance.name)}, which has {width}"
        raise Unsupported(instance.line, what)


def _size(target: Expression, bounds: Bounds) -> int | None:
    """How many bits a name, a number, or several of them have; None of all else."""
    if target.kind == "joined":
        sizes = [_size(part, bounds) for part in target.operands]
        return None if None in sizes else sum(size or 0 for size in sizes)
    if target.kind == "number":
        return int(target.operands[0])
    if target.kind == "inverse":
        return _size(target.operands[0], bounds)
    if target.kind != "name":
        return None
    name, *chosen = target.operands
    if chosen:
        return abs(chosen[0] - chosen[-1]) + 1
    return _width(bounds.get(name))


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
