"""btfnet learns Boolean circuits from examples without gradients, and checks them on every one.

    import btfnet

    problem = btfnet.Problem.from_bits(inputs, outputs, hidden=(4, 4))
    result = btfnet.solve(problem)
    print(result.circuit)

The names below are the public interface; everything else may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_ROOMS = {
    "btfnet.checkpoint": ("Checkpoint",),
    "btfnet.circuit": ("Circuit", "Gate"),
    "btfnet.committee": ("Classifier", "Committee", "train_committee"),
    "btfnet.errors": ("BtfnetError", "BtfnetWarning", "CapacityError", "DataError", "FormatError", "OutputError",
                      "ProjectionError", "ToolError", "UsageError"),
    "btfnet.formats.btf": ("load_model",),
    "btfnet.formats.classifier": ("load_classifier",),
    "btfnet.network": ("Network",),
    "btfnet.packed": ("PackedModel",),
    "btfnet.problem": ("InputKind", "OutputKind", "Problem"),
    "btfnet.rrr": ("Look", "Solution", "Status", "reconcile"),
    "btfnet.search": ("Progress", "Result", "Trial", "solve", "solve_widths", "widths_ladder"),
    "btfnet.search.foreign": ("circuit_from_weights",),
    "btfnet.circuit.evidence": ("NodeEvidence", "evidence"),
    "btfnet.circuit.training": ("TrainingFit",),
    "btfnet.settings": ("Settings",),
    "btfnet.tasks": ("Task", "load"),
    "btfnet.constraints": ("on_copies",),
}  # fmt: skip
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
_SUBMODULES = ("constraints", "formats", "tasks")

__all__ = [*sorted(_HOME), *_SUBMODULES, "__version__"]

if TYPE_CHECKING:
    from btfnet import constraints, formats, tasks
    from btfnet.checkpoint import Checkpoint
    from btfnet.circuit import Circuit, Gate
    from btfnet.circuit.evidence import NodeEvidence, evidence
    from btfnet.circuit.training import TrainingFit
    from btfnet.committee import Classifier, Committee, train_committee
    from btfnet.constraints import on_copies
    from btfnet.errors import (
        BtfnetError,
        BtfnetWarning,
        CapacityError,
        DataError,
        FormatError,
        OutputError,
        ProjectionError,
        ToolError,
        UsageError,
    )
    from btfnet.formats.btf import load_model
    from btfnet.formats.classifier import load_classifier
    from btfnet.network import Network
    from btfnet.packed import PackedModel
    from btfnet.problem import InputKind, OutputKind, Problem
    from btfnet.rrr import Look, Solution, Status, reconcile
    from btfnet.search import Progress, Result, Trial, solve, solve_widths, widths_ladder
    from btfnet.search.foreign import circuit_from_weights
    from btfnet.settings import Settings
    from btfnet.tasks import Task, load


def __getattr__(name: str) -> Any:
    """Rooms are opened on first use, so that `btfnet --help` need not wait for the compiler."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in _SUBMODULES:
        return import_module(f"btfnet.{name}")
    raise AttributeError(f"module 'btfnet' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
