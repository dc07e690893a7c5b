"""What `btfnet bench --device` measured, as a table."""

from __future__ import annotations

from typing import Any

from btfnet.cli.console import plural

HEAD = "layout          trials        ns     least   bytes     GB/s  of a copy  ns at 3.35 TB/s (arithmetic)"


def device_words(facts: dict[str, Any]) -> list[str]:
    """Lines: per trial, edge, item and iteration."""
    title = f"{facts['network']}, {facts['items']} items, {facts['edges']} edges, {facts['precision']}"
    lines = [
        f"{facts['device']} ({facts['platform']}); {title}; medians of {plural(facts['rounds'], 'round')}",
        "Per trial, edge, item and iteration; bytes as compiled.",
        "",
        HEAD,
    ]
    for row in facts["batches"]:
        lines.append(
            f"{row['layout']:<14} {row['trials']:>7} {row['ns']:>9.3f} {row['ns_least']:>9.3f} "
            f"{row['bytes']:>7.1f} {row['bytes_per_second'] / 1e9:>8.1f} {row['share_of_copy']:>10.0%} "
            f"{row['ns_at_3.35_TB_per_second']:>12.4f}"
        )
    sweep, candidates = facts["sweep"], facts["candidates"]
    each = ", ".join(
        f"{us:.0f} µs in a batch of {trials}" for trials, us in candidates["us_per_node"].items()
    )
    return [
        *lines,
        "",
        f"{'the engine rrr':<14} {1:>7} {sweep['ns']:>9.3f} {sweep['ns_least']:>9.3f}   one thread, no device",
        f"copy           {facts['copy_bytes_per_second'] / 1e9:.1f} GB/s, read and written",
        f"candidates     {candidates['gates']} gates of a node, {candidates['items']} items: {each}; the kernel, "
        f"which prunes, {candidates['kernel_us_per_node']:.0f} µs",
    ]
