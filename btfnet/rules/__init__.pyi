"""The names of this room: `btfnet/rules/__init__.py` reads this file, and type checkers do."""

from .gates import GateRule as GateRule
from .lattice import Lattice as Lattice
from .lattice import Neighbourhood as Neighbourhood
from .observations import Observations as Observations
from .reconstruct import reconstruct as reconstruct
from .records import Forced as Forced
from .records import Reconstruction as Reconstruction
from .records import RuleStatus as RuleStatus
from .records import RuleTrial as RuleTrial
from .rule import TableRule as TableRule
from .rule import run as run
from .thresholds import ThresholdForm as ThresholdForm
from .thresholds import ThresholdRule as ThresholdRule

__all__ = [
    "Forced",
    "GateRule",
    "Lattice",
    "Neighbourhood",
    "Observations",
    "Reconstruction",
    "RuleStatus",
    "RuleTrial",
    "TableRule",
    "ThresholdForm",
    "ThresholdRule",
    "reconstruct",
    "run",
]
