"""`btfnet bench`: how fast this machine is."""

from __future__ import annotations

from typing import Any

import click

from btfnet.cli.words import as_json, number, plural


@click.command(short_help="Measure the speed of this machine.")
@click.option("--json", is_flag=True, help="Print JSON.")
def command(json: bool) -> None:
    """Measure the speed of this machine: ns per edge, item and iteration, and predictions per second.

    The kernel runs on 32-32-32-32-32-32 with 512 items. The time to copy 8 bytes (16 bytes of traffic) of a
    buffer as large as the state, measured in the same run, says how near that is to the memory's own speed.
    """
    from btfnet import bench
    from btfnet.cli.warm import compile_message

    with compile_message(quiet=False):
        bench.warm_up()
    facts = bench.measure()
    click.echo(as_json(facts) if json else _words(facts))


def _words(facts: dict[str, Any]) -> str:
    kernel, ratio, sliced = (
        facts[key] for key in ("ns_per_edge_item_iteration", "ratio_to_copy", "predictions_per_second")
    )
    lines = [f"{facts['network']}, {facts['items']} items, {facts['edges']} edges, {facts['precision']}"]
    for name, title in (("one_thread", "one thread"), ("all_threads", plural(facts["threads"], "thread"))):
        lines.append(
            f"{title:<12} {kernel[name]:.2f} ns per edge, item and iteration; {ratio[name]:.2f} of a copy"
        )
    lines.append(f"{'copy':<12} {facts['copy_ns_per_16_bytes']:.2f} ns per 16 bytes (8 read, 8 written)")
    lines.append(f"{'state':<12} {facts['state_bytes_per_edge_item']:.2f} bytes per edge and item")
    for name, rate in sliced.items():
        if rate is not None:
            lines.append(f"{'prediction':<12} {number(rate)} items per second ({name.replace('_', '-')})")
    return "\n".join(lines)
