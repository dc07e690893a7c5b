"""An explanation as a picture: votes, the features that decided, and where they are in the picture."""

from __future__ import annotations

from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import a, need
from btfnet.committee.committee import Committee
from btfnet.committee.explanation import Explanation, Reason
from btfnet.committee.in_words import feature_in_words, part_of
from btfnet.committee.layer import JoinedLayer, Layer
from btfnet.committee.pictures import Picture, PictureLayer, bright
from btfnet.files.mark import MARK

SHOWN, AGAINST_SHOWN = 10, 3
"""Features that are named, and those of them that speak against the class; the map shows all that are seen."""
PANEL, TILE, LINE, MARGIN, WIDTH = 280, 46, 52, 24, 900
INK, PAPER, FOR, AGAINST, QUIET = "#20262c", "#fcfdfe", "#c2410c", "#1d4ed8", "#5c6670"


def draw_explanation(committee: Committee, found: Explanation) -> str:
    """SVG text: of pictures, the picture, where the templates that decided were seen, and these.

    Orange is for the class that was chosen, blue for the one next to it.
    """
    need("draw_explanation", committee=(committee, a(Committee)), found=(found, a(Explanation)))
    picture = _picture_of(committee.layer)
    title = f"{committee.answer(found.chosen)}, and not {committee.answer(found.rival)}: "
    title += f"{found.lead} votes ahead; {found.agreed} of {found.asked} members agree"
    body, left = [_text(MARGIN, 34, title, size=17)], MARGIN
    bottom = 60
    if picture is not None:
        body.append(_text(MARGIN, bottom + 4, "The picture", color=QUIET))
        body += _grey(picture, found.row, MARGIN, bottom + 14)
        body += _heat(committee, picture, found, MARGIN, bottom + PANEL + 40)
        left = MARGIN + PANEL + 36
    body.append(_text(left, bottom + 4, "Votes", color=QUIET))
    at = bottom + 14
    for number in np.argsort(-found.votes, kind="stable")[:SHOWN].tolist():
        body += _bar(committee, found, number, left, at)
        at += 20
    at += 30
    against = [reason for reason in found.reasons if reason.effect < 0][-AGAINST_SHOWN:]
    shown = [*found.reasons[: SHOWN - len(against)], *against]
    counts = f"{len(shown)} of {len(found.reasons)}"
    what = f"Votes that would be lost (+) or gained (-) if one feature were otherwise ({counts})"
    body.append(_text(left, at, what, color=QUIET))
    at += 14
    for reason in shown:
        body += _reason(committee, reason, left, at)
        at += LINE
    height = max(at, 60 + 2 * PANEL + 60 if picture else 0) + MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" '
        f'font-family="system-ui, sans-serif" role="img"><!-- {MARK} -->'
        f'<title>{escape(title)}</title><rect width="100%" height="100%" fill="{PAPER}"/>'
    )
    return "\n".join([head, *body, "</svg>", ""])


def _picture_of(layer: Layer) -> Picture | None:
    """What the inputs are a picture of, if they are one."""
    parts = layer.parts if isinstance(layer, JoinedLayer) else (layer,)
    found = (part.picture if isinstance(part, PictureLayer) else None for part in parts)
    return next((picture for picture in found if picture is not None), None)


def _text(x: float, y: float, text: str, *, size: int = 13, color: str = INK, anchor: str = "start") -> str:
    look = f'font-size="{size}" fill="{color}" text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(text)}</text>'


def _square(x: float, y: float, size: float, fill: str, opacity: float = 1.0) -> str:
    more = "" if opacity == 1 else f' fill-opacity="{opacity:.3f}"'
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{size:.2f}" height="{size:.2f}" fill="{fill}"{more}/>'


def _grey(picture: Picture, row: NDArray[np.float32], left: float, top: float) -> list[str]:
    """Pixels as squares; of several channels their mean."""
    grey = row.astype(np.float64).reshape(picture.height, picture.width, picture.channels).mean(axis=2)
    span = float(np.ptp(grey)) or 1.0
    shade = (255 * (grey - grey.min()) / span).astype(int)
    size = PANEL / max(picture.height, picture.width)
    return [
        _square(left + column * size, top + line * size, size + 0.05, f"#{value:02x}{value:02x}{value:02x}")
        for line, values in enumerate(shade.tolist())
        for column, value in enumerate(values)
    ]


