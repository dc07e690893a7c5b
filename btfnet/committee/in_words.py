"""Features in words: what is compared, which template is looked for and where."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.committee.layer import JoinedLayer, Layer
from btfnet.committee.pictures import PictureLayer
from btfnet.problem.values import InputKind


def part_of(layer: Layer, feature: int) -> tuple[Layer, int]:
    """The layer that a feature comes from, where several are joined, and its number there."""
    if isinstance(layer, JoinedLayer):
        for part in layer.parts:
            if feature < part.n_features:
                return part_of(part, feature)
            feature -= part.n_features
    return layer, feature


def feature_in_words(layer: Layer, feature: int, names: Sequence[str], kind: InputKind) -> str:
    """What a feature says when it is true.

    names  of the raw inputs
    """
    part, number = part_of(layer, feature)
    if isinstance(part, PictureLayer):
        place, template, _ = part.place(number)
        side, windows = part.templates[place].side, part.windows(number)
        rows, columns = ([window[axis] for window in windows] for axis in (0, 1))
        return (
            f"template {template + 1} of {side} x {side} begins in rows {_span(rows)}, "
            f"columns {_span(columns)}"
        )
    return part.comparisons.said(number, names, is_bit=kind is InputKind.BITS)


def _span(numbers: list[int]) -> str:
    """Counted from 1."""
    least, most = min(numbers) + 1, max(numbers) + 1
    return f"{least}" if least == most else f"{least}-{most}"
