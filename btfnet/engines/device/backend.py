"""JAX, where it is installed: its namespace, and the device that was asked for.

It is imported by whoever computes, and not before: the extra `jax` brings it. Nothing here changes how JAX is
set up for other users in the process, but for memory: unless the environment says otherwise, a GPU's is taken as
it is needed, and not three quarters of it at once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from btfnet.arguments import said
from btfnet.engines.device.points import Array, Library
from btfnet.errors import UsageError

DEVICES = ("cpu", "gpu")
ENVIRONMENT = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_CPP_MIN_LOG_LEVEL": "2"}
"""Take a GPU's memory as it is needed, and do not tell what a library looked for in vain."""


def require_jax() -> Any:
    """The module. Raises `UsageError` naming the extra where it is not installed."""
    if find_spec("jax") is None:
        raise UsageError(
            'rrr-jax needs JAX, which is not installed: pip install "btfnet[jax]" (for a GPU of NVIDIA: pip '
            'install "jax[cuda13]"). Without it, --engine rrr runs the same iteration on the processor.'
        )
    for variable, value in ENVIRONMENT.items():
        os.environ.setdefault(variable, value)
    import jax

    logging.getLogger("jax._src.xla_bridge").setLevel(
        logging.ERROR
    )  # that there is a GPU which it cannot use
    return jax


def device_named(name: str | None = None) -> Any:
    """The first device of a kind, cpu or gpu; None: what JAX takes by itself, a GPU where it finds one.

    Raises `UsageError` where there is none, which says what was found.
    """
    jax = require_jax()
    if name is None:
        return jax.devices()[0] if jax.config.jax_default_device is None else jax.config.jax_default_device
    if name not in DEVICES:
        raise UsageError(f"device is {said(name)}; choose one of {', '.join(DEVICES)}.")
    try:
        return jax.devices(name)[0]
    except RuntimeError as error:
        found = ", ".join(str(device) for device in jax.devices())
        raise UsageError(
            f"device is gpu, but JAX finds none here, only {found}. It needs a GPU's driver and a JAX that is "
            'made for it (pip install "jax[cuda13]" for one of NVIDIA); or take --device cpu.'
        ) from error


def use(name: str) -> None:
    """From now on JAX computes there in this process, cpu or gpu. Raises as `device_named` does."""
    require_jax().config.update("jax_default_device", device_named(name))


def library() -> Library:
    """JAX as what computes. Raises as `require_jax` does."""
    jax = require_jax()

    def sums(arrays: Sequence[Array], axis: int) -> tuple[Array, ...]:
        """All in one reduction, so that a compiler reads what they are made of once."""
        zeros = tuple(array.dtype.type(0) for array in arrays)
        return tuple(jax.lax.reduce(tuple(arrays), zeros, _add, (axis,)))

    return Library(jax.numpy, sums)


def _add(left: tuple[Array, ...], right: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def precise(kind: str) -> Any:
    """A context in which JAX computes in that type, float32 or float64, whatever it is set to elsewhere."""
    return require_jax().enable_x64(kind == "float64")
