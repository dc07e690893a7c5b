"""Modules that are loaded when they are needed, so that no help, and no other command, waits for them.

The one place of the command line that loads by name: what a command does (`app.Command`), and what compiles the
kernels of a task (`compiling.tasks`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def loaded(name: str) -> Any:
    """What "package.module:name" says."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)
