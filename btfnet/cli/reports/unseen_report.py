"""What a result says of unseen items: agreement of exact circuits, consensus, outputs that tell little."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from btfnet.cli.console import number, percent, plural
from btfnet.printable import printable
from btfnet.search.notable_outputs import Notable
from btfnet.search.records import Agreement, Consensus, Result

COPIES = "every output of the circuit is an input or its complement: it computes nothing"
NARROW = (
    "; where the way to the outputs is to be narrow, as in autoencoders, give --widths, which are binding."
)
MOST_NOTES = 6
"""Outputs that the text names; the JSON has all."""


def unseen_record(result: Result) -> dict[str, Any]:
    """Agreement, consensus, notable outputs, and whether all outputs are copies of inputs."""
    return {
        "agreement": None if result.agreement is None else asdict(result.agreement),
        "consensus": None if result.consensus is None else _consensus(result.consensus),
        "notable_outputs": [asdict(notable) for notable in result.notable_outputs],
        "copies_inputs": result.copies_inputs,
    }


def _consensus(consensus: Consensus) -> dict[str, Any]:
    names = ("circuits", "counted", "against", "gates", "words")
    return {name: getattr(consensus, name) for name in names} | asdict(consensus.score)


def unseen_text(result: Result) -> Iterator[str]:
    """Lines for the same."""
    if result.agreement is not None:
        yield f"Compared  {_compared(result.agreement)}"
    if result.consensus is not None:
        yield f"Consensus {_consensus_words(result.consensus)}"
    if result.copies_inputs:
        yield f"Note      {COPIES}{NARROW if result.kept.network else '.'}"
    notes = result.notable_outputs
    for notable in notes[:MOST_NOTES]:
        yield f"Note      {_note(notable)}"
    if len(notes) > MOST_NOTES:
        more = plural(len(notes) - MOST_NOTES, "more output")
        yield f"Note      {more} of these kinds: see notable_outputs in the JSON"


def _compared(agreement: Agreement) -> str:
    """How many circuits were compared on how many items, and what came of it."""
    circuits, items = agreement.circuits, plural(agreement.items, "unseen item")
    if agreement.alike == circuits - 1:
        return f"all {circuits} exact circuits give the same outputs on all {items}"
    rest = f"on {percent(agreement.unanimous)}: the training items leave a choice"
    if agreement.alike:
        alike = f"{agreement.alike + 1} of {circuits} exact circuits"
        return f"{alike} give the same outputs on all {items}; all {circuits} {rest}"
    return (
        f"no other of {circuits} exact circuits gives the kept one's outputs on all {items}, the nearest "
        f"differs on {percent(agreement.differ)}; all {circuits} say the same {rest}"
    )


def _consensus_words(consensus: Consensus) -> str:
    """What the circuit was made to say."""
    change = (
        f"{plural(consensus.against, 'bit')} of unseen items, as most of {consensus.circuits} circuits say"
    )
    words = (
        ""
        if math.isnan(consensus.words[0])
        else f"; test words {percent(consensus.words[0])} before, {percent(consensus.words[1])} after"
    )
    return (
        f"made from the trial's circuit, and kept in its place: changed in {change}; "
        f"{consensus.gates[0]} to {plural(consensus.gates[1], 'gate')}{words}"
    )


def _note(notable: Notable) -> str:
    name = printable(notable.output)
    in_all = f"all {plural(notable.items, 'training item')}"
    if notable.copy_of is not None:
        return f"{name} is the same as the input {printable(notable.copy_of)} in {in_all}"
    if notable.complement_of is not None:
        return f"{name} is the complement of the input {printable(notable.complement_of)} in {in_all}"
    verb = "is" if notable.ones == 1 else "are"
    kind = "constant" if notable.constant else "almost constant"
    return f"{name} is {kind}: {number(notable.ones)} of {plural(notable.items, 'training item')} {verb} 1"
