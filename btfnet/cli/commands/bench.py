"""`btfnet bench`: how fast this machine is."""

from __future__ import annotations

from typing import Any

import click

from btfnet import bench
from btfnet.bench.device import measure_device
from btfnet.cli.compiling.processes import prepare
from btfnet.cli.console import duration, number, plural
from btfnet.cli.reports.device_report import device_words
from btfnet.files.strict_json import as_json


def run(json: bool, quick: bool, cold: bool, device: str | None) -> None:
    """As `btfnet bench` is declared."""
    if device is not None:
        prepare(["sweep-float32", "walk"], quiet=False)
        measured = measure_device(device)
        click.echo(as_json(measured) if json else "\n".join(device_words(measured)))
        return
    plan = bench.QUICK if quick else bench.FULL
    prepare(["sweep-float32", "shared-float32", "circuits", "other-forms", "walk"], quiet=False)
    bench.warm_up(plan)
    facts = bench.measure(plan, cold=cold)
    click.echo(as_json(facts) if json else "\n".join(_words(facts)))


def _words(facts: dict[str, Any]) -> list[str]:
    title = f"{facts['network']}, {facts['items']} items, {facts['edges']} edges, {facts['precision']}"
    return [
        f"{title}; medians of {plural(facts['rounds'], 'round')}",
        "",
        *_goals(facts["goals"]),
        "",
        *_lines(facts),
        "",
        *_scaling("threads", facts["by_threads"], {"ns": "ns", "ns_least": "least", "speed_up": "speed-up"}),
        "",
        *_scaling("items", facts["by_items"], _NS),
        "",
        *_scaling("edges", facts["by_edges"], _NS),
    ]


_NS = {
    "ns_one_thread": "ns, one thread",
    "ns_one_thread_least": "least",
    "ns_all_threads": "ns, all threads",
    "ns_all_threads_least": "least",
}


def _goals(goals: list[dict[str, Any]]) -> list[str]:
    widest = max(len(goal["figure"]) for goal in goals)
    lines = [f"{'figure':<{widest}}  median  least  {'unit':<32} goal"]
    for goal in goals:
        least = "" if goal["least"] is None else f"{goal['least']:.2f}"
        lines.append(
            f"{goal['figure']:<{widest}}  {goal['value']:6.2f} {least:>6}  {goal['unit']:<32} "
            f"{goal['goal']:<4g} {'met' if goal['met'] else 'missed'}"
        )
    return lines


def _lines(facts: dict[str, Any]) -> list[str]:
    copies = (facts["copy_ns_per_16_bytes"], facts["copy_ns_per_16_bytes_all_threads"])
    spread, descent = facts["spread"], facts["descent"]
    lines = [
        f"copy         {copies[0]:.2f} ns per 16 bytes by one thread, {copies[1]:.2f} by all",
        f"spread       {spread['one_thread']:.0%} kernel, {spread['all_threads']:.0%} on all threads, "
        f"{spread['copy']:.0%} copy, {spread['copy_all_threads']:.0%} by all threads",
        f"descent      {number(descent['sweeps_per_second'])} sweeps per second "
        f"({descent['network']}, {descent['items']} items)",
    ]
    for name, rate in facts["predictions_per_second"].items():
        if rate is not None:
            lines.append(f"prediction   {number(rate)} items per second ({name.replace('_', '-')})")
    sliced = facts["bit_sliced"]
    for name, key in (("one thread", "one_thread"), ("all threads", "all_threads")):
        rate, rows = sliced["gate_items_per_second"][key], sliced["rows_per_second"][key]
        lines.append(f"bit-sliced   {rate:.2g} gate·items per second, {rows:.2g} rows per second ({name})")
    for name, seconds in (("cached", facts["cached_start_seconds"]), ("cold", facts["cold_start_seconds"])):
        if seconds is not None:
            lines.append(f"{name + ' start':<12} {duration(seconds)} for a problem solved at once")
    return lines


def _scaling(name: str, rows: list[dict[str, Any]], columns: dict[str, str]) -> list[str]:
    head = f"{name:>8}" + "".join(f"{title:>18}" for title in columns.values())
    return [head, *(f"{row[name]:>8}" + "".join(f"{row[key]:>18.2f}" for key in columns) for row in rows)]
