"""What mkdocs asks while it builds the site (scripts/site/mkdocs.yml): pages, links, formulas, notebooks."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts.lib.pages import DOCS, ROOT
from scripts.site import links, pages
from scripts.site.mathematics import as_mathml

CODE_IN_CELL = re.compile(r"<code>[^<]*</code>")
"""In tables of Markdown a bar in code stands behind a backslash, which stays there."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Where the navigation says REFERENCE, FORMATS and so on, these pages; OTHERS: what it does not name."""
    parts: dict[str, list[Any]] = {
        "REFERENCE": [{page.title: page.uri} for page in pages.reference()],
        "FORMATS": [{page.title: page.uri} for page in pages.formats()],
        "NOTEBOOKS": [{page.title: page.uri} for page in pages.notebooks()],
    }
    named = str(config.nav)
    found = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    parts["OTHERS"] = [uri for uri in found if f"'{uri}'" not in named]
    config.nav = _filled(config.nav, parts)
    return config


def _filled(entry: Any, parts: dict[str, list[Any]]) -> Any:
    if isinstance(entry, list):
        return [filled for each in entry if (filled := _filled(each, parts)) not in ([], {"More": []})]
    if isinstance(entry, dict):
        return {title: _filled(each, parts) for title, each in entry.items()}
    return parts.get(entry, entry)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Written pages, and copies of what pages link to elsewhere in the repository."""
    texts = {path: path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}
    for uri, page in pages.written().items():
        files.append(File.generated(config, uri, content=page.text))
        texts[page.origin] = page.text
    for path in set().union(*(links.copied(text, page) for page, text in texts.items())):
        uri = f"source/{path.relative_to(ROOT).as_posix()}"
        files.append(File.generated(config, uri, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    uri = page.file.src_uri
    known = pages.written().get(uri)
    if uri == "commands.md":
        markdown = links.with_options_as_code(markdown)
    return links.rewritten(markdown, known.origin if known else DOCS / uri, uri)


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    def href(uri: str) -> str | None:
        file = files.get_file_from_path(uri)
        return None if file is None or file is page.file else file.url_relative_to(page.file)

    html = CODE_IN_CELL.sub(lambda code: code[0].replace("\\|", "|"), html)
    return as_mathml(links.with_names_linked(html, href))
