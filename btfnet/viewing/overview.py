"""The head of a page: what the run is about, how it ended, and its figures."""

from __future__ import annotations

from btfnet.logic.circuit import Circuit
from btfnet.viewing.certificate import Certificate
from btfnet.viewing.markup import Html, element, facts, joined, text
from btfnet.viewing.story import Story, number_of, part
from btfnet.wording import duration, number, percent, plural

ENDED = {
    "solved": ("good", "Exact"),
    "learned": ("good", "Learned"),
    "trained": ("good", "Trained"),
    "running": ("wait", "Still running"),
    "unfinished": ("wait", "Nothing saved yet"),
    "saving": ("wait", "Killed while it was saved"),
    "interrupted": ("wait", "Interrupted"),
    "time_limit": ("wait", "The time limit came first"),
    "iteration_limit": ("bad", "The iteration limit came first"),
    "not_exact": ("bad", "No exact circuit was found"),
}
KINDS = {"and": "And", "or": "Or", "maj": "Majority", "threshold": "Threshold", "not": "Not", "copy": "Copy",
         "const": "constant"}  # fmt: skip


def heading(story: Story, checked: Certificate | None, links: list[tuple[str, str]]) -> Html:
    """Title, how it ended, a sentence, figures, and links to the parts of the page."""
    colour, words = ended(story, checked)
    listed = element("ul", *(element("li", element("a", title, href=f"#{name}")) for name, title in links))
    return element(
        "header",
        element("p", "btfnet report", class_="eyebrow"),
        element("h1", story.problem),
        element("p", words, class_=f"badge {colour}"),
        element("p", in_a_sentence(story, checked), class_="lead"),
        _tiles(story, checked),
        element("nav", listed, aria_label="Parts of this page"),
        class_="top",
    )


def ended(story: Story, checked: Certificate | None) -> tuple[str, str]:
    """The colour and the words of how a run ended; what was checked now counts more than what the record says."""
    if story.running:
        return ENDED["running"]
    if story.exact and checked is not None and not checked.exact:
        return "bad", "Does not match its record"
    if story.exact and story.status != "learned":
        return "good", "Exact, and checked" if checked is not None else "Exact"
    return ENDED.get(story.status, ("wait", story.status.replace("_", " ")))


def in_a_sentence(story: Story, checked: Certificate | None) -> str:
    """What was found, and how good it is."""
    circuit = story.circuit
    if circuit is None:
        if story.running:
            return "The search goes on; this page shows what it has left so far. Make it again later."
        if story.status in ("unfinished", "saving"):
            return "The directory holds no finished run: no circuit was saved."
        return "The run found no circuit."
    what = f"A circuit of {plural(len(circuit.gates), 'gate')}{_kinds(circuit)}, depth {circuit.depth}, "
    if checked is None:
        return f"{what}with {plural(circuit.n_inputs, 'input')} and {plural(circuit.n_outputs, 'output')}."
    if checked.exact:
        every = ", which are all that there are" if checked.every_pattern else ""
        return f"{what}that gets all {number(checked.n_items)} training items right{every}."
    items, bits = plural(checked.wrong_items, "training item"), plural(checked.wrong_bits, "output bit")
    return f"{what}that gets {items} of {number(checked.n_items)} wrong ({bits})."


def _kinds(circuit: Circuit) -> str:
    counts = circuit.counts()
    if not counts:
        return ""
    return f" ({', '.join(f'{number(count)} {KINDS.get(kind, kind)}' for kind, count in counts.items())})"


def _tiles(story: Story, checked: Certificate | None) -> Html:
    circuit, tiles = story.circuit, []
    if circuit is not None:
        used = sum(node <= circuit.n_inputs for node in circuit.reached())
        tiles += [
            ("Gates", number(len(circuit.gates))),
            ("Depth", number(circuit.depth)),
            ("Inputs used", _with(number(used), f"of {number(circuit.n_inputs)}")),
        ]
    scores = story.scores()
    if checked is not None and checked.n_bits:
        right = 1 - checked.wrong_bits / checked.n_bits
        tiles.append(("Training", _with(percent(right), f"of {plural(checked.n_bits, 'bit')} right")))
    elif "train" in scores:
        tiles.append(("Training", _with(percent(_known(scores["train"])), "right")))
    for name, title in (("validation", "Validation"), ("test", "Test")):
        if name in scores:
            bits, words = scores[name]
            small = (
                "right"
                if words is None or bits is None or words == bits
                else f"of bits right, {percent(words)} of items"
            )
            tiles.append((title, _with(percent(_known(scores[name])), small)))
    members = number_of(part(story.record, "committee"), "members")
    if members is not None:
        tiles.append(("Members", number(members)))
    if story.trials:
        tiles.append(("Trials", number(len(story.trials))))
    took = number_of(story.record, "seconds")
    if took is not None:
        tiles.append(("Time", duration(took)))
    return facts(tiles, "tiles") if tiles else Html("")


def _known(score: tuple[float | None, float | None]) -> float:
    bits, words = score
    return bits if bits is not None else words if words is not None else float("nan")


def _with(large: str, small: str) -> Html:
    return joined((text(large), element("small", small)))
