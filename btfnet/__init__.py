"""btfnet learns Boolean circuits from examples without gradients, and checks them on every one.

    import btfnet

    problem = btfnet.Problem.from_bits(inputs, outputs, hidden=(4, 4))
    result = btfnet.solve(problem)
    print(result.circuit)

The names below are the public interface; everything else may change.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_ROOMS = {
    "btfnet.checkpoint": ("Checkpoint",),
    "btfnet.logic.circuit": ("Circuit", "Gate"),
    "btfnet.committee.classifier": ("Classifier",),
    "btfnet.committee.committee": ("Committee",),
    "btfnet.committee.training": ("train_committee",),
    "btfnet.errors": ("BtfnetError", "BtfnetWarning", "CapacityError", "DataError", "FormatError", "OutputError",
                      "ProjectionError", "ToolError", "UsageError"),
    "btfnet.formats.circuit_files": ("load_model",),
    "btfnet.formats.btf.classifier": ("load_classifier",),
    "btfnet.logic.packed.model": ("PackedModel",),
    "btfnet.problem.network": ("Network",),
    "btfnet.problem.items": ("Items",),
    "btfnet.problem.problem": ("Problem",),
    "btfnet.problem.values": ("InputKind", "OutputKind"),
    "btfnet.projections.reconcile": ("Solution", "reconcile"),
    "btfnet.projections.rrr": ("TraceRow", "Status"),
    "btfnet.search.records": ("Progress", "Result", "Trial"),
    "btfnet.search.solve": ("solve",),
    "btfnet.search.widths": ("solve_widths", "widths_ladder"),
    "btfnet.engines.completion.from_float_weights": ("circuit_from_weights",),
    "btfnet.engines.completion.evidence": ("NodeEvidence", "evidence"),
    "btfnet.logic.training_fit": ("TrainingFit",),
    "btfnet.settings": ("Settings",),
    "btfnet.tasks": ("Task", "load"),
    "btfnet.projections.combine": ("on_copies",),
}  # fmt: skip
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
_OLD_NAMES = {"Look": "TraceRow"}
_SUBMODULES = ("constraints", "formats", "tasks")

__all__ = [*sorted(_HOME), *_SUBMODULES, "__version__"]

if TYPE_CHECKING:
    from btfnet import constraints, formats, tasks
    from btfnet.checkpoint import Checkpoint
    from btfnet.committee.classifier import Classifier
    from btfnet.committee.committee import Committee
    from btfnet.committee.training import train_committee
    from btfnet.engines.completion.evidence import NodeEvidence, evidence
    from btfnet.engines.completion.from_float_weights import circuit_from_weights
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
    from btfnet.formats.btf.classifier import load_classifier
    from btfnet.formats.circuit_files import load_model
    from btfnet.logic.circuit import Circuit, Gate
    from btfnet.logic.packed.model import PackedModel
    from btfnet.logic.training_fit import TrainingFit
    from btfnet.problem.items import Items
    from btfnet.problem.network import Network
    from btfnet.problem.problem import Problem
    from btfnet.problem.values import InputKind, OutputKind
    from btfnet.projections.combine import on_copies
    from btfnet.projections.reconcile import Solution, reconcile
    from btfnet.projections.rrr import Status, TraceRow
    from btfnet.search.records import Progress, Result, Trial
    from btfnet.search.solve import solve
    from btfnet.search.widths import solve_widths, widths_ladder
    from btfnet.settings import Settings
    from btfnet.tasks import Task, load


def __getattr__(name: str) -> Any:
    """Rooms are opened on first use, so that `btfnet --help` need not wait for the compiler."""
    if name in _OLD_NAMES:
        warnings.warn(f"btfnet.{name} is now btfnet.{_OLD_NAMES[name]}.", DeprecationWarning, stacklevel=2)
        name = _OLD_NAMES[name]
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in _SUBMODULES:
        return import_module(f"btfnet.{name}")
    raise AttributeError(f"module 'btfnet' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
