"""All looks, one after the other; whatever one of them raises is a finding, too."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

from btfnet.cli.checkup.finding import Finding, Verdict
from btfnet.cli.checkup.installation import extras, itself, libraries, of_others, programs
from btfnet.cli.checkup.self_test import self_test
from btfnet.cli.checkup.surroundings import kernels, machine
from btfnet.errors import BtfnetError, BtfnetWarning

LOOKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "btfnet": itself,
    "libraries": libraries,
    "machine": machine,
    "kernels": kernels,
    "extras": extras,
    "programs": programs,
    "plugins": of_others,
    "self-test": self_test,
}
"""By their topics, in the order of the report."""


def findings() -> Iterator[Finding]:
    """Everything, as it is found; with a library that cannot be loaded, the looks that need it are not taken."""
    broken = False
    for topic, look in LOOKS.items():
        if broken and topic in ("kernels", "plugins", "self-test"):
            yield Finding(topic, "not looked at", "libraries are missing", Verdict.NOTE, "Mend these first.")
            continue
        for finding in _taken(topic, look):
            yield finding
            broken = broken or (topic == "libraries" and finding.verdict is Verdict.PROBLEM)


def _taken(topic: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What a look finds, then its warnings, and its failure where it fails."""
    found: list[Finding] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", BtfnetWarning)
        try:
            found.extend(look())
        except Exception as error:  # the check-up itself must not fail
            reason = str(error) if isinstance(error, BtfnetError) else f"{type(error).__name__}: {error}"
            advice = (
                "Install btfnet anew; if that does not help, report it with what btfnet doctor --json prints."
            )
            found.append(Finding(topic, "look", f"failed ({reason})", Verdict.PROBLEM, advice))
    said = dict.fromkeys(str(each.message) for each in caught if issubclass(each.category, BtfnetWarning))
    return found + [_as_finding(topic, text) for text in said]


def _as_finding(topic: str, text: str) -> Finding:
    """A warning, whose last sentence is what to do."""
    found, _, advice = text.rstrip().rpartition(". ")
    return Finding(topic, "warning", found or text, Verdict.PROBLEM, advice or text)
