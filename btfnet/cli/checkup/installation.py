"""The installation: btfnet, Python, libraries, extras, outside programs, plugins."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pkgutil import resolve_name

import btfnet
from btfnet.cli.checkup.finding import Finding, Verdict
from btfnet.errors import ToolMissing
from btfnet.plugins import ENGINES, FORMATS, GROUPS, PROBLEMS, plugins

LIBRARIES = (
    "numpy", "numba", "llvmlite", "scipy", "networkx", "click", "lark", "rich", "filelock", "lazy_loader", "pysat",
)  # fmt: skip
"""Modules without which btfnet does not work."""
PACKAGES = {
    "lazy_loader": "lazy-loader",
    "pysat": "python-sat",
    "sklearn": "scikit-learn",
    "resvg_py": "resvg-py",
}
"""Packages whose module has another name."""
EXTRAS = {
    "digits": ("sklearn",),
    "draw": ("resvg_py",),
    "hw": ("aigverse", "pyosys"),
    "jax": ("jax",),
    "learn": ("sklearn",),
    "parquet": ("pyarrow",),
    "plot": ("matplotlib",),
    "sklearn": ("sklearn",),
}
"""Modules that extras bring; those of extras that this version does not have are not looked at."""
PROGRAMS = {
    "yosys": "netlists as .yosys.json, and judging others",
    "abc": "fewer gates: --optimise",
    "iverilog": "simulating Verilog",
    "cc": "compiling exported C",
}
"""Outside programs, and what for."""


def itself() -> Iterator[Finding]:
    """Versions, and where btfnet is."""
    yield Finding("btfnet", "version", btfnet.__version__)
    yield Finding("btfnet", "folder", str(resolve_name("btfnet.files.shipped:PACKAGE")))
    yield Finding("btfnet", "Python", f"{platform.python_version()} ({sys.executable})")
    yield Finding("btfnet", "system", f"{platform.system()} {platform.release()}, {platform.machine()}")
    if not sys.platform.startswith("linux"):
        yield Finding(
            "btfnet", "support", "tested on Linux", Verdict.NOTE,
            "What goes wrong here alone is worth a report: docs/platforms.md.",
        )  # fmt: skip
    folder = resolve_name("btfnet.files.shipped:problem_names")()
    yield Finding("btfnet", "built-in problems", str(len(folder)))


def libraries() -> Iterator[Finding]:
    """What btfnet needs: each is imported."""
    for module in LIBRARIES:
        package = PACKAGES.get(module, module)
        try:
            resolve_name(module)
        except Exception as error:  # an import may raise anything
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            advice = f"Install it anew: pip install --force-reinstall '{package}'."
            yield Finding("libraries", package, f"cannot be loaded ({reason})", Verdict.PROBLEM, advice)
        else:
            yield Finding("libraries", package, version_of(package))


def extras() -> Iterator[Finding]:
    """What the extras bring, without importing it."""
    known = _known_extras()
    for extra, modules in EXTRAS.items():
        if extra not in known:
            continue
        missing = [PACKAGES.get(module, module) for module in modules if find_spec(module) is None]
        if missing:
            advice = f"If you want it: pip install 'btfnet[{extra}]'."
            yield Finding("extras", extra, f"without {', '.join(missing)}", Verdict.NOTE, advice)
        else:
            packages = [PACKAGES.get(module, module) for module in modules]
            found = ", ".join(f"{package} {version_of(package)}" for package in packages)
            yield Finding("extras", extra, found)


def _known_extras() -> set[str]:
    """Those of the installed version; of a source tree that is not installed, all."""
    try:
        return set(importlib.metadata.metadata("btfnet").get_all("Provides-Extra") or EXTRAS)
    except importlib.metadata.PackageNotFoundError:
        return set(EXTRAS)


def programs() -> Iterator[Finding]:
    """Outside programs: where they are, or how to install them."""
    find = resolve_name("btfnet.tools.programs:find")
    for name, purpose in PROGRAMS.items():
        try:
            program = find(name)
        except ToolMissing as error:
            advice = str(error).partition(". ")[2]
            yield Finding("programs", name, f"not there (for {purpose})", Verdict.NOTE, advice)
        else:
            yield Finding("programs", name, f"{program.origin}: {program.command[0]}")


def of_others() -> Iterator[Finding]:
    """Plugins: each is imported; of one that cannot be used a warning is given, which the check-up hears."""
    registries = {
        FORMATS: "btfnet.formats.registry:FORMATS",
        ENGINES: "btfnet.engines.registry:ENGINES",
        PROBLEMS: "btfnet.tasks.registry:PROBLEMS",
    }
    if not any(map(plugins, GROUPS)):
        yield Finding("plugins", "of other packages", "none")
    for group, where in registries.items():
        registry = resolve_name(where)
        for name in registry.others():
            yield Finding("plugins", f"{GROUPS[group]} {name}", registry.origin(name))


def version_of(package: str) -> str:
    """As its metadata says."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"
