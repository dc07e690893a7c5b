"""Newcomers walk the pages: what stands there is typed, in an empty folder, and answers as the pages say."""

from itertools import pairwise

import pytest
from numba import config
from support.walked_pages import DOCS, Walk, blocks, check, links

PATHS = {
    "hardware": ("index.md", "install.md", "tutorials/truth_table.md", "howto/fpga.md"),
    "research": ("index.md", "tutorials/own_constraint.md", "tutorials/own_network.md"),
    "data": ("index.md", "tutorials/own_csv.md", "howto/read_a_result.md"),
}
"""Three newcomers, and the pages they come by."""
WALKED = {page for path in PATHS.values() for page in path}
FOLDERS = ("tutorials", "howto")
OTHERS = sorted(
    page
    for folder in FOLDERS
    for path in (DOCS / folder).glob("*.md")
    if (page := path.relative_to(DOCS).as_posix()) not in WALKED
)

needs_jit = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="searches need compiled kernels")


@needs_jit
@pytest.mark.parametrize("path", PATHS)
def test_a_newcomer_gets_along_by_the_pages_alone(path, tmp_path):
    walk = Walk(tmp_path)
    for page in PATHS[path]:
        walk.page(page)


@needs_jit
@pytest.mark.parametrize("page", [*OTHERS, "committees.md", "large_data.md", "learning.md"])
def test_what_a_page_says_works_by_itself(page, tmp_path):
    walk = Walk(tmp_path)
    if page in ("committees.md", "learning.md"):
        names = {"__name__": "__main__"}
        for block in blocks(page):
            walk.python(block.text, page, names)
    else:
        walk.page(page)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_a_path_leads_to_the_next(path):
    pages = PATHS[path]
    assert [(page, after) for page, after in pairwise(pages) if after not in links(page)] == []


def test_answers_that_a_page_shows_are_compared():
    check("a … c\nd\n", "x\na b c\ny\nd\n", "a page")
    with pytest.raises(AssertionError, match="shows"):
        check("d\na … c\n", "a b c\nd\n", "a page")
