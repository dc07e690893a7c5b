"""What pages and docstrings name is there: files, folders, modules, and what a link leads to."""

import re
from pathlib import Path

import pytest

from btfnet.plugins import GROUPS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("btfnet/**/*.md"),
]
FOLDERS = ("btfnet", "scripts", "tests", "problems")
SOURCES = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
PATH = re.compile(r"(?<![\w/.~-])(?:btfnet|scripts|tests|docs|problems)(?:/\w[\w.-]*)+(?![\w…<*{-]|/[<*{…_])")
MODULE = re.compile(r"(?<![\w/.-])btfnet(?:\.[A-Za-z]\w*)+")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
KEPT_ELSEWHERE = re.compile(r"`btfnet/kernels[-/_]+[^`]*…`")
"""Folders of compiled kernels, which are no part of the repository."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_there(named: str) -> bool:
    return any((ROOT / f"{named}{suffix}").exists() for suffix in ("", ".py"))


def is_a_name(dotted: str) -> bool:
    """Whether `btfnet.a.b.c` is a module, the next word stands in its text, or it is a group of plugins."""
    if dotted in GROUPS:
        return True
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        file = ROOT.joinpath(*parts[:length])
        file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        if file.exists():
            break
    if length == len(parts):
        return True
    text = file.with_suffix(".pyi") if file.with_suffix(".pyi").exists() else file
    return re.search(rf"\b{parts[length]}\b", text.read_text(encoding="utf-8")) is not None


@pytest.mark.parametrize("file", PAGES + SOURCES, ids=name_of)
def test_paths_that_a_text_names_exist(file):
    text = KEPT_ELSEWHERE.sub("", file.read_text(encoding="utf-8"))
    assert [named for named in PATH.findall(text) if not is_there(named.rstrip("."))] == []


@pytest.mark.parametrize(
    "file", PAGES + [path for path in SOURCES if (ROOT / "btfnet") in path.parents], ids=name_of
)
def test_modules_and_names_of_btfnet_that_a_text_names_exist(file):
    named = set(MODULE.findall(file.read_text(encoding="utf-8")))
    assert [each for each in sorted(named) if not is_a_name(each)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_somewhere(page):
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target for target in LINK.findall(prose) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_a_name_that_is_not_there_is_noticed():
    assert is_a_name("btfnet.search.solve.solve")
    assert is_a_name("btfnet.Checkpoint")
    assert not is_a_name("btfnet.nothing")
    assert not is_a_name("btfnet.search.nothing.solve")
    assert not is_there("scripts" + "/nothing.py")
