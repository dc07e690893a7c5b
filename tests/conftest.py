"""What holds for all tests."""

import pytest
from hypothesis import settings
from numba import config

settings.register_profile("any machine", deadline=None)  # a busy machine is no error
settings.load_profile("any machine")


def pytest_runtest_setup(item):
    if config.DISABLE_JIT and item.get_closest_marker("needs_jit"):
        pytest.skip("too slow without compiled kernels")


@pytest.fixture(autouse=True)
def _few_tries(monkeypatch):
    """Without the compiler, telling items apart would take minutes."""
    if config.DISABLE_JIT:
        monkeypatch.setattr("btfnet.engines.descent.local_search.TRIES", 20)
