"""Where the problem files lie that come with btfnet, and what they are called."""

from __future__ import annotations

from pathlib import Path

from btfnet.errors import UsageError

SUFFIX = ".toml"
PACKAGE = Path(__file__).resolve().parents[1]


def problem_folder(package: Path = PACKAGE) -> Path:
    """Inside an installed package, beside it in a source checkout. Raises `UsageError` where there is none."""
    for folder in (package / "_problems", package.parent / "problems"):
        if folder.is_dir():
            return folder
    raise UsageError(
        f"the built-in problems are missing: no folder {package / '_problems'}. Install btfnet again."
    )


def problem_names() -> list[str]:
    """The built-in problems that have a file of their own, parity-16 behind parity-4."""
    return sorted((path.stem for path in problem_folder().glob(f"*{SUFFIX}")), key=_by_number)


def _by_number(name: str) -> tuple[tuple[int, int, str], ...]:
    parts = name.replace("x", "-").split("-")
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
