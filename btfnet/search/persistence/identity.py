"""Whether a checkpoint belongs to the search at hand: what must agree, and the words when it does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import called, on_command_line
from btfnet.errors import DataError
from btfnet.printable import shown
from btfnet.problem.network import Network
from btfnet.problem.packed_bits import PackedBits
from btfnet.problem.problem import Problem
from btfnet.search.options import SearchOptions


def digest(problem: Problem) -> str:
    """SHA-256 over network, items, the bits that count, and kinds; names do not count."""
    network = problem.network
    facts = (
        network.n_nodes, network.n_inputs, network.n_outputs, problem.input_kind.value,
        problem.output_kind.value, problem.n_train, problem.items.held.shape, problem.outputs.shape,
        *([] if network.growth is None else [network.growth]),
    )  # fmt: skip
    graph: list[NDArray[Any]] = [network.fan_in_start, network.fan_in, *_shared(network)]
    arrays = chain(graph, _inputs(problem), [problem.outputs, *_weights(problem)])
    return _digest((*facts, *_validation(problem)), arrays, problem.care)


def items_digest(problem: Problem) -> str:
    """SHA-256 over the items, those that train, the bits that count, and kinds; names and network do not count."""
    facts = (
        problem.input_kind.value, problem.output_kind.value, problem.n_train, problem.items.held.shape,
        problem.outputs.shape,
    )  # fmt: skip
    arrays = chain(_inputs(problem), [problem.outputs, *_weights(problem)])
    return _digest((*facts, *_validation(problem)), arrays, problem.care)


def _inputs(problem: Problem) -> Iterator[NDArray[Any]]:
    """As numbers; packed ones piece by piece, so that the digest is the same in either form."""
    held = problem.items.held
    if not isinstance(held, PackedBits):
        yield held
        return
    for _, rows in held.pieces():
        yield np.where(rows, np.float32(1), np.float32(-1))


def _validation(problem: Problem) -> tuple[object, ...]:
    """Nothing without validation items, so that searches of before are known."""
    return ("validation", problem.n_validation) if problem.n_validation else ()


def _weights(problem: Problem) -> tuple[NDArray[Any], ...]:
    return () if problem.items.weights is None else (problem.items.weights,)


def network_digest(network: Network) -> str:
    """SHA-256 over nodes and edges, and which gates are shared."""
    facts = (network.n_nodes, network.n_inputs, network.n_outputs)
    return _digest(facts, (network.fan_in_start, network.fan_in, *_shared(network)), None)


def _shared(network: Network) -> tuple[NDArray[Any], ...]:
    """Nothing where no gates are shared, so that searches of before are known."""
    return () if network.shared is None else tuple(network.shared.arrays().values())


def _digest(facts: tuple[object, ...], arrays: Iterable[NDArray[Any]], care: NDArray[np.bool_] | None) -> str:
    content = hashlib.sha256(repr(facts).encode())
    for array in arrays:
        content.update(np.ascontiguousarray(array).data)
    if care is not None:
        content.update(b"care" + np.packbits(care).tobytes())
    return content.hexdigest()


def identity(problem: Problem, options: SearchOptions) -> dict[str, Any]:
    """What a search is, apart from what may change between its sessions."""
    known = {"problem": problem.name, "items": digest(problem)}
    return {**known, **options.settings.as_dict(), **options.identity()}


FREE = ("problem", "items", "max_iterations")
"""Looked at otherwise: the items say whether it is another problem, limits of iterations are checked by trial."""


def differences(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What makes them two searches, each in words; the problems are not compared, nor what the limits are.

    Both as `identity` makes them, or as the command line records what it was asked.
    """
    names = [name for name in {**was, **now} if name not in FREE and was.get(name) != now.get(name)]
    return [_difference(name, was.get(name), now.get(name)) for name in names]


def _difference(name: str, was: Any, now: Any) -> str:
    if name == "network":
        return "the network (--widths) is another one"
    return f"{called(name)} was {_worded(was)} and is now {_worded(now)}"


def _worded(value: Any) -> str:
    """As options are spelled on the command line, and in Python as arguments are."""
    if not on_command_line():
        return shown(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return "not given" if value is None else str(value)


def check_identity(saved: dict[str, Any], now: dict[str, Any], where: str) -> None:
    """Raises `DataError` saying what differs.

    where   the checkpoint's place, for messages
    """
    if saved["items"] != now["items"]:
        raise DataError(
            f"{where}: the checkpoint belongs to another problem: {saved['problem']}, and this is "
            f"{now['problem']} (network, items, test items too, or kinds differ). Resume with the same problem, "
            f"or start anew elsewhere."
        )
    if differing := differences(saved, now):
        raise DataError(
            f"{where}: the checkpoint belongs to another search: {'; '.join(differing)}. "
            f"Resume with the same settings; trials, jobs, time limit and iterations alone may grow."
        )


@dataclass(frozen=True)
class SavedProgress:
    """A trial in a checkpoint: how far it came, under which limit."""

    index: int
    iterations: int
    limit: int


def check_limits(pasts: Iterable[SavedProgress], n_trials: int, limit_of: Any) -> None:
    """Fewer trials or another limit must not contradict what has happened already.

    limit_of  the limit of iterations that a trial would have now; None where that is not known yet. Raises
              `DataError`.
    """
    for past in pasts:
        if past.index >= n_trials:
            raise DataError(
                f"The checkpoint holds trial {past.index + 1}, and {called('trials')} is now {n_trials}; "
                f"allow at least {past.index + 1}."
            )
        limit = limit_of(past.index)
        if limit is not None and limit != past.limit and past.iterations >= min(limit, past.limit):
            raise DataError(
                f"The checkpoint belongs to another search: {called('max_iterations')} was {past.limit} and is "
                f"now {limit}, but trial {past.index + 1} had already come to iteration {past.iterations}. "
                f"Resume with the limit that it had."
            )
