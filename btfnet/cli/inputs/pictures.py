"""How `--picture` names a picture: HEIGHTxWIDTH, or HEIGHTxWIDTHxCHANNELS."""

from __future__ import annotations

import re

from btfnet.committee.pictures import Picture
from btfnet.errors import UsageError


def picture_named(text: str | None) -> Picture | None:
    """What --picture says; None where it is not given. Raises `UsageError` for anything else."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}(x[0-9]{1,5}){1,2}", text):
        raise UsageError(
            f"--picture is {text!a}; give its height and width, such as 28x28, or 32x32x3 with three channels."
        )
    return Picture(*map(int, text.split("x")))


def picture_name(picture: Picture) -> str:
    """The same picture in words of --picture, always with its channels."""
    return f"{picture.height}x{picture.width}x{picture.channels}"
