"""The page that says where everything lives names every room, and its index every file."""

from scripts.checks import architecture


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
