"""`ReadOnly`: what goes to another process arrives as it was, its arrays read-only and without what was cached."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np


class ReadOnly:
    """A base of frozen dataclasses whose arrays nobody writes; compiled code is for arrays of one kind."""

    def __getstate__(self) -> dict[str, Any]:
        names = {field.name for field in fields(self)}  # type: ignore[arg-type]
        return {name: value for name, value in self.__dict__.items() if name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        self.__dict__.update(state)
