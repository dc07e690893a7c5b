"""Conditions of a learned table as controls: one for each of its columns, which sets all conditions on it.

A number has a slider from below its first cut to above its last, a category a list of its values; a cell may be
missing where a condition asks that.
"""

from __future__ import annotations

import re
from typing import Any

from btfnet.logic.circuit import Circuit
from btfnet.viewing.story import Story, objects, text_of

CUT = re.compile(r">=([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)", re.IGNORECASE)
MISSING = "missing"


def controls(story: Story, circuit: Circuit) -> list[dict[str, Any]]:
    """The controls of a learned table, as the script takes them; none where some condition belongs to none.

    name     the column
    cuts     values and nodes of conditions "name>=value", ascending
    choices  labels and nodes of conditions "name=label"
    missing  the node of "name=missing" beside cuts; None without one
    """
    columns = [text_of(column, "name") for column in objects(story.record, "columns")]
    if not columns or story.record.get("conditions") != list(circuit.input_names):
        return []
    found = {name: _empty(name) for name in columns}
    for node, condition in enumerate(circuit.input_names, start=1):
        if not _take(found, node, condition):
            return []
    kept = [each for each in found.values() if each["cuts"] or each["choices"]]
    for each in kept:
        each["cuts"].sort()
        labels = [label for label, _ in each["choices"]]
        if each["cuts"] and labels == [MISSING]:
            each["missing"], each["choices"] = each["choices"][0][1], []
    return [] if any(each["cuts"] and each["choices"] for each in kept) else kept


def _empty(name: str) -> dict[str, Any]:
    return {"name": name, "cuts": [], "choices": [], "missing": None}


def _take(found: dict[str, dict[str, Any]], node: int, condition: str) -> bool:
    """Give a condition to its column, of several the one with the longest name; whether there is one."""
    for name in sorted(found, key=len, reverse=True):
        rest = condition.removeprefix(name)
        if rest == condition or not rest:
            continue
        if (cut := CUT.fullmatch(rest)) is not None:
            found[name]["cuts"].append([float(cut[1]), node])
            return True
        if rest.startswith("="):
            found[name]["choices"].append([rest[1:], node])
            return True
    return False
