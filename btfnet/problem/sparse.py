"""Layers in which every node listens to a few random nodes of the layer before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from btfnet.problem.network_checks import CONSTANT


def drawn_fan_ins(widths: Sequence[int], fan_in: int, rng: np.random.Generator) -> list[list[int]]:
    """The senders of each threshold node, ascending: the constant, and at most `fan_in` of the layer before.

    Every node of a layer is heard as long as the layer above has edges enough for that.
    """
    first = np.cumsum([1, *widths])
    fan_ins: list[list[int]] = []
    for layer in range(1, len(widths)):
        below, take = widths[layer - 1], min(fan_in, widths[layer - 1])
        unheard = rng.permutation(below)
        for node in range(widths[layer]):
            chosen = unheard[node * take : (node + 1) * take].tolist()
            if 0 < len(chosen) < take:
                others = np.setdiff1d(np.arange(below), chosen)
                chosen += rng.choice(others, take - len(chosen), replace=False).tolist()
            elif not chosen:
                chosen = rng.choice(below, take, replace=False).tolist()
            fan_ins.append([CONSTANT, *sorted(int(first[layer - 1]) + sender for sender in chosen)])
    return fan_ins
