"""What stands in the code blocks of a format's spec page."""

from __future__ import annotations

import re

from btfnet import formats


def block(page, section, language):
    text = formats.spec(page).split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.search(rf"```{language}\n(.*?)\n```", text, re.S)[1]


def reader(page):
    """The page's short reader, executed."""
    scope = {}
    exec(compile(block(page, "A short reader", "python"), f"{page}.md", "exec"), scope)
    return scope["read"]
