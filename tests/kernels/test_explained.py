"""Every compiled function says what its arguments are, what it writes or returns, and what checks it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from numba import config
from numba.core.dispatcher import Dispatcher
from numba.extending import _Intrinsic

import btfnet.kernels

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")

ROOT = Path(__file__).resolve().parents[2]
MOST_ARGUMENTS = 8


def modules():
    for entry in pkgutil.walk_packages(btfnet.kernels.__path__, "btfnet.kernels."):
        yield importlib.import_module(entry.name)


def compiled_functions():
    """(name, the function in Python) of all functions that the compiler makes code of, where they are defined."""
    for module in modules():
        for name, kernel in vars(module).items():
            function = getattr(kernel, "py_func", None) or getattr(kernel, "twin", None)
            if isinstance(kernel, Dispatcher | _Intrinsic) and function.__module__ == module.__name__:
                yield f"{module.__name__.removeprefix('btfnet.kernels.')}.{name}", function


KERNELS = dict(compiled_functions())


@pytest.fixture(params=KERNELS)
def kernel(request):
    return KERNELS[request.param]


def module_text(function):
    return inspect.getmodule(function).__doc__


def test_there_are_as_many_as_ever():
    """None is missed by the look into the modules; a change of this number should be meant."""
    assert len(KERNELS) > 130


def test_every_argument_is_named_in_the_functions_text_or_its_modules(kernel):
    text = f"{kernel.__doc__}\n{module_text(kernel)}"
    unnamed = [name for name in inspect.signature(kernel).parameters if not re.search(rf"\b{name}\b", text)]
    assert unnamed == []


def test_it_says_what_it_writes_or_returns(kernel):
    assert re.search(r"\b[Ww](rites|ritten)\b", kernel.__doc__) or re.search(
        r"\b[Rr]eturns\b", kernel.__doc__
    )


def test_it_or_its_module_names_a_twin_that_exists(kernel):
    """Of those that are emitted the body is the twin, and the emitted tests compare the two."""
    if hasattr(kernel, "twin"):
        tests = (ROOT / "tests/kernels").glob("test_*emitted.py")
        emitted = "".join(path.read_text(encoding="utf-8") for path in tests)
        assert re.search(rf"assert_same\(\s*{kernel.__name__},", emitted)
        return
    text = kernel.__doc__ if "Twin:" in kernel.__doc__ else module_text(kernel)
    path, name = re.search(r"Twin:\s+([\w/]+\.py),\s+(\w+)", text).groups()
    assert re.search(rf"^(def|class) {name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_nothing_takes_more_arguments_than_one_can_keep_in_mind(kernel):
    """More travel in a record, whose fields are explained once."""
    assert len(inspect.signature(kernel).parameters) <= MOST_ARGUMENTS
