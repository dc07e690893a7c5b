"""Elements of HTML; every text that is not `Html` already is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


EMPTY = frozenset({"meta", "input"})
"""Elements without an end."""


def text(words: object) -> Html:
    """Any text, escaped; what turns the text around it or cannot be seen is replaced."""
    if isinstance(words, Html):
        return words
    signs = "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in str(words))
    return Html(escape(signs))


def element(tag: str, *children: object, **attributes: object) -> Html:
    """An element.

    children    texts, or elements; None is left out
    attributes  by name, `_` for `-`, and a last one dropped (`class_`); True stands without a value, None and
                False are left out
    """
    words = [tag]
    for name, value in attributes.items():
        key = name.rstrip("_").replace("_", "-")
        if value is True:
            words.append(key)
        elif value is not None and value is not False:
            words.append(f'{key}="{text(value)}"')
    inside = "".join(text(child) for child in children if child is not None)
    return Html(f"<{' '.join(words)}>" + ("" if tag in EMPTY else f"{inside}</{tag}>"))


def joined(parts: Iterable[object]) -> Html:
    """One after the other."""
    return Html("".join(text(part) for part in parts if part is not None))


def facts(entries: Iterable[tuple[str, object]], class_: str = "facts") -> Html:
    """Terms and what is to be said of them; those of which that is None are left out."""
    pairs = (
        element("div", element("dt", term), element("dd", said)) for term, said in entries if said is not None
    )
    return element("dl", *pairs, class_=class_)


def table(heads: Iterable[object], rows: Iterable[object], label: str, **attributes: object) -> Html:
    """A table in a box that scrolls, and can be reached by keys to scroll it."""
    head = element("thead", element("tr", *heads))
    body = element("tbody", *rows, **attributes)
    return box(element("table", head, body), label)


def box(inside: Html, label: str, **attributes: object) -> Html:
    """What scrolls where it is too large."""
    return element("div", inside, class_="box", tabindex=0, role="region", aria_label=label, **attributes)


def head(words: object, *, number: bool = False) -> Html:
    """A column's head."""
    return element("th", words, scope="col", class_="number" if number else None)


def section(name: str, title: str, *children: object) -> Html:
    """A part of the page, which links name."""
    return element(
        "section",
        element("h2", title, id=f"{name}-title"),
        *children,
        id=name,
        aria_labelledby=f"{name}-title",
    )
