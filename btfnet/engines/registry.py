"""The engines by name. An engine is a folder and a line here, or a plugin; nobody else names one.

Nothing is loaded before it is asked for: the command line lists the names, and must not wait for kernels.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

from btfnet import plugins
from btfnet.arguments import said
from btfnet.errors import UsageError
from btfnet.plugins import Registry

if TYPE_CHECKING:
    from btfnet.engines.protocol import EngineSpec
    from btfnet.problem.problem import Problem


class Engine(StrEnum):
    """The engines that come with btfnet, and `AUTO`, which leaves the choice to the search."""

    RRR = "rrr"
    DESCENT = "descent"
    BOTH = "rrr+descent"
    SHARED = "shared"
    RRR_JAX = "rrr-jax"
    AUTO = "auto"


AUTO = Engine.AUTO

ENGINES: Registry[str | EngineSpec] = Registry(
    plugins.ENGINES,
    {
        Engine.RRR.value: "btfnet.engines.projections.engine",
        Engine.DESCENT.value: "btfnet.engines.descent.engine",
        Engine.BOTH.value: "btfnet.engines.combined.engine",
        Engine.SHARED.value: "btfnet.engines.shared.engine",
        Engine.RRR_JAX.value: "btfnet.engines.device.engine",
    },
    ("btfnet.engines.protocol:EngineSpec",),
    lambda spec, name: spec.name == name,
    taken=lambda name: name == AUTO,
)
"""The module of each, whose `ENGINE` says what it is, or that itself: an `EngineSpec` of engines/protocol.py."""
IN_TURN = (Engine.BOTH, Engine.DESCENT)
"""The engines of `AUTO`, trial by trial."""
LIGHTEST = Engine.DESCENT
"""Of these the one that takes the least memory and the least time to show something."""
ANALOG = Engine.RRR
"""What runs on analog inputs in place of engines that cannot."""
SHARING = Engine.SHARED
"""What auto is where nodes share gates."""


def checked_name(name: str) -> str:
    """The name of an engine, or auto. Raises `UsageError`."""
    if isinstance(name, str) and (name == AUTO or name in ENGINES):
        return str(name)
    raise UsageError(f"engine is {said(name)}; choose one of {', '.join((*ENGINES, AUTO))}.")


def engine_named(name: str) -> EngineSpec:
    """An engine, not auto. Raises `UsageError`."""
    spec = ENGINES[checked_name(name)]
    found: EngineSpec = import_module(spec).ENGINE if isinstance(spec, str) else spec
    return found


def names_for(name: str) -> tuple[str, ...]:
    """The engines that a name stands for: several where it is auto. Raises `UsageError`."""
    return IN_TURN if checked_name(name) == AUTO else (name,)


def engines_for(problem: Problem, name: str) -> tuple[EngineSpec, ...]:
    """The engines of a search's trials, in turn; of auto, where the network grows, those that make it grow.

    Where nodes of the network share gates, auto is the engine that keeps them shared.
    Raises `UsageError`, also for an engine that cannot take the problem.
    """
    if problem.network.shared is not None:
        return (_sharing(problem, SHARING if name == AUTO else checked_name(name)),)
    engines = tuple(map(engine_named, names_for(name)))
    able = tuple(one for one in engines if one.takes_analog or problem.has_boolean_inputs)
    if name == AUTO and problem.network.grows:
        able = tuple(one for one in able if one.grows) or able
    if any(one.shares_gates for one in engines):
        raise UsageError(
            f"engine is {said(name)}, but no nodes of {problem.network!r} share gates; choose another engine, or "
            "make the network of copies of a cell: Network.unrolled, Network.automaton."
        )
    return able or (engine_named(ANALOG),)


def _sharing(problem: Problem, name: str) -> EngineSpec:
    """The engine of that name, if it takes a problem whose network shares gates. Raises `UsageError`."""
    engine = engine_named(name)
    if not engine.shares_gates:
        raise UsageError(
            f"engine is {said(name)}, which gives every node a gate of its own, but nodes of {problem.network!r} "
            f"share gates; choose {SHARING} or {AUTO}, or give up sharing: network.apart()."
        )
    if not (problem.input_kind.known and problem.has_boolean_inputs):
        raise UsageError(
            f"{problem.name}: inputs are {problem.input_kind.value}, but shared gates are found from known bits "
            "only."
        )
    return engine
