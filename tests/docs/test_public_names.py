"""The names that `btfnet` offers: each is there, is documented, and old ones answer with a warning."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import btfnet

STUB = Path(btfnet.__file__).with_suffix(".pyi").read_text(encoding="utf-8")


def test_every_public_name_has_a_docstring():
    names = [name for name in btfnet.__all__ if name != "__version__"]
    assert len(names) > 40
    assert [name for name in names if not getattr(btfnet, name).__doc__] == []


def test_names_are_those_of_the_rooms_that_the_stub_says():
    lines = re.findall(r"^from (\.[a-z_.]+) import (\w+) as \2$", STUB, re.MULTILINE)
    assert {name for _, name in lines} | {"constraints", "formats", "tasks", "__version__"} == set(
        btfnet.__all__
    )
    for room, name in lines:
        assert getattr(btfnet, name) is getattr(importlib.import_module(room, "btfnet"), name)


def test_an_old_name_gives_the_new_one_and_says_so():
    with pytest.warns(DeprecationWarning, match=r"btfnet\.Look is now btfnet\.TraceRow"):
        assert btfnet.Look is btfnet.TraceRow


def test_a_name_that_there_is_not_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        btfnet.nothing_of_the_kind  # noqa: B018


def test_importing_btfnet_loads_none_of_its_rooms():
    script = (
        "import sys, btfnet; print([name for name in sys.modules if name.startswith(('btfnet.', 'numpy'))])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
