"""One small set of parameters for each generator."""

from __future__ import annotations

import pytest

from btfnet.tasks import generate

SMALL = {
    "multiplier": {"a": 2, "b": 3},
    "parity": {"bits": 30, "items": 50},
    "autoencoder": {"bits": 16},
    "decoder": {"bits": 16},
    "andor": {"depth": 3, "width": 12, "items": 200},
    "maj": {"depth": 3, "width": 12, "items": 200},
    "majtree": {"bits": 9, "depth": 2, "items": 200},
    "automaton": {"rule": 30, "cells": 24, "steps": 2, "items": 100},
    "permutation": {"bits": 12, "tests": 100},
    "rorschach": {"k": 2, "items": 100},
    "roman": {"highest": 99},
    "digits": {},
}


def small(name, seed=1, **more):
    if name == "digits":
        pytest.importorskip("sklearn")
    return generate(name, SMALL[name] | more, seed)
