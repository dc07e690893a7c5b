"""Python sources of a tree, read without running them: modules, what they import, functions, names.

tree = Tree.read(Path("."))
for arrow in tree.arrows():
    print(arrow.source, "->", arrow.target)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

PACKAGE = "btfnet"
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Import(NamedTuple):
    """A module that a module imports, anywhere in it.

    source, target  dotted names; the target is a module of the tree or something from outside
    line            where it stands
    inside          the function that imports it, or nothing
    """

    source: str
    target: str
    line: int
    inside: str


@dataclass(frozen=True)
class Module:
    """A file of the package."""

    name: str
    path: Path
    text: str

    @cached_property
    def parsed(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def room(self) -> str:
        """The first name below the package: a folder, or a file beside the folders."""
        return (self.name.split(".") + [""])[1]

    @property
    def n_lines(self) -> int:
        return self.text.count("\n")

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.parsed) if isinstance(node, Function))


@dataclass(frozen=True)
class Tree:
    """The package's modules by their dotted names."""

    root: Path
    modules: dict[str, Module]

    @classmethod
    def read(cls, root: Path) -> Tree:
        modules = {}
        for path in sorted((root / PACKAGE).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = Module(name, path, path.read_text(encoding="utf-8"))
        return cls(root, modules)

    def imports(self) -> list[Import]:
        return [each for module in self.modules.values() for each in self._imports_of(module)]

    def _imports_of(self, module: Module) -> Iterator[Import]:
        for node, inside in _with_function(module.parsed, ""):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(module.name, alias.name, node.lineno, inside)
            elif isinstance(node, ast.ImportFrom):
                for target in dict.fromkeys(self._target(node.module or "", alias) for alias in node.names):
                    yield Import(module.name, target, node.lineno, inside)

    def _target(self, module: str, alias: ast.alias) -> str:
        whole = f"{module}.{alias.name}"
        return whole if whole in self.modules else module

    def arrows(self) -> set[tuple[str, str]]:
        """Modules of the package that import one another, wherever in the file: source, target."""
        return {
            (each.source, each.target)
            for each in self.imports()
            if each.target in self.modules and each.target != each.source
        }

    def room_arrows(self) -> set[tuple[str, str]]:
        """Rooms that import one another; the package's own front, which names everything, is none."""
        rooms = {(self.modules[source].room, self.modules[target].room) for source, target in self.arrows()}
        return {(source, target) for source, target in rooms if source != target and source and target}

    def circles(self) -> list[list[str]]:
        """Modules that import one another round about, the largest circle first."""
        onwards: dict[str, list[str]] = {name: [] for name in self.modules}
        for source, target in sorted(self.arrows()):
            onwards[source].append(target)
        return sorted((group for group in components(onwards) if len(group) > 1), key=len, reverse=True)


def _with_function(node: ast.AST, inside: str) -> Iterator[tuple[ast.AST, str]]:
    """Every node below, with the name of the function in which it stands."""
    for child in ast.iter_child_nodes(node):
        within = child.name if isinstance(child, Function) else inside
        yield child, within
        yield from _with_function(child, within)


def components(onwards: dict[str, list[str]]) -> list[list[str]]:
    """Strongly connected components: Tarjan, SIAM J. Comput. 1, 146 (1972), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    components_: list[list[str]] = []
    for start in onwards:
        if start in index:
            continue
        work = [(start, iter(onwards[start]))]
        while work:
            node, rest = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            for target in rest:
                if target not in index:
                    work.append((target, iter(onwards[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    components_.append(sorted(stack[cut:]))
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
    return components_
