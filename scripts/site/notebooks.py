"""Notebooks: run without Jupyter, their outputs kept in them, and shown as pages of the site.

python scripts/site/notebooks.py            # run all; says which outputs differ from those that are kept
python scripts/site/notebooks.py --write    # keep what came out
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import click

from scripts.lib.pages import DOCS

FOLDER = DOCS / "notebooks"
Cell = dict[str, Any]


def read(path: Path) -> list[Cell]:
    cells: list[Cell] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def notebooks() -> list[Path]:
    return sorted(FOLDER.glob("*.ipynb"))


def run(cells: list[Cell]) -> list[list[Cell]]:
    """The outputs of each cell of code, as Jupyter keeps them: what is printed, and the last line's value."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return [_run(_text(cell["source"]), names) for cell in cells if cell["cell_type"] == "code"]


def _run(source: str, names: dict[str, Any]) -> list[Cell]:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "notebook", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
    outputs: list[Cell] = [] if not printed.getvalue() else [
        {"name": "stdout", "output_type": "stream", "text": printed.getvalue().splitlines(keepends=True)}
    ]  # fmt: skip
    if value is not None:
        outputs.append(
            {"data": shown(value), "execution_count": 1, "metadata": {}, "output_type": "execute_result"}
        )
    return outputs


def shown(value: Any) -> dict[str, list[str]]:
    """The ways in which a notebook may show a value."""
    data = {"text/plain": repr(value).splitlines(keepends=True)}
    svg = getattr(value, "_repr_svg_", lambda: None)()
    if svg:
        data["image/svg+xml"] = svg.splitlines(keepends=True)
    return data


def as_page(path: Path) -> str:
    """A notebook as Markdown, pictures as they are."""
    parts = []
    for cell in read(path):
        text = _text(cell["source"])
        parts.append(text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```")
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/svg+xml" in data:
                picture = " ".join(_text(data["image/svg+xml"]).split())
                parts.append(f'<figure markdown="0">{picture[picture.index("<svg") :]}</figure>')
            else:
                said = _text(output.get("text", data.get("text/plain", ""))).rstrip()
                parts.append(f"```text\n{said}\n```")
    parts.append(f'<a href="{path.name}" download>This page as a notebook</a>')
    return "\n\n".join(parts) + "\n"


def _text(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(lines)


@click.command(help=__doc__)
@click.option("--write", is_flag=True, help="Keep the outputs in the notebooks.")
def main(write: bool) -> None:
    for path in notebooks():
        whole = json.loads(path.read_text(encoding="utf-8"))
        code = [cell for cell in whole["cells"] if cell["cell_type"] == "code"]
        for number, (cell, outputs) in enumerate(zip(code, run(whole["cells"]), strict=True), 1):
            if cell["outputs"] != outputs and not write:
                click.echo(f"{path.name}: the output of cell {number} of code differs from what is kept")
            cell["outputs"], cell["execution_count"] = outputs, number
        if write:
            path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
