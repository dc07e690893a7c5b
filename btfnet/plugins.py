"""What other packages add to btfnet: formats, engines and problems, by entry points (docs/extending.md).

A package is imported when something of that name is asked for, or when everything is listed: never by importing
btfnet, nor for a help. Names that come with btfnet stay btfnet's. What cannot be used is left out, with one
warning that names the package.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from functools import cache, wraps
from pkgutil import resolve_name
from typing import Any, Generic, TypeVar

from btfnet.errors import BtfnetError, BtfnetWarning, DataError
from btfnet.printable import printable

Thing = TypeVar("Thing")

FORMATS, ENGINES, PROBLEMS = "btfnet.formats", "btfnet.engines", "btfnet.problems"
GROUPS = {FORMATS: "format", ENGINES: "engine", PROBLEMS: "problem"}
"""The groups of entry points, and what each of their entries is."""
LEFT_OUT = "It is left out; update that package, or uninstall it."
TELL = "Tell its authors, or use another one."


@dataclass(frozen=True, slots=True)
class Plugin:
    """An entry point: what a package calls its thing, and where it is.

    package  its name and version
    value    "module:object"
    """

    group: str
    name: str
    package: str
    value: str

    def __str__(self) -> str:
        return f"{GROUPS[self.group]} {printable(self.name)} of the package {printable(self.package)}"


@cache
def plugins(group: str) -> tuple[Plugin, ...]:
    """What the installed packages declare for a group, by name and package; imports none of them."""
    import importlib.metadata

    try:
        entries = importlib.metadata.entry_points(group=group)
        found = [Plugin(group, each.name, _package(each), each.value) for each in entries]
    except Exception as error:  # metadata of strangers
        _tell(f"the installed packages cannot be asked for more of {group} ({_said(error)}).")
        return ()
    return tuple(sorted(found, key=lambda each: (each.name, each.package)))


def _package(entry: Any) -> str:
    return f"{entry.dist.metadata['Name']} {entry.dist.version}" if entry.dist else "?"


class Registry(MutableMapping[str, Thing], Generic[Thing]):
    """Things by name: those that come with btfnet first, then those of installed packages.

    A name of btfnet's own costs nothing; another one imports the package that declares it, and no other.

    group   of the entry points
    kinds   "module:type" of what an entry may be, imported when a first one is
    fits    the name under which a thing knows itself, for a name under which it is asked for; they must agree
    adopted a thing as it is kept: where it calls what it does not know, with the package to blame
    taken   whether a name is btfnet's own beside those in `own`
    start   what all names begin with, which entry points leave out: the dot of a suffix
    """

    def __init__(
        self,
        group: str,
        own: dict[str, Thing],
        kinds: tuple[str, ...],
        fits: Callable[[Any, str], bool],
        *,
        adopted: Callable[[Any, Plugin], Any] = lambda thing, plugin: thing,
        taken: Callable[[str], bool] = lambda name: False,
        start: str = "",
    ) -> None:
        self.group, self.own, self.start = group, own, start
        self._kinds, self._fits, self._adopted, self._taken = kinds, fits, adopted, taken
        self._loaded: dict[str, Thing | None] = {}

    def __getitem__(self, name: str) -> Thing:
        if name in self.own:
            return self.own[name]
        thing = self._of_plugin(name)
        if thing is None:
            raise KeyError(name)
        return thing

    def __contains__(self, name: object) -> bool:
        return name in self.own or (isinstance(name, str) and self._of_plugin(name) is not None)

    def __iter__(self) -> Iterator[str]:
        """Own names, then those of plugins that can be used, all of which are imported."""
        yield from self.own
        yield from self.others()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __setitem__(self, name: str, thing: Thing) -> None:
        self.own[name] = thing

    def __delitem__(self, name: str) -> None:
        del self.own[name]

    def others(self) -> dict[str, Thing]:
        """What installed packages add, of which all that can be used is imported."""
        names = [self._name(plugin) for plugin in plugins(self.group)]
        return {name: thing for name in names if (thing := self._of_plugin(name)) is not None}

    def origin(self, name: str) -> str:
        """The package from which a name comes, with its version; "" for btfnet's own."""
        if name in self.own:
            return ""
        return next((each.package for each in plugins(self.group) if self._name(each) == name), "")

    def _name(self, plugin: Plugin) -> str:
        return f"{self.start}{plugin.name}"

    def _of_plugin(self, name: str) -> Thing | None:
        if name not in self._loaded:
            same = [each for each in plugins(self.group) if self._name(each) == name]
            self._loaded[name] = self._load(same[0]) if same else None
            for other in same[1:]:
                _tell(f"the {other} has the name of the {same[0]}. {LEFT_OUT}")
        return self._loaded[name]

    def _load(self, plugin: Plugin) -> Thing | None:
        name = self._name(plugin)
        if name in self.own or self._taken(name):
            _tell(f"the {plugin} has a name that is btfnet's own. {LEFT_OUT}")
            return None
        try:
            thing: Thing = resolve_name(plugin.value)
        except (Exception, SystemExit) as error:  # whatever a stranger's module does
            _tell(f"the {plugin} cannot be loaded ({_said(error)}). {LEFT_OUT}")
            return None
        if not isinstance(thing, tuple(map(resolve_name, self._kinds))):
            expected = " or ".join(kind.replace(":", ".") for kind in self._kinds)
            _tell(f"the {plugin} is {_an(thing)}, but must be a {expected}. {LEFT_OUT}")
            return None
        if not self._fits(thing, name):
            _tell(f"the {plugin} calls itself by another name than {printable(name)}. {LEFT_OUT}")
            return None
        kept: Thing = self._adopted(thing, plugin)
        return kept


def blamed(
    function: Callable[..., Any], plugin: Plugin, returns: type | tuple[type, ...] | None = None
) -> Callable[..., Any]:
    """A function of a plugin, whose own errors and wrong answers become a `DataError` that names the package."""

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            answer = function(*given, **named)
        except (BtfnetError, OSError, MemoryError):
            raise
        except Exception as error:
            raise DataError(f"the {plugin} failed ({_said(error)}). {TELL}") from error
        if returns is not None and not isinstance(answer, returns):
            kinds = returns if isinstance(returns, tuple) else (returns,)
            words = " or ".join(kind.__name__ for kind in kinds)
            raise DataError(f"the {plugin} returned {_an(answer)}, but must return {words}. {TELL}")
        return answer

    return call


def _tell(text: str) -> None:
    warnings.warn(text[0].upper() + text[1:], BtfnetWarning, stacklevel=2)


def _said(error: BaseException) -> str:
    return printable(f"{type(error).__name__}: {error}"[:300])


def _an(thing: object) -> str:
    return f"something of the type {type(thing).__name__}"
