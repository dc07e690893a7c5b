"""The network engine: the RRR iteration of BTF networks, fused into one pass over memory."""

from btfnet.boolnet.infer import infer, signs
from btfnet.boolnet.start import Start
from btfnet.boolnet.stepper import NetworkStepper, state_bytes, state_bytes_of, warm_up

__all__ = ["NetworkStepper", "Start", "infer", "signs", "state_bytes", "state_bytes_of", "warm_up"]
