"""Curves as a matplotlib figure."""

import sys

import pytest
from support.cli_samples import fake_result
from support.run_samples import curves

import btfnet
from btfnet import Settings
from btfnet.errors import UsageError
from btfnet.viewing.curves import Curve
from btfnet.viewing.figure import plotted


def test_a_figure_shows_errors_gaps_and_trials_side_by_side():
    pytest.importorskip("matplotlib")
    figure = plotted(curves(), best=1, title="costs $5 & more")
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == [
        "wrong output bits in %, kept trial", "gap between the projections", "wrong training bits in %, 3 trials",
    ]  # fmt: skip
    assert len(figure.axes[2].lines) == 3
    assert figure.axes[0].lines[0].get_ydata()[0] == pytest.approx(100 * 0.3 / 2)
    figure.canvas.draw()


def test_a_figure_of_nothing_says_so():
    pytest.importorskip("matplotlib")
    figure = plotted([Curve(0, ())], best=0, title="x")
    assert figure.axes[0].texts[0].get_text() == "nothing was measured"


def test_a_result_plots_itself(tmp_path):
    pytest.importorskip("matplotlib")
    problem = btfnet.Problem.from_bits([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [0], [0], [1]], hidden=(2,))
    figure = fake_result(problem, Settings()).plot()
    figure.savefig(tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"


def test_without_matplotlib_a_plot_is_refused_with_advice(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UsageError, match=r"btfnet\[plot\]"):
        plotted(curves(), best=0, title="x")
