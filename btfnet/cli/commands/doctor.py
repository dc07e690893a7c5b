"""`btfnet doctor`: is this installation whole, and what to do where it is not."""

from __future__ import annotations

from btfnet.cli.checkup.checkup import findings
from btfnet.cli.checkup.finding import Finding, Verdict
from btfnet.cli.console import FAILED, in_lines, plural, say
from btfnet.files.strict_json import as_json

MARKS = {Verdict.FINE: " ", Verdict.NOTE: "-", Verdict.PROBLEM: "!"}


def run(json: bool) -> int:
    """As `btfnet doctor` is declared."""
    found: list[Finding] = []
    topic = ""
    for finding in findings():
        found.append(finding)
        if json:
            continue
        if finding.topic != topic:
            topic = finding.topic
            say(f"\n{topic}" if len(found) > 1 else topic)
        say(_line(finding))
    problems = [finding for finding in found if finding.verdict is Verdict.PROBLEM]
    if json:
        say(as_json({"ok": not problems, "findings": [finding.as_dict() for finding in found]}))
    elif problems:
        say(f"\n{plural(len(problems), 'problem')}, marked with !.")
    else:
        say("\nNo problem.")
    return FAILED if problems else 0


def _line(finding: Finding) -> str:
    head = f"{MARKS[finding.verdict]} {finding.what:<17} "
    text = in_lines(head, finding.found)
    return f"{text}\n{in_lines(' ' * len(head), finding.advice)}" if finding.advice else text
