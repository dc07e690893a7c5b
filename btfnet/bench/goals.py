"""The written goals of the engine's speed and memory, beside what was measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

GOAL_THREADS = 2
"""The goals for several threads were written for two."""


@dataclass(frozen=True)
class Goal:
    """A figure that should be at or below its goal; `least`: of the quickest call, where there is one."""

    figure: str
    value: float
    unit: str
    goal: float
    least: float | None = None

    @property
    def met(self) -> bool:
        return self.value <= self.goal

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def goals_of(facts: dict[str, Any]) -> list[Goal]:
    """Those that this machine can be measured by: two threads are more than one."""
    kernel, copy = facts["ns_per_edge_item_iteration"], facts["ratio_to_copy"]
    several, same = facts["threads"] >= GOAL_THREADS, facts["ratio_to_copy_by_as_many_threads"]
    least, unit = facts["least"], "ns per edge, item and iteration"
    names = f"{facts['threads']} threads"
    written = [Goal("kernel, one thread", kernel["one_thread"], unit, 0.8, least["one_thread"])]
    if several:
        written.append(Goal(f"kernel, {names}", kernel["all_threads"], unit, 0.45, least["all_threads"]))
    written.append(Goal("kernel, one thread", copy["one_thread"], "of the copy by one thread", 2.0))
    if several:
        written += [
            Goal(f"kernel, {names}", copy["all_threads"], "of the copy by one thread", 1.2),
            Goal(f"kernel, {names}", same["all_threads"], f"of the copy by {names}", 1.2),
        ]
    small = facts["small_problem"]
    size = f"{small['edges']} edges, {small['items']} items"
    written += [
        Goal(
            f"small problem ({size})",
            small["us_per_iteration"],
            "µs per iteration",
            3.0,
            small["us_per_iteration_least"],
        ),
        Goal(
            "bit-sliced prediction, one thread",
            1e12 / facts["bit_sliced"]["gate_items_per_second"]["one_thread"],
            "ps per gate and item",
            10.0,
            1e12 / facts["bit_sliced"]["gate_items_per_second_quickest"]["one_thread"],
        ),
        Goal("memory", facts["state_bytes_per_edge_item"], "bytes per edge and item", 9.0),
    ]
    return written
