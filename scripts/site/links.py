"""Links of pages to other files of the repository, and to what they name.

A link is meant from where its page lies, so that it works in a checkout, too; the site has some pages elsewhere
(pages.py), and of other files a copy below source/.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from scripts.lib.pages import DOCS, ROOT
from scripts.site.pages import public_names, written

CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|^(?: {4}[^\n]*\n)+|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\()([^)#\s:]+)((?:#[^)\s]*)?\))")
FILE_AS_TEXT = re.compile(r"\[([\w/]+\.md)\]\(([^)#\s:]+)")
NESTED = re.compile(r"^ {2,3}- ", re.MULTILINE)
"""Items of a list in a list, which this Markdown wants four signs further in."""
OPTION = re.compile(r"(?<![\w`-])(--[a-z][a-z-]*[a-z])")
PAGE_NAMED = re.compile(r"(?<![\w/.>\"-])docs/([\w/-]+)\.md\b")
NAME_IN_CODE = re.compile(r"(?<!>)<code>(btfnet(?:\.\w+)+)([^<]*)</code>")


def target(page: Path, link: str) -> Path:
    return Path(os.path.normpath(page.parent / link))


def uri_of(path: Path) -> str | None:
    """Where the site has a file of the repository; None where there is no such file."""
    if path == ROOT / "README.md":
        return "index.md"
    for uri, page in written().items():
        if page.origin == path:
            return uri
    if not path.is_file():
        return None
    if DOCS in path.parents:
        return path.relative_to(DOCS).as_posix()
    return f"source/{path.relative_to(ROOT).as_posix()}" if ROOT in path.parents else None


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with what is no code changed."""
    parts, end = [], 0
    for code in CODE.finditer(text):
        parts += [change(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, change(text[end:])])


def rewritten(text: str, page: Path, uri: str) -> str:
    """The page's text with links to where the site has what they lead to."""

    def link(found: re.Match[str]) -> str:
        there = uri_of(target(page, found[2]))
        if there is None:
            return found[0]  # mkdocs warns
        return found[1] + os.path.relpath(there, os.path.dirname(uri) or ".") + found[3]

    def titled(found: re.Match[str]) -> str:
        return f"[{title_of(target(page, found[2])) or found[1]}]({found[2]}"

    return outside_code(
        text, lambda prose: LINK.sub(link, FILE_AS_TEXT.sub(titled, NESTED.sub("    - ", prose)))
    )


def title_of(path: Path) -> str | None:
    """The first line of a page, without its sign."""
    if not path.is_file():
        return None
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    return first.removeprefix("# ") if first.startswith("# ") else None


def with_options_as_code(text: str) -> str:
    """Options of commands that stand in prose, as help texts have them."""
    return outside_code(text, lambda prose: OPTION.sub(r"`\1`", prose))


def copied(text: str, page: Path) -> set[Path]:
    """Files outside docs/ that the page links to and that are no pages themselves."""
    found: set[Path] = set()

    def note(prose: str) -> str:
        for link in LINK.finditer(prose):
            path = target(page, link[2])
            if (uri_of(path) or "").startswith("source/"):
                found.add(path)
        return prose

    outside_code(text, note)
    return found


def with_names_linked(html: str, href: Callable[[str], str | None]) -> str:
    """Public names in code, and pages that are named in prose, lead to where they stand.

    href  the address of a page (and anchor) as seen from the page at hand; None where there is no such page
    """

    def name(found: re.Match[str]) -> str:
        names = [each for each in public_names() if f"{found[1]}.".startswith(f"{each}.")]
        if not names:
            return found[0]
        longest = max(names, key=len)
        there = href(f"reference/{public_names()[longest]}.md")
        return f'<a href="{there}#{longest}">{found[0]}</a>' if there else found[0]

    def page(found: re.Match[str]) -> str:
        there = href(f"{found[1]}.md")
        return f'<a href="{there}">{found[0]}</a>' if there else found[0]

    return PAGE_NAMED.sub(page, NAME_IN_CODE.sub(name, html))
