"""What was asked and checked, and how to do it again."""

from __future__ import annotations

import shlex
from typing import Any

from btfnet.viewing.certificate import Certificate
from btfnet.viewing.markup import Html, element, facts, head, section, table
from btfnet.viewing.story import Story, number_of, objects, part, text_of
from btfnet.wording import duration, number, percent, plural

SETTINGS = ("sigma", "beta", "gamma", "gap", "max_iterations", "widen", "trials")
MOST_CLASSES, MOST_COLUMNS = 20, 500
OPTIONS = ("engine", "precision", "deterministic", "all_trials", "shrink", "circuits", "validation", "error",
           "recognise", "tune")  # fmt: skip


def data_section(story: Story) -> Html:
    """Problem, items and settings."""
    record, circuit = story.record, story.circuit
    scores, least = story.scores(), part(record, "best_possible")
    committee = part(record, "committee")
    entries: list[tuple[str, object]] = [("Problem", story.problem)]
    if circuit is not None and story.raw is None:
        entries.append(("Inputs and outputs", f"{number(circuit.n_inputs)} and {number(circuit.n_outputs)}"))
    if story.raw is not None and circuit is not None:
        entries.append(("Raw inputs", f"{number(story.raw[0])} ({story.raw[1]})"))
        entries.append(("Comparisons", f"{number(circuit.n_inputs)}, which are the inputs of the circuit"))
    fit = part(record, "training")
    n_train = len(story.rows.inputs) if story.rows is not None else number_of(fit, "n_items")
    if n_train is not None:
        entries.append(("Training items", number(n_train)))
    for name, (bits, words) in scores.items():
        told = [f"{percent(bits)} of bits"] if bits is not None else []
        told += [f"{percent(words)} of items"] if words is not None else []
        entries.append((f"Right in {'training' if name == 'train' else name}", ", ".join(told)))
    best = number_of(least, "bits")
    if best is not None and best < 1:
        entries.append(
            ("At best possible", f"{percent(best)} of training bits: some items contradict each other")
        )
    if committee:
        listed = ", ".join(
            f"{key.replace('_', ' ')} {_value(value)}" for key, value in committee.items() if key != "classes"
        )
        entries.append(("Committee", listed))
    entries += _targets(story)
    parts = (_columns(story), _settings(story), _recognised(story))
    return section("data", "Problem and settings", facts(entries), *parts)


def _settings(story: Story) -> Html | None:
    settings = part(story.record, "settings")
    names = [name for name in SETTINGS if name in settings] + [
        name for name in settings if name not in SETTINGS
    ]
    pairs = [(name, settings[name]) for name in names]
    pairs += [(name, story.asked[name]) for name in OPTIONS if story.asked.get(name) is not None]
    if not pairs:
        return None
    rows = (
        element("tr", element("th", name.replace("_", " "), scope="row"), element("td", _value(value)))
        for name, value in pairs
    )
    shown = table([head("Setting"), head("Value")], rows, "Settings")
    return element("details", element("summary", "Settings and options"), shown)


def _targets(story: Story) -> list[tuple[str, object]]:
    """What a table's rows were asked for, and how that was learned."""
    found: list[tuple[str, object]] = []
    for target in objects(story.record, "targets"):
        classes = target.get("classes")
        listed = ", ".join(map(str, classes[:MOST_CLASSES])) if isinstance(classes, list) else ""
        more = " …" if isinstance(classes, list) and len(classes) > MOST_CLASSES else ""
        found.append((f"Target {text_of(target, 'name')}", f"{listed}{more}"))
        if text_of(target, "way"):
            found.append(("Learned by", text_of(target, "way")))
    return found


def _columns(story: Story) -> Html | None:
    """The columns of a table."""
    columns = objects(story.record, "columns")
    if not columns:
        return None
    rows = [
        element(
            "tr",
            element("th", text_of(column, "name"), scope="row"),
            element("td", text_of(column, "kind")),
            element("td", _value(column.get("missing"))),
            element("td", _value(column.get("used"))),
        )
        for column in columns[:MOST_COLUMNS]
    ]
    heads = [head("Column"), head("Kind"), head("Cells missing"), head("Asked about")]
    title = element("summary", f"{plural(len(columns), 'column')} of the table")
    return element("details", title, table(heads, rows, "Columns of the table"))


