"""What tests of `btfnet classify` and of its models stand on."""

from __future__ import annotations

import numpy as np
import pytest
from support.committee_samples import made_small, model_bytes

from btfnet.formats.btf.classifier import decode


@pytest.fixture(scope="module")
def compiled():
    """Kernels are there before any command says that it compiles them."""
    decode("m.btf", model_bytes()).one_hot(np.zeros((1, 6)))


@pytest.fixture
def saved(tmp_path):
    """A model."""
    (tmp_path / "m.btf").write_bytes(model_bytes())
    return tmp_path / "m.btf"


@pytest.fixture
def small(monkeypatch):
    """Committees of the command line are small, and there is nothing to warm up."""
    made_small(monkeypatch)
