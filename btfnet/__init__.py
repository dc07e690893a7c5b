"""btfnet learns Boolean circuits from examples without gradients, and checks them on every one.

    import btfnet

    problem = btfnet.Problem.from_bits(inputs, outputs, hidden=(4, 4))
    result = btfnet.solve(problem)
    print(result.circuit)

The names in `__init__.pyi` are the public interface; everything else may change.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import Any

from lazy_loader import attach_stub

__version__ = "0.2.0"

_OLD_NAMES = {"Look": "TraceRow"}
_load, __dir__, __all__ = attach_stub(__name__, __file__)
__all__ += ["__version__"]


def __getattr__(name: str) -> Any:
    """A name is loaded on its first use, so that `btfnet --help` need not wait for the compiler."""
    if name in _OLD_NAMES:
        resolve_name("btfnet.deprecation:deprecated")(f"btfnet.{name}", f"btfnet.{_OLD_NAMES[name]}")
        name = _OLD_NAMES[name]
    return _load(name)
