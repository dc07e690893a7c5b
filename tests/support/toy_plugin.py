"""The package of docs/extending.md, as files and metadata in a folder: what pip would have installed."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from btfnet import plugins
from btfnet.engines.registry import ENGINES
from btfnet.formats.registry import FORMATS
from btfnet.tasks.registry import PROBLEMS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extending.md"
BLOCK = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REGISTRIES = (FORMATS, ENGINES, PROBLEMS)


def install_page(folder: Path) -> dict[str, str]:
    """Put the package of the page into a folder; the names of its files, and their texts."""
    files = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    project = tomllib.loads(files.pop("pyproject.toml"))["project"]
    files["btfnet_toys/__init__.py"] = ""
    install(folder, project["name"], project["version"], project["entry-points"], files)
    return files


def install(folder: Path, name: str, version: str, groups: dict[str, dict[str, str]], files: dict[str, str]):
    """Put a package into a folder: its files, and the metadata by which it is found."""
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [
        line
        for group, entries in groups.items()
        for line in (f"[{group}]", *(f"{key} = {value}" for key, value in entries.items()))
    ]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def look_anew(monkeypatch) -> None:
    """Forget what plugins were found and imported."""
    plugins.plugins.cache_clear()
    for registry in REGISTRIES:
        monkeypatch.setattr(registry, "_loaded", {})
    for module in [name for name in sys.modules if name.partition(".")[0] == "btfnet_toys"]:
        monkeypatch.delitem(sys.modules, module)
