"""What the tests of the command line share: a half adder, its items, a result nobody searched for."""

import json
from pathlib import Path

import numpy as np
from click.testing import CliRunner, Result

from btfnet import Circuit, Gate, Problem, Settings, Status, TraceRow, formats
from btfnet.cli import main
from btfnet.engines.registry import Engine
from btfnet.search.records import Result as SearchResult
from btfnet.search.records import Score, Trial

HALF_ADDER = Circuit(
    2,
    (Gate(2, (1, 2)), Gate(1, (1, 2)), Gate(2, (4, -3))),
    (3, 5),
    input_names=("a", "b"),
    output_names=("carry", "sum"),
    name="half-adder",
)
INPUTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.int8)
ROWS = "0,0\n0,1\n1,0\n1,1\n"
OUTPUTS = np.array([[0, 0], [0, 1], [0, 1], [1, 0]], dtype=np.int8)


def run(*arguments: object, text: str | None = None) -> Result:
    """One call of btfnet; whatever happens, no traceback may reach the user."""
    result = CliRunner().invoke(
        main, [str(argument) for argument in arguments], input=text, prog_name="btfnet"
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr + result.stdout
    return result


def strict_json(text: str) -> dict:
    """Read JSON that must not hold NaN or infinities."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def write_csv(path: Path, inputs=INPUTS, outputs=OUTPUTS) -> Path:
    rows = np.hstack([inputs, outputs])
    path.write_text("\n".join(",".join(map(str, row)) for row in rows.tolist()) + "\n", encoding="utf-8")
    return path


def saved_half_adder(folder: Path, name: str = "half_adder.json", circuit: Circuit = HALF_ADDER) -> Path:
    formats.write_circuit(folder / name, circuit)
    return folder / name


def wrong_half_adder() -> Circuit:
    """A half adder whose sum is wrong for 1 + 1."""
    return Circuit(2, HALF_ADDER.gates, (3, 4), ("a", "b"), ("carry", "sum"), "wrong-adder")


def fake_result(
    problem: Problem,
    settings: Settings,
    *,
    seed: int = 7,
    circuit: Circuit | None = HALF_ADDER,
    exact: bool = True,
    status: Status = Status.SOLVED,
    n_trials: int = 1,
) -> SearchResult:
    trials = tuple(
        Trial(
            index=index,
            seed=seed + index,
            settings=settings,
            engine=Engine.RRR,
            found_by=Engine.RRR if exact else None,
            status=status,
            exact=exact,
            iterations=1234,
            gap=0.009,
            seconds=0.5,
            score=Score(1.0, 1.0),
            weights=np.ones(problem.network.n_edges),
            circuit=circuit,
            trace=[TraceRow(100, 0.5, 0.5, 0.1), TraceRow(1234, 0.009, 0.009, 0.5, 0.1, 0.2, 0.3, 1.0)],
        )
        for index in range(n_trials)
    )
    return SearchResult(problem, settings, status, trials, 0, 0.6, seed)


class FakeSolve:
    """Stands in for `btfnet.solve`; remembers how it was called."""

    def __init__(self, monkeypatch, **outcome: object) -> None:
        self.outcome, self.calls = outcome, []
        monkeypatch.setattr("btfnet.cli.commands.solve.solve", self)
        monkeypatch.setattr("btfnet.cli.commands.solve.warm_up_search", lambda *_, **__: None)

    def __call__(self, problem: Problem, settings: Settings | None, **options: object) -> SearchResult:
        self.calls.append((problem, settings, options))
        return fake_result(problem, settings or Settings(), **self.outcome)

    @property
    def problem(self) -> Problem:
        return self.calls[-1][0]

    @property
    def settings(self) -> Settings | None:
        return self.calls[-1][1]

    @property
    def options(self) -> dict:
        return self.calls[-1][2]


def writable_folder(tmp_path: Path) -> None:
    """Circuits (adder, other), rows and items for it, and a problem file, for commands that write."""
    saved_half_adder(tmp_path, "adder.json")
    saved_half_adder(tmp_path, "adder.blif")
    other = Circuit(2, (Gate(1, (1, 2)),), (3, -1), ("a", "b"), ("carry", "sum"), "other")
    formats.write_circuit(tmp_path / "other.json", other)
    np.save(tmp_path / "rows.npy", np.array([[0, 1], [1, 1]], dtype=np.int8))
    write_csv(tmp_path / "items.csv")
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "mine.toml").write_text(
        'format = 1\nname = "mine"\n[data]\nfile = "items.csv"\n[network]\nwidths = [2, 2, 2]\n'
    )
