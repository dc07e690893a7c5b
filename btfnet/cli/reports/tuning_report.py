"""What found itself, as JSON and as text: settings by rounds, the size of a free network, widths by a ladder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from btfnet.cli.console import number, percent, plural
from btfnet.problem.network import Network
from btfnet.search.records import Result, Trial
from btfnet.search.tried import TunerEntry, TunerRound, WidthsTried


def tuning_record(result: Result) -> list[dict[str, Any]] | None:
    """The rounds of the tuner; None without one."""
    return [_round(entry) for entry in result.tuning] or None


def _round(entry: TunerRound) -> dict[str, Any]:
    first = entry.settings[0]
    return {
        "engine": str(entry.engine),
        "round": entry.number + 1,
        "sigma": first.sigma,
        "widen": first.widen,
        "max_iterations": first.max_iterations,
        "trials": [_trial(heat) for heat in entry.heats],
    }


def _trial(heat: TunerEntry) -> dict[str, Any]:
    return {
        "trial": heat.trial,
        "beta": heat.settings.beta,
        "gamma": heat.settings.gamma,
        "exact": heat.exact,
        "decay": heat.decay,
        "late_bits": heat.late_bits,
        "complete": heat.complete,
    }


def widths_record(result: Result) -> dict[str, Any] | None:
    """The networks that were tried and the one that was kept; None where the network was given.

    Of free ones the widths are the numbers of inputs, hidden nodes and outputs.
    """
    if result.kept.network is not None:
        return {
            "free": True,
            "kept": list(_sizes(result.kept.network)),
            "tried": [_network(each) for each in _grown(result)],
            "left_out": [],
        }
    if not result.widths:
        return None
    return {
        "kept": list(_kept(result).widths),
        "tried": [_network(each) for each in result.widths if each.trials],
        "left_out": [
            {"widths": list(each.widths), "edges": each.edges, "reason": each.note}
            for each in result.widths
            if each.note and not each.trials
        ],
    }


def _sizes(network: Network) -> tuple[int, ...]:
    return network.n_inputs, network.n_hidden, network.n_outputs


def _grown(result: Result) -> list[WidthsTried]:
    """The free networks in which trials ended, the smallest first."""
    trials: dict[Network, list[Trial]] = {}
    for trial in result.trials:
        if trial.network is not None:
            trials.setdefault(trial.network, []).append(trial)
    return [
        WidthsTried(
            _sizes(network),
            network.n_edges,
            len(found),
            sum(trial.seconds for trial in found),
            any(trial.exact for trial in found),
            max(trial.score.train_bits for trial in found),
        )
        for network, found in sorted(trials.items(), key=lambda item: item[0].n_edges)
    ]


def _network(tried: WidthsTried) -> dict[str, Any]:
    return {
        "widths": list(tried.widths),
        "edges": tried.edges,
        "trials": tried.trials,
        "seconds": tried.seconds,
        "exact": tried.exact,
        "train_bits": tried.train_bits,
    }


def _kept(result: Result) -> WidthsTried:
    network = result.problem.network
    sizes = [len(group) for group in network.groups]
    alike = [
        each for each in result.widths
        if each.edges == network.n_edges and list(each.widths[1:]) == sizes
    ]  # fmt: skip
    return alike[0]


def tuning_text(result: Result) -> Iterator[str]:
    """How far a free network grew, the widths that were tried, and how many settings ran in which rounds."""
    if result.kept.network is not None:
        most = max(trial.network.n_hidden for trial in result.trials if trial.network is not None)
        circuit = result.circuit
        gates = "" if circuit is None else f"; {plural(len(circuit.simplified().gates), 'gate')} kept"
        yield (
            f"Network   free: {plural(result.kept.network.n_hidden, 'hidden node')} tried, "
            f"{number(most)} at most{gates}"
        )
    if result.widths:
        tried = [each for each in result.widths if each.trials]
        yield f"Widths    {_widths(_kept(result))}, of {plural(len(tried), 'network')} tried: " + ", ".join(
            f"{_widths(each)} {percent(each.train_bits)}" for each in tried
        )
        left_out = [_widths(each) for each in result.widths if each.note and not each.trials]
        if left_out:
            yield f"Left out  for want of memory: {', '.join(left_out)}"
    for engine in dict.fromkeys(entry.engine for entry in result.tuning):
        rounds = [entry for entry in result.tuning if entry.engine is engine]
        yield f"Tuned     {engine}: " + "; ".join(
            f"{plural(len(entry.heats), 'trial')} at most {entry.settings[0].max_iterations} iterations long, "
            f"sigma {entry.settings[0].sigma:g}{wide_text(entry.settings[0].widen)}"
            for entry in rounds
        )


def wide_text(factor: float) -> str:
    """What to say besides where a descent begins in a wider network."""
    return "" if factor == 1 else f", {factor:g} times as wide at first"


def _widths(tried: WidthsTried) -> str:
    return "-".join(map(str, tried.widths))
