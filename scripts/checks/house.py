"""How the house stands: rooms, arrows, circles, sizes, arguments, names, and what three walks cross.

    python scripts/checks/house.py                 # this tree
    python scripts/checks/house.py OTHER .         # two trees side by side
    python scripts/checks/house.py --lists         # and what was counted, one to a line

All but the walks is read from the sources. A tree's walks run in processes with that tree in front; a tree whose
walks cannot run has none. tests/scripts/test_house.py says what must hold.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from scripts.lib import options
from scripts.lib.pages import ROOT
from scripts.lib.sources import PACKAGE, Function, Import, Module, Tree
from scripts.lib.tables import markdown

WALKS = {
    "solve": "btfnet solve, a CSV to a netlist",
    "predict": "btfnet predict of a CSV",
    "iteration": "one iteration of the projections",
}
MAX_LINES, MAX_ARGUMENTS = 300, 8
EMPTY_NAMES = ("found", "place", "part", "one", "made", "said")
"""Locals whose names tell nothing."""
OUTSIDE = {
    "scipy": "integer and linear programs: a third of a second, for what few searches need",
    "networkx": "graphs of circuits and networks, for those who ask for one",
    "rich": "progress on a terminal",
    "sklearn": "the extras `digits` and `sklearn`",
    "mpi4py": "the extra `mpi`",
    "resvg_py": "the extra `draw`",
    "pyarrow": "the extra `parquet`",
    "matplotlib": "the extra `plot`",
    "distributed": "the extra `dask`",
    "jax": "the extra `jax`",
    "resource": "Windows has none",
    "importlib": "importlib.metadata, 20 ms: for those who ask for plugins",
}
"""The one table of what a function may import when it is called, and why: all else is imported at the top."""
PUBLIC_UNDERSCORES = {"_asdict", "_replace", "_fields", "_make", "_exit", "_getframe", "_MEIPASS"}
"""Of NamedTuple, os and sys: no private members."""


# -- from the sources -----------------------------------------------------------------------------------------


def late_imports(tree: Tree) -> list[Import]:
    """Imports in functions that the table does not allow."""
    return [each for each in tree.imports() if each.inside and each.target.split(".")[0] not in OUTSIDE]


def long_files(root: Path, *folders: str) -> dict[str, int]:
    """Files of more lines than a file should have."""
    lines = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8").count("\n")
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
    }
    return {name: count for name, count in lines.items() if count > MAX_LINES}


def lines_of(function: Function) -> int:
    """Without what stands above `def`, and without the docstring."""
    count = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        count -= (first.end_lineno or 0) - first.lineno + 1
    return count


def arguments_of(function: Function) -> int:
    """All but self and cls."""
    names = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return sum(argument.arg not in ("self", "cls") for argument in names)


def is_command(function: Function) -> bool:
    """Whether its arguments are the options of a command."""
    return any(
        getattr(node, "attr", getattr(node, "id", "")) in ("command", "option", "argument")
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
    )


def functions(tree: Tree, *, kernels: bool) -> Iterator[tuple[Module, Function]]:
    for module in tree.modules.values():
        if kernels or module.room != "kernels":
            yield from ((module, function) for function in module.functions())


def longest(tree: Tree) -> list[tuple[int, str]]:
    """The ten longest functions; kernels apart."""
    lengths = [
        (lines_of(function), f"{module.name}.{function.name}")
        for module, function in functions(tree, kernels=False)
    ]
    return sorted(lengths, reverse=True)[:10]


def many_arguments(tree: Tree, most: int = MAX_ARGUMENTS) -> list[tuple[int, str]]:
    """Functions of more arguments than that; commands apart."""
    counts = [
        (arguments_of(function), f"{module.name}.{function.name}")
        for module, function in functions(tree, kernels=True)
        if arguments_of(function) > most and not is_command(function)
    ]
    return sorted(counts, reverse=True)


def empty_names(tree: Tree) -> Counter[str]:
    """How often these names are bound in functions, once a function."""
    bound: Counter[str] = Counter()
    for _, function in functions(tree, kernels=True):
        bound.update({
            node.id
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in EMPTY_NAMES
        })  # fmt: skip
    return bound


def reach_ins(paths: Iterator[Path]) -> list[str]:
    """Where files use private members that they do not define themselves: path:line name."""
    return [f"{path}:{line} {name}" for path in paths for line, name in _reach_ins(path)]


def _reach_ins(path: Path) -> Iterator[tuple[int, str]]:
    parsed = ast.parse(path.read_text(encoding="utf-8"))
    own = {node.name for node in ast.walk(parsed) if isinstance(node, Function | ast.ClassDef)}
    for node in ast.walk(parsed):
        match node:
            case ast.ImportFrom(names=aliases):
                yield from ((node.lineno, alias.name) for alias in aliases if _is_private(alias.name))
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                own.add(node.attr)
    for node in ast.walk(parsed):
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and node.attr not in own:
            yield node.lineno, node.attr


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC_UNDERSCORES


def lines_in(folder: Path, suffix: str) -> int:
    return sum(path.read_text(encoding="utf-8").count("\n") for path in folder.rglob(f"*{suffix}"))


# -- walks ----------------------------------------------------------------------------------------------------


def crossed(root: Path, walk: str) -> list[tuple[str, str]] | None:
    """Files and functions that a walk crosses, or nothing where it cannot run."""
    command = [sys.executable, str(ROOT / "scripts" / "lib" / "walks.py"), str(root), walk]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        click.echo(f"{root}, {walk}: {done.stderr[-400:]}", err=True)
        return None
    return [(file, name) for file, name in json.loads(done.stdout)]


# -- the page -------------------------------------------------------------------------------------------------


def figures(root: Path, *, walks: bool, lists: bool) -> dict[str, str]:
    """What is said of a tree, by its heading."""
    tree = Tree.read(root)
    circles, late = tree.circles(), late_imports(tree)
    files, most = long_files(root, PACKAGE, "scripts", "tests"), many_arguments(tree, 0)
    names, private = empty_names(tree), reach_ins(iter(sorted((root / "tests").rglob("*.py"))))
    inside = reach_ins(module.path for module in tree.modules.values())
    rows = {
        "rooms": str(len({module.room for module in tree.modules.values()} - {"", "__main__"})),
        "arrows between rooms": str(len(tree.room_arrows())),
        "circles of modules (files)": f"{len(circles)} ({', '.join(str(len(group)) for group in circles)})",
        "imports in functions": str(sum(bool(each.inside) for each in tree.imports())),
        "… not in the table": str(len(late)),
        f"files of more than {MAX_LINES} lines": str(len(files)),
        "longest function": "{} lines, {}".format(*longest(tree)[0]),
        "most arguments": "{}, {}".format(*most[0]),
        f"functions of more than {MAX_ARGUMENTS} arguments": str(len(many_arguments(tree))),
        "locals " + ", ".join(EMPTY_NAMES): ", ".join(str(names[name]) for name in EMPTY_NAMES),
        "private members used by tests": str(len(private)),
        "… by the package, of other files": str(len(inside)),
        "lines of the package": str(lines_in(root / PACKAGE, ".py")),
        "lines of scripts": str(lines_in(root / "scripts", ".py")),
        "lines of tests": str(lines_in(root / "tests", ".py")),
        "lines of docs": str(lines_in(root / "docs", ".md")),
    }
    for walk, title in WALKS.items() if walks else ():
        path = crossed(root, walk)
        rows[f"{title}: files, functions"] = (
            "" if path is None else f"{len({file for file, _ in path})}, {len(path)}"
        )
        if lists and path:
            show(f"{title}, {root}", sorted({file for file, _ in path}))
    if lists:
        show(f"circles, {root}", [" ".join(group) for group in circles])
        show(f"imports in functions, {root}", [f"{each.source}:{each.line} {each.target}" for each in late])
        show(f"long files, {root}", [f"{name} {count}" for name, count in files.items()])
        show(f"long functions, {root}", [f"{count} {name}" for count, name in longest(tree)])
        show(f"many arguments, {root}", [f"{count} {name}" for count, name in many_arguments(tree)])
        show(f"private members, {root}", [*private, *inside])
    return rows


def show(title: str, lines: list[str]) -> None:
    click.echo("\n".join([f"== {title}: {len(lines)}", *lines, ""]))


@options.command(__doc__)
@click.argument("trees", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--walks/--no-walks", default=True, show_default=True, help="Run the three walks.")
@click.option("--lists", is_flag=True, help="Also what was counted.")
def main(trees: tuple[Path, ...], walks: bool, lists: bool) -> None:
    roots = [tree.resolve() for tree in trees or (ROOT,)]
    columns = [figures(root, walks=walks, lists=lists) for root in roots]
    lines = [[title, *(column[title] for column in columns)] for title in columns[0]]
    click.echo(markdown(["", *(root.name for root in roots)], lines), nl=False)


if __name__ == "__main__":
    main()
