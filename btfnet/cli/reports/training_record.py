"""How far a circuit reproduces its training items: in the JSON of a run, and as one sentence on standard error."""

from __future__ import annotations

import json
import warnings

from btfnet.errors import BtfnetWarning, DataError
from btfnet.logic.circuit import Circuit
from btfnet.logic.training_fit import TrainingFit


def training_record(circuit: Circuit | None) -> dict[str, int] | None:
    """What the circuit gets wrong of its training items; None where that is not known."""
    fit = None if circuit is None else circuit.training
    return None if fit is None else fit.as_dict()


def warn_if_inexact(training: TrainingFit | None, what: str) -> None:
    """Warn where it is known that training bits are wrong; the command line says the same text once."""
    if training is not None and not training.exact:
        warnings.warn(f"{what} is not exact: {training}.", BtfnetWarning, stacklevel=2)


def warn_of_record(record: str) -> None:
    """The same of a run, from the JSON object that it prints or has saved; older ones do not say it."""
    values = json.loads(record)
    try:
        training = TrainingFit.of_dict(values["training"])
    except (KeyError, DataError):
        return
    warn_if_inexact(
        training, f"the {'committee' if 'committee' in values else 'circuit'} of {values['problem']}"
    )
