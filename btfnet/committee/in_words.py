"""Features in words: what is compared, which template is looked for and where."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.committee.comparisons import Comparisons
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

    names  of the raw inputs; empty for in0 …
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
    return _comparison(part.comparisons, number, names, is_bit=kind is InputKind.BITS)


def _span(numbers: list[int]) -> str:
    """Counted from 1."""
    least, most = min(numbers) + 1, max(numbers) + 1
    return f"{least}" if least == most else f"{least}-{most}"


def _comparison(comparisons: Comparisons, number: int, names: Sequence[str], *, is_bit: bool) -> str:
    weight = comparisons.weight[number]
    some = weight.nonzero()[0].tolist()
    name = {place: names[place] if names else f"in{place}" for place in some}
    if is_bit and len(some) == 1:
        return name[some[0]]
    signs = [("- " if weight[place] < 0 else "+ ") + name[place] for place in some]
    text = " ".join(sorted(signs, key=lambda sign: sign[0] == "-")).removeprefix("+ ")
    return f"{text or '0'} > {comparisons.level[number]:.6g}"
