"""The page that says where everything lives names every room, and its index every file."""

import re

from scripts.checks import architecture

TEXTS = ("btfnet", "docs", "scripts", "tests", "CONTRIBUTING.md", "README.md")
PATH = re.compile(r"(?<![\w./-])(?:btfnet|docs|scripts|tests)/[\w/.-]*\w\.(?:py|md|svg|jsonl)\b")


def test_the_page_names_every_room_and_wing():
    assert architecture.missing(architecture.PAGE.read_text(encoding="utf-8")) == []


def test_the_index_of_files_is_that_of_the_code():
    page = architecture.PAGE.read_text(encoding="utf-8")
    assert architecture.with_index(page) == page, "run python scripts/checks/architecture.py --write"


def test_a_room_that_the_page_does_not_name_is_noticed():
    page = architecture.PAGE.read_text(encoding="utf-8")
    assert architecture.missing(page.replace("`kernels/", "`colonels/")) != []


def test_every_file_says_in_its_first_line_what_it_is():
    files = [path for path in architecture.PACKAGE.rglob("*.py") if path.name != "__main__.py"]
    assert [path.name for path in files if not architecture.purpose(path)] == []


def test_rooms_that_list_their_files_list_those_that_exist():
    wrong = {}
    for room in architecture.rooms():
        above = architecture.listed(room.parent)
        if named := architecture.listed(room):
            files = {path.name for path in room.glob("*.py")} - {"__init__.py"}
            below = {path.name for path in room.glob("*/*.py")}
            if ghosts := named - files - below:
                wrong[f"{room}, no such files"] = ghosts
            if forgotten := files - named - above:
                wrong[f"{room}, not listed"] = forgotten
    assert wrong == {}


def test_texts_name_files_that_exist():
    roots = [architecture.ROOT / name for name in TEXTS]
    files = [path for root in roots for path in (root.rglob("*") if root.is_dir() else [root])]
    texts = {
        path: path.read_text(encoding="utf-8") for path in files if path.suffix in (".py", ".md", ".pyi")
    }
    named = {(path.name, name) for path, text in texts.items() for name in PATH.findall(text)}
    assert [each for each in named if not (architecture.ROOT / each[1]).exists()] == []
