"""What a format is: a record of what its files hold, who reads and writes them, and by what they are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pkgutil import resolve_name
from typing import Any

from btfnet.formats.content import Text
from btfnet.plugins import Plugin, Registry, blamed

MARK_BYTES = 1 << 12
"""So many bytes at the beginning and at the end of a file tell whether btfnet wrote it."""


class Holds(StrEnum):
    """What can be had from a file, or written to one. What readers return:

    ITEMS        problem.items.Items; the reader takes n_inputs
    MODEL        logic.packed_model.PackedModel
    PREDICTOR    a circuit, or committee.Classifier where the inputs are raw
    CIRCUIT      logic.circuit.Circuit
    CHECKED      a circuit, and one that is true where an output does not count, or None
    TABLE        logic.truth_table.Table
    RULE         formats.circuits.rule.Rule, from raw rows of an ordinary table to labels; written, not read
    DRAWING      nothing that can be read again
    STATES       rules.observations.Observations
    NETWORK, WIDTHS, TRACE, PROBLEM   as the functions of those modules say
    """

    ITEMS = "items"
    CIRCUIT = "circuit"
    MODEL = "packed model"
    PREDICTOR = "circuit or classifier"
    CHECKED = "circuit with don't cares"
    TABLE = "truth table"
    RULE = "rule of a table"
    DRAWING = "drawing"
    NETWORK = "network"
    WIDTHS = "widths"
    TRACE = "trace"
    STATES = "states of cells"
    PROBLEM = "problem"


_RETURNED = {Holds.ITEMS: "btfnet.problem.items:Items", Holds.CIRCUIT: "btfnet.logic.circuit:Circuit"}
"""What readers of plugins are held to."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format; `suffix`, with its dot, is its name.

    summary      one line for users
    page         spec page below this folder, without .md; "" for what is no format of btfnet's own pages; of a
                 plugin "package:page.md", a file beside its modules
    read, write  "module:function" for each thing that the format holds; writers take the thing alone, and return
                 the bytes of a file, or its text
    also         other suffixes of the same format; names: what people call it
    begins       what its files begin with, as an expression for bytes; anything else that the content tells:
    keyword      a line by which a text is known, and looks_like, for texts without one
    mark         what files written by btfnet begin and end with, as expressions for bytes; None where the format
                 has no place for it. It stands where reading is not disturbed, and from where it goes when another
                 program writes the file anew: a comment before all else, the last line of AIGER's comment, the
                 creator of Yosys' JSON, the text chunk of a PNG that names the software, the comment of a zip
                 archive. Formats of our own say their names anyway.
    columns_of   for items without a mark: "module:function" of a path and items, whether the file has their
                 columns, so that they may replace it
    has_latches  whether its reader takes `cut_latches`
    has_layout   whether it is a table of text, whose reader takes `layout`, `ports` and `by`
    tool         the outside program without which nothing is written
    plugin       of another package's format which one it is: its faults are told as that package's
    """

    suffix: str
    summary: str
    page: str = ""
    read: Mapping[Holds, str] = field(default_factory=dict)
    write: Mapping[Holds, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    begins: bytes | None = None
    keyword: re.Pattern[str] | None = None
    looks_like: Callable[[Text], bool] | None = None
    mark: tuple[bytes, bytes] | None = None
    columns_of: str = ""
    has_latches: bool = False
    has_layout: bool = False
    tool: str = ""
    plugin: Plugin | None = None

    def reader(self, holds: Holds) -> Callable[..., Any]:
        """The function that reads such a thing from a path."""
        if self.plugin is None:
            reader: Callable[..., Any] = resolve_name(self.read[holds])
            return reader
        returns = resolve_name(_RETURNED[holds]) if holds in _RETURNED else None
        return blamed(blamed(resolve_name, self.plugin)(self.read[holds]), self.plugin, returns)

    def writer(self, holds: Holds) -> Callable[[Any], bytes]:
        """The function that gives the bytes of a file with such a thing."""
        if self.plugin is None:
            make = resolve_name(self.write[holds])
        else:
            make = blamed(blamed(resolve_name, self.plugin)(self.write[holds]), self.plugin, (str, bytes))

        def as_bytes(thing: Any) -> bytes:
            content = make(thing)
            return content.encode("utf-8", errors="backslashreplace") if isinstance(content, str) else content

        return as_bytes

    @property
    def same_columns(self) -> Callable[[str, Any], bool] | None:
        """The function that `columns_of` names; None where the mark tells."""
        return resolve_name(self.columns_of) if self.columns_of else None

    def has_suffix(self, suffix: str) -> bool:
        """Whether it is one of this format's."""
        return suffix in (self.suffix, *self.also)

    @property
    def ways(self) -> str:
        """read, write, or both."""
        return ", ".join(way for way, has in (("read", self.read), ("write", self.write)) if has)

    def is_own(self, head: bytes, tail: bytes) -> bool:
        """Whether a file is one that btfnet wrote; head and tail are its first and last `MARK_BYTES`, or all."""
        if self.mark is None:
            return False
        begin, end = self.mark
        return re.match(begin, head, re.DOTALL) is not None and re.search(end, tail) is not None


class Suffixes(Sequence[str]):
    """Suffixes of the formats that hold something: to ask whether one is among them imports no other's plugin.

    way   read or write, as the fields of `Format`
    """

    def __init__(self, formats: Registry[Format], way: str, things: tuple[Holds, ...]) -> None:
        self._formats, self._way, self._things = formats, way, things

    @property
    def own(self) -> tuple[str, ...]:
        """Those of btfnet's own formats."""
        return tuple(suffix for suffix, entry in self._formats.own.items() if self._holds(entry))

    def __contains__(self, suffix: object) -> bool:
        return isinstance(suffix, str) and suffix in self._formats and self._holds(self._formats[suffix])

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, index: Any) -> Any:
        return self._all()[index]

    def _all(self) -> tuple[str, ...]:
        return (
            *self.own,
            *(suffix for suffix, entry in self._formats.others().items() if self._holds(entry)),
        )

    def _holds(self, entry: Format) -> bool:
        ways: Mapping[Holds, str] = getattr(entry, self._way)
        return not ways.keys().isdisjoint(self._things)
