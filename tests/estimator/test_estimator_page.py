"""What docs/estimator.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="the extra [sklearn]")

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "estimator.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.needs_jit
def test_the_pages_snippets_run_one_after_another(capsys):
    names: dict[str, object] = {"__name__": "page"}
    for snippet in SNIPPETS:
        exec(compile(snippet, "docs/estimator.md", "exec"), names)
        assert capsys.readouterr().out
    assert names["model"].score(names["X"], names["y"]) > 0.9


def test_every_parameter_is_on_the_page():
    from btfnet.sklearn import BTFClassifier

    assert [name for name in BTFClassifier().get_params() if f"`{name}=" not in PAGE] == []
