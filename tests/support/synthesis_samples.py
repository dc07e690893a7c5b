"""Tools for logic synthesis that are not what they say."""

from btfnet.synthesis import optimising


def pretend(monkeypatch, *improvements):
    ways = [(f"liar {index}", improve) for index, improve in enumerate(improvements, start=1)]
    monkeypatch.setattr(optimising, "installed", lambda: ways)
