"""`--netlist FORMAT`: which format that is."""

from __future__ import annotations

from typing import Any

from btfnet.arguments import similar
from btfnet.errors import UsageError
from btfnet.formats import CIRCUITS_OUT
from btfnet.formats.recognise import names_of_formats, suffix_called


def checked_netlist(options: dict[str, Any]) -> str | None:
    """The suffix of the netlist's format, without its dot; the options have it in place of what was given.

    Raises `UsageError` for what is no format, and where --json leaves no place for the netlist.
    """
    if options["netlist"] is None:
        return None
    given = str(options["netlist"])
    netlist = options["netlist"] = suffix_called(given).removeprefix(".")
    if f".{netlist}" not in CIRCUITS_OUT:
        known = [suffix[1:] for suffix in CIRCUITS_OUT]
        near = similar(given, [*known, *names_of_formats()])
        raise UsageError(f"--netlist is {given!r}{near} Choose one of {', '.join(known)}.")
    if options["json"] and not options["out"]:
        raise UsageError(
            "--netlist with --json needs --out, because --json prints one object and nothing else."
        )
    return netlist
