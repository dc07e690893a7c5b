"""The site's pages: every public name is in the reference, links and formulas become what they should."""

import importlib
import re

import pytest

import btfnet
from scripts.lib.pages import DOCS, ROOT
from scripts.site import links, notebooks, pages
from scripts.site.docstrings import as_markdown
from scripts.site.mathematics import as_mathml

MODULES = ("constraints", "formats", "tasks")
CONFIGURATION = ROOT / "scripts" / "site" / "mkdocs.yml"


def public():
    """What `import btfnet` offers, from the package as it runs."""
    modules = {name: importlib.import_module(f"btfnet.{name}") for name in MODULES}
    yield from (f"btfnet.{name}" for name in btfnet.__all__ if name not in (*modules, "__version__"))
    yield from (f"btfnet.{room}.{name}" for room, module in modules.items() for name in module.__all__)


def test_every_public_name_has_an_entry_in_the_reference():
    text = "\n".join(page.text for page in pages.reference())
    missing = [name for name in public() if f"::: {name}\n" not in text and f"`{name}` is [" not in text]
    assert missing == []


def test_every_entry_of_the_reference_says_what_it_is():
    assert [name for name in pages.public_names() if not pages.first_line(name)] == []


def test_every_format_has_a_page():
    specs = {path.stem for path in (ROOT / "btfnet" / "formats").rglob("*.md")}
    assert {page.uri for page in pages.formats()} == {f"formats/{name}.md" for name in specs}


def test_the_navigation_names_pages_that_exist():
    named = re.findall(r": ([\w/]+\.md)$", CONFIGURATION.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(named) > 40
    assert [uri for uri in named if not (DOCS / uri).exists() and uri not in pages.written()] == []


def test_a_link_out_of_docs_leads_to_where_the_site_has_it():
    text = (
        "[a](../CONTRIBUTING.md#check) [b](../btfnet/formats/csv/csv_items.md) [c](free.md) [d](../LICENSE)"
    )
    assert links.rewritten(text, DOCS / "engines.md", "engines.md") == (
        "[a](contributing.md#check) [b](formats/csv_items.md) [c](free.md) [d](source/LICENSE)"
    )
    assert links.copied(text, DOCS / "engines.md") == {ROOT / "LICENSE"}


def test_links_in_code_are_left_alone():
    text = "```python\nx[0](../README.md)\n```\n`[a](../README.md)`\n\n    [b](../README.md)\n\n"
    there = links.rewritten(text + "[c](../README.md)", DOCS / "engines.md", "engines.md")
    assert there == text + "[c](index.md)"


def test_public_names_in_code_and_pages_in_prose_become_links():
    html = "<code>btfnet.solve(problem)</code> <code>btfnet.Solved</code>, see docs/free.md"
    assert links.with_names_linked(html, lambda uri: f"../{uri}") == (
        '<a href="../reference/search.md#btfnet.solve"><code>btfnet.solve(problem)</code></a> '
        '<code>btfnet.Solved</code>, see <a href="../free.md">docs/free.md' + "</a>"
    )


def test_aligned_tables_of_docstrings_become_lists():
    text = "What it is.\n\nbeta   step, which\n       goes on\ngap    distance\n\n    a  b\n\nRaises nothing."
    assert as_markdown(text) == (
        "What it is.\n\n- `beta` — step, which goes on\n- `gap` — distance\n\n    a  b\n\nRaises nothing."
    )


def test_formulas_become_mathml_without_a_script():
    html = as_mathml(r'<p><span class="arithmatex">\(a &lt; \beta\)</span></p>')
    assert html.startswith("<p><math")
    assert "script" not in html


@pytest.mark.needs_jit
@pytest.mark.parametrize("path", notebooks.notebooks(), ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_what_it_shows(path):
    cells = [cell for cell in notebooks.read(path) if cell["cell_type"] == "code"]
    for cell, outputs in zip(cells, notebooks.run(cells), strict=True):
        texts = [
            ["".join(each["text"]) for each in kept if "text" in each] for kept in (outputs, cell["outputs"])
        ]
        if "rounding" in cell["metadata"].get("tags", ()):
            texts = [[re.sub(r"[\d.#\s]+", "", text) for text in each] for each in texts]
        assert texts[0] == texts[1], "python scripts/site/notebooks.py --write keeps the new ones"
