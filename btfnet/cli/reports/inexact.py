"""The one sentence on standard error about a circuit that does not reproduce all its training items."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING

from btfnet.errors import BtfnetWarning, DataError

if TYPE_CHECKING:
    from btfnet.logic.training_fit import TrainingFit


def warn_if_inexact(training: TrainingFit | None, what: str) -> None:
    """Warn where it is known that training bits are wrong; the command line says the same text once."""
    if training is not None and not training.exact:
        warnings.warn(f"{what} is not exact: {training}.", BtfnetWarning, stacklevel=2)


def warn_of_record(record: str) -> None:
    """The same of a run, from the JSON object that it prints or has saved; older ones do not say it."""
    from btfnet.logic.training_fit import TrainingFit

    values = json.loads(record)
    try:
        training = TrainingFit.of_dict(values["training"])
    except (KeyError, DataError):
        return
    warn_if_inexact(
        training, f"the {'committee' if 'committee' in values else 'circuit'} of {values['problem']}"
    )
