"""The one table of a run's settings: names, defaults, ranges, and the command line's help."""

from __future__ import annotations

from dataclasses import Field, asdict, dataclass, field, fields, replace
from typing import Any, Self

from btfnet.arguments import Wanted, must_be, number, whole


def _setting(default: Any, text: str, *, low: float, high: float, open_low: bool = False) -> Any:
    return field(default=default, metadata={"help": text, "low": low, "high": high, "open_low": open_low})


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run of the iteration needs to know (paper: arXiv 2602.17493, sections 2 to 4).

    Raises `UsageError` for a value outside its range.
    """

    sigma: float = _setting(
        3.0, "support σ: a BTF with m inputs has the margin sqrt(m/σ)", low=0, high=1e6, open_low=True
    )
    beta: float = _setting(
        0.3, "step β of reflect-reflect-relax; 1 is Douglas-Rachford", low=0, high=2, open_low=True
    )
    gamma: float = _setting(
        3e-4, "rate γ at which the metric follows the gaps; 0 keeps it fixed", low=0, high=1
    )
    gap: float = _setting(0.01, "a gap at or below this ends a run", low=0, high=1e6)
    max_iterations: int = _setting(1_000_000, "iterations of one start", low=1, high=10**15)
    widen: float = _setting(
        3.0,
        "some gate descents begin in hidden layers so many times as wide, which narrow; 1: none does",
        low=1,
        high=10,
    )

    def __post_init__(self) -> None:
        for setting in fields(self):
            value, kind = getattr(self, setting.name), _kind(setting)
            if kind is int and isinstance(value, float) and value.is_integer():
                value = int(value)  # 1e6
            must_be(setting.name, value, _wanted(setting))
            object.__setattr__(self, setting.name, kind(value))

    def but(self, **changes: Any) -> Self:
        """The same settings with some of them changed; None means unchanged."""
        return replace(self, **{name: value for name, value in changes.items() if value is not None})

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def _kind(setting: Field[Any]) -> type[int] | type[float]:
    return int if isinstance(setting.default, int) else float


def _wanted(setting: Field[Any]) -> Wanted:
    low, high, open_low = (setting.metadata[name] for name in ("low", "high", "open_low"))
    return whole(low, high) if _kind(setting) is int else number(low, high, open_low=open_low)
