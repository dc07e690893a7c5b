"""A model without the conditions that nothing in it depends on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from btfnet.committee.committee import Committee
from btfnet.committee.layer import PlainLayer
from btfnet.committee.member import Member
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.model import TableModel


def lean(model: TableModel) -> TableModel:
    """The same answers; of pictures the model as it is."""
    if not isinstance(model.encoder, TableEncoder):
        return model
    heard = [member.inputs for each in model.learned for member in each.committee.members]
    used = np.unique(np.concatenate([np.zeros(0, np.int64), *heard]))
    encoder = model.encoder.some(used.tolist())
    learned = tuple(
        replace(each, committee=_over(each.committee, used, encoder.names)) for each in model.learned
    )
    return replace(model, encoder=encoder, learned=learned)


def _over(committee: Committee, used: np.ndarray, names: tuple[str, ...]) -> Committee:
    """A committee that hears these bits of before alone, which are all that it needs."""
    members = tuple(
        Member(np.searchsorted(used, member.inputs), member.circuit, member.code)
        for member in committee.members
    )
    return replace(committee, layer=PlainLayer.of_bits(len(used)), members=members, input_names=names)
