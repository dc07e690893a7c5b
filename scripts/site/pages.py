"""Pages that are not written by hand: reference, formats beside their modules, notebooks, what is at the top."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import griffe

from scripts.lib.pages import DOCS, ROOT
from scripts.site.notebooks import as_page
from scripts.site.notebooks import notebooks as all_notebooks

PACKAGE = ROOT / "btfnet"
OWN_MODULES = ("sklearn",)
"""Public modules that `btfnet/__init__.pyi` does not name: what they stand on need not be installed."""
TITLES = {
    "problems": "Problems",
    "search": "Search",
    "circuits": "Circuits",
    "committees": "Committees",
    "projections": "Projections",
    "constraints": "Constraints",
    "formats": "Files",
    "tasks": "Built-in problems",
    "sklearn": "scikit-learn",
    "errors": "Errors and warnings",
}
"""Pages of the reference in their order; a room that is missing here gets a page of its own."""
PAGE_OF_ROOM = {
    "problem": "problems",
    "checkpoint": "search",
    "settings": "search",
    "logic": "circuits",
    "synthesis": "circuits",
    "engines": "circuits",
    "families": "circuits",
    "committee": "committees",
}


@dataclass(frozen=True)
class Written:
    """A page of the site that has no file of its own in docs/.

    origin  the file whose links are meant from where that file is
    """

    uri: str
    title: str
    text: str
    origin: Path


@cache
def package() -> griffe.Object:
    """The package, as its sources say; nothing of it runs."""
    loaded = griffe.load("btfnet", search_paths=[str(ROOT)])
    assert isinstance(loaded, griffe.Object)
    return loaded


@cache
def public_names() -> dict[str, str]:
    """Every public name, such as `btfnet.solve` or `btfnet.constraints.Btf`, and its page of the reference."""
    stub = (PACKAGE / "__init__.pyi").read_text(encoding="utf-8")
    names = {}
    for room, name in re.findall(r"^from \.(\w+)[\w.]* import (\w+) as \2$", stub, re.MULTILINE):
        names[f"btfnet.{name}"] = PAGE_OF_ROOM.get(room, room)
    modules = re.findall(r"^from \. import (\w+) as \1$", stub, re.MULTILINE)
    for module in (*modules, *OWN_MODULES):
        if module in package().members:
            for name in package()[module].exports or ():
                names[f"btfnet.{module}.{name}"] = module
    return names


def first_line(name: str) -> str:
    """What a public name is, from its docstring."""
    found = package()[name.removeprefix("btfnet.")]
    docstring = found.docstring
    return docstring.value.split("\n\n")[0].replace("\n", " ").replace("|", "\\|") if docstring else ""


def anchor(name: str) -> str:
    """`name` itself, or the name under which the same object stands further up: `btfnet.formats.Items`."""
    short = f"btfnet.{name.rsplit('.', 1)[1]}"
    if short != name and short in public_names():
        same = package()[name.removeprefix("btfnet.")].canonical_path
        if same == package()[short.removeprefix("btfnet.")].canonical_path:
            return short
    return name


def place(name: str) -> str:
    """Where the site has a public name: page and anchor."""
    return f"reference/{public_names()[anchor(name)]}.md#{anchor(name)}"


def reference() -> list[Written]:
    """A page for each topic: a table of its names, and what each says of itself."""
    names = public_names()
    topics = sorted(set(names.values()), key=lambda each: [*TITLES, each].index(each))
    return [
        _topic(topic, sorted((name for name in names if names[name] == topic), key=_functions_first))
        for topic in topics
    ]


def _functions_first(name: str) -> tuple[bool, str]:
    return name.rsplit(".", 1)[1][0].isupper(), name


def _topic(topic: str, names: list[str]) -> Written:
    title = TITLES.get(topic, topic.capitalize())
    rows = [f"| [`{name}`]({topic}.md#{anchor(name)}) | {first_line(name)} |" for name in names if
            public_names()[anchor(name)] == topic]  # fmt: skip
    also = [name for name in names if public_names()[anchor(name)] != topic]
    lines = [f"# {title}", ""]
    if topic in package().members and (docstring := package()[topic].docstring):
        lines += [docstring.value.split("\n\n")[0], ""]
    lines += ["| name | |", "|---|---|", *rows, ""]
    lines += [f"`{name}` is [`{anchor(name)}`]({Path(place(name)).name}).\n" for name in also]
    lines += [f"::: {name}\n" for name in names if name not in also]
    return Written(f"reference/{topic}.md", title, "\n".join(lines), DOCS / "reference" / f"{topic}.md")


def formats() -> list[Written]:
    """The specification of each format, which lies beside its module."""
    found = sorted((PACKAGE / "formats").rglob("*.md"), key=lambda path: path.stem)
    return [_page(path, f"formats/{path.stem}.md") for path in found]


def notebooks() -> list[Written]:
    """Notebooks with the outputs that they keep."""
    return [_page(path, f"notebooks/{path.stem}.md", as_page(path)) for path in all_notebooks()]


def at_the_top() -> list[Written]:
    """Contributing and changes."""
    return [_page(ROOT / f"{name}.md", f"{name.lower()}.md") for name in ("CONTRIBUTING", "CHANGELOG")]


def _page(path: Path, uri: str, text: str | None = None) -> Written:
    text = path.read_text(encoding="utf-8") if text is None else text
    title = re.match(r"# (.*)", text)
    assert title is not None, f"{path}: the first line is no title; begin with # and a title."
    return Written(uri, title[1].replace("`", ""), text, path)


@cache
def written() -> dict[str, Written]:
    """All of them, by where they stand in the site."""
    return {page.uri: page for page in (*reference(), *formats(), *notebooks(), *at_the_top())}