def _heat(committee: Committee, picture: Picture, found: Explanation, left: float, top: float) -> list[str]:
    """Where templates were seen on which votes of the lead hang: each pixel with its part of them."""
    heat, chosen = np.zeros((picture.height, picture.width)), committee.answer(found.chosen)
    for reason in found.reasons:
        layer, number = part_of(committee.layer, reason.feature)
        if not reason.value or not isinstance(layer, PictureLayer):
            continue
        pixels = bright(picture, layer.levels, found.row[None])[0]
        windows, side = layer.seen_at(number, pixels), layer.templates[layer.place(number)[0]].side
        for row, column in windows:
            heat[row : row + side, column : column + side] += reason.effect / (len(windows) * side**2)
    most = float(np.abs(heat).max()) or 1.0
    size = PANEL / max(picture.height, picture.width)
    squares = [
        _text(
            left, top + 4, f"Templates that were seen: for {chosen} (orange), against it (blue)", color=QUIET
        )
    ]
    squares += _grey(picture, found.row, left, top + 14)
    for line, values in enumerate(heat.tolist()):
        for column, value in enumerate(values):
            if abs(value) > most / 50:
                color = FOR if value > 0 else AGAINST
                squares.append(
                    _square(
                        left + column * size,
                        top + 14 + line * size,
                        size + 0.05,
                        color,
                        0.75 * abs(value) / most,
                    )
                )
    return squares


def _bar(committee: Committee, found: Explanation, number: int, left: float, top: float) -> list[str]:
    """A class's votes, from the fewest of all classes on."""
    least, most = int(found.votes.min()), int(found.votes.max())
    length = 260 * (int(found.votes[number]) - least) / max(1, most - least)
    color = FOR if number == found.chosen else AGAINST if number == found.rival else "#b6bec6"
    return [
        _text(left + 110, top + 13, committee.answer(number)[:16], anchor="end"),
        f'<rect x="{left + 118:g}" y="{top + 3:g}" width="{max(2.0, length):.1f}" height="12" fill="{color}"/>',
        _text(left + 126 + length, top + 13, f"{int(found.votes[number])}", color=QUIET),
    ]


def _reason(committee: Committee, reason: Reason, left: float, top: float) -> list[str]:
    color = FOR if reason.effect > 0 else AGAINST
    words = feature_in_words(committee.layer, reason.feature, committee.ports.inputs, committee.input_kind)
    part, number = part_of(committee.layer, reason.feature)
    parts = [
        _text(left + 40, top + 28, f"{reason.effect:+d}", size=16, color=color, anchor="end"),
        _text(left + 110, top + 20, words[:64]),
        _text(left + 110, top + 38, "it is so" if reason.value else "it is not so", color=QUIET),
    ]
    if isinstance(part, PictureLayer):
        kind, template, _ = part.place(number)
        parts += _tile(part, kind, template, left + 52, top + 2)
    return parts


def _tile(layer: PictureLayer, kind: int, template: int, left: float, top: float) -> list[str]:
    """A template; its planes side by side would be too small, so that a pixel is as grey as it is often bright."""
    side, word = layer.templates[kind].side, int(layer.templates[kind].words[template])
    size, n_planes = (TILE - 4) / side, layer.n_planes
    found = []
    for row in range(side):
        for column in range(side):
            bits = [word >> (plane * side + row) * side + column & 1 for plane in range(n_planes)]
            value = round(255 * sum(bits) / n_planes)
            fill = f"#{value:02x}{value:02x}{value:02x}"
            found.append(_square(left + column * size, top + row * size, size + 0.05, fill))
    found.append(
        f'<rect x="{left:g}" y="{top:g}" width="{TILE - 4}" height="{TILE - 4}" fill="none" stroke="{QUIET}"/>'
    )
    return found
