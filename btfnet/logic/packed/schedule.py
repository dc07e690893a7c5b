"""A model as the kernel reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import words_for
from btfnet.kernels.logic.packed import BLOCK, ScheduleArrays
from btfnet.logic.packed.weights import Terms

if TYPE_CHECKING:
    from btfnet.logic.packed.model import PackedModel


@dataclass(frozen=True)
class PackedSchedule:
    """What to compute, and how much scratch it takes."""

    plan: ScheduleArrays
    row_words: int
    n_counts: int

    def scratch(self) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint64]]:
        """Values, counts and outputs of a block of items."""
        return (
            np.zeros((self.row_words, BLOCK), dtype=np.uint64),
            np.zeros((self.n_counts, BLOCK), dtype=np.int64),
            np.zeros((words_for(self.plan.out_word.size), BLOCK), dtype=np.uint64),
        )


def program_of(model: PackedModel) -> PackedSchedule:
    """Every gate by itself, in order."""
    order = np.arange(model.n_gates)
    return program(model, model.terms, order, np.full_like(order, -1), np.zeros_like(order))


def program(
    model: PackedModel,
    terms: Terms,
    order: NDArray[np.int64],
    parent: NDArray[np.int64],
    offset: NDArray[np.int64],
) -> PackedSchedule:
    """Gates in the given order, each from its parent's count (-1: from 0), its offset and the terms.

    Row 0 of the counts is everybody's; a parent has a row of its own, which the next layer uses again.
    """
    keep = np.zeros(model.n_gates, dtype=np.int64)
    parents = np.unique(parent[parent >= 0])
    layer = np.repeat(np.arange(model.layers.size), model.layers)[parents]
    keep[parents] = 1 + np.arange(parents.size) - np.searchsorted(layer, layer)
    nodes = np.abs(model.outputs) - 1
    gates, outs = model.places[model.n_inputs :], model.places[nodes]
    plan = ScheduleArrays(
        order=order,
        base=np.where(parent >= 0, keep[parent], -1) if model.n_gates else parent,
        keep=keep,
        offset=offset,
        at_least=model.at_least,
        place=gates // 64,
        bit=np.uint64(1) << (gates % 64).astype(np.uint64),
        start=terms.start,
        word=terms.word,
        plane=terms.plane,
        sign=terms.sign,
        mask=terms.mask,
        out_word=outs // 64,
        out_shift=(outs % 64).astype(np.uint64),
        out_flip=(model.outputs < 0).astype(np.uint64),
    )
    return PackedSchedule(plan, model.row_words, int(keep.max(initial=0)) + 1)