def _recognised(story: Story) -> Html | None:
    names = [name for each in objects(story.record, "recognised") if (name := text_of(each, "name"))]
    return element("p", f"Recognised by name: {'; '.join(names)}.") if names else None


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return str(value)
    return "–" if value is None else str(value)


def certificate_section(story: Story, checked: Certificate | None) -> Html:
    """How the circuit was verified, by what, and on how many items."""
    seal: Html
    if story.circuit is None:
        seal = _seal("wait", "Nothing to certify", "There is no circuit yet.")
    elif checked is None:
        why = " ".join(story.doubt) or "The training items are not beside the circuit."
        seal = _seal("wait", "Not checked when this page was made", why)
    elif checked.exact and not checked.n_bits:
        seal = _seal("wait", "Nothing to check", "No output bit of the items counts.")
    elif checked.exact:
        proof = (
            " They are all inputs that there are, so the circuit is proven to be this function."
            if checked.every_pattern
            else " Of inputs that are not among them this says nothing."
        )
        seal = _seal(
            "good",
            f"All {number(checked.n_items)} training items are right",
            f"When this page was made, btfnet ran each of them through the circuit's integer gates, without a "
            f"floating-point number, and compared {plural(checked.n_bits, 'output bit')}: none is wrong "
            f"({duration(checked.seconds)}).{proof}",
        )
    else:
        seal = _seal(
            "bad" if story.exact else "wait",
            f"{plural(checked.wrong_items, 'training item')} of {number(checked.n_items)} not right",
            f"When this page was made, btfnet ran each of them through the circuit's integer gates, without a "
            f"floating-point number: {number(checked.wrong_bits)} of {plural(checked.n_bits, 'output bit')} are "
            f"wrong ({duration(checked.seconds)}).{_why_wrong(story)}",
        )
    rows = [
        element("tr", element("th", file.name, scope="row"), element("td", number(file.n_bytes), class_="number"),
                element("td", element("code", file.sha256), class_="words"))
        for file in story.files
    ]  # fmt: skip
    prints = (
        table([head("File"), head("Bytes", number=True), head("SHA-256")], rows, "Files of the run")
        if rows
        else None
    )
    return section(
        "certificate",
        "Certificate",
        seal,
        element("p", id="recheck"),
        element("details", element("summary", "Files of the run, and their digests"), prints)
        if prints
        else None,
    )


def _why_wrong(story: Story) -> str:
    if story.status in ("learned", "trained") or part(story.record, "scores").get("validation", {}).get(
        "bits"
    ):
        return " It was learned as well as its items allow, so that some of them may stay wrong."
    return ""


def _seal(colour: str, title: str, words: str) -> Html:
    return element(
        "div", element("p", element("strong", title)), element("p", words), class_=f"seal {colour}"
    )


def reproduce_section(story: Story) -> Html:
    """The command, and what to do with the run."""
    lines = [f"btfnet {shlex.join(story.command)}"] if story.command else []
    seed = number_of(story.record, "seed")
    told = [] if seed is None else [f"seed {story.record['seed']}"]
    if text_of(story.record, "version") or story.version:
        told.append(f"version {text_of(story.record, 'version') or story.version} of btfnet")
    asked = text_of(story.asked, "items")
    if asked:
        told.append(f"items with the digest {asked[:16]}…")
    folder = shlex.quote(story.folder)
    after = [f"btfnet verify {folder}", f"btfnet inspect {folder}", f"btfnet export {folder} circuit.v",
             f"btfnet predict {folder} rows.csv"]  # fmt: skip
    return section(
        "reproduce",
        "Do it again",
        element("p", "The run was made by this command:") if lines else element("p", _unknown_command(story)),
        element("pre", "\n".join(lines), tabindex=0) if lines else None,
        element("p", f"It had {', '.join(told)}. The same seed gives the same result.", class_="note")
        if told
        else None,
        *(
            (
                element("p", "Check it, look into it, take it along, use it:"),
                element("pre", "\n".join(after), tabindex=0),
            )
            if story.circuit is not None
            else ()
        ),
    )


def _unknown_command(story: Story) -> str:
    return f"The run of {story.problem} did not keep the words of its command."
