"""Pictures of circuits: what must be in them, and that nothing lies over anything else."""

import sys
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from support.circuit_samples import full_adder, multiplier, random_circuit

from btfnet import Circuit, Gate
from btfnet.errors import UsageError
from btfnet.logic.drawing.crossings import crossings_of
from btfnet.logic.drawing.labels import LONGEST
from btfnet.logic.drawing.layout import drawn_nodes, lay_out, route
from btfnet.logic.drawing.png import draw_png
from btfnet.logic.drawing.svg import LEAST_WIDTH, MARGIN, draw_svg, drawing, size_of_drawing

SVG = "{http://www.w3.org/2000/svg}"
LEGEND = 1
"""The bubble that the legend shows."""
CIRCUITS = [
    full_adder(),
    multiplier(2),
    multiplier(3),
    multiplier(4),
    Circuit(2, (), (1, -2, 1)),
    Circuit(0, (Gate(0, ()),), (1, -1)),
    Circuit(3, (), ()),
    Circuit(0, (), ()),
    Circuit(40, (Gate(20, tuple(range(1, 41))),), (41,)),
    *(random_circuit(seed, 6, 25, 5, widest=4) for seed in range(24)),
    *(random_circuit(seed, 8, 60, 8, widest=3) for seed in range(6)),
]
many = pytest.mark.parametrize("circuit", CIRCUITS, ids=lambda circuit: circuit.name)


def titles(text):
    return [element.text for element in ElementTree.fromstring(text).iter(f"{SVG}title")]


def labels(text):
    return [element.text for element in ElementTree.fromstring(text).iter(f"{SVG}text")]


@many
def test_a_picture_is_xml_that_names_every_input_and_output(circuit):
    found = labels(draw_svg(circuit))
    assert set(circuit.input_names) | set(circuit.output_names) <= set(found)


def test_every_gate_that_an_output_needs_is_drawn_with_its_words():
    unused = Circuit(2, (Gate(2, (1, 2)), Gate(1, (1, -2)), Gate(1, (1, 1, 2))), (3,))
    assert titles(draw_svg(unused)) == ["circuit", "n3 = And(x0, x1)"]
    assert titles(draw_svg(full_adder()))[1:] == ["n4 = Maj3(a, b, c)", "n5 = at least 3 of (a, b, c, 2*~n4)"]


def test_names_are_escaped_and_control_characters_replaced():
    circuit = Circuit(1, (), (-1,), ("<a> & 'b'",), ('"q\x01"',), "x < y")
    found = labels(draw_svg(circuit))
    assert "<a> & 'b'" in found
    assert '"q\ufffd"' in found
    assert titles(draw_svg(circuit)) == ["x < y"]


def test_every_negation_has_its_bubble_and_every_repeated_literal_its_weight():
    root = ElementTree.fromstring(draw_svg(full_adder()))
    assert sum(circle.get("r") == "3.5" for circle in root.iter(f"{SVG}circle")) == 1 + LEGEND
    assert "2" in labels(draw_svg(full_adder()))
    assert draw_svg(Circuit(1, (), (-1,))).count('r="3.5"') == 1 + LEGEND


@many
def test_nothing_in_a_column_overlaps(circuit):
    for column in lay_out(circuit):
        for above, below in pairwise(column):
            assert below.y - above.y >= (above.height + below.height) / 2


@many
def test_wires_of_different_nodes_share_no_vertical_piece(circuit):
    for column in lay_out(circuit):
        nets = [net for net in route(column) if net.track >= 0]
        for index, a in enumerate(nets):
            for b in nets[:index]:
                heights_a, heights_b = {a.source, *a.targets}, {b.source, *b.targets}
                apart = max(heights_a) < min(heights_b) or max(heights_b) < min(heights_a)
                assert apart or a.track != b.track


@many
def test_a_wire_that_leaves_where_another_arrives_turns_before_it(circuit):
    for column in lay_out(circuit):
        nets = [net for net in route(column) if net.track >= 0]
        for a in nets:
            for b in nets:
                if a is not b and a.source in b.targets:
                    assert a.track < b.track


@many
def test_every_wire_ends_at_the_pins_that_its_value_feeds(circuit):
    for column in lay_out(circuit):
        ends = sorted((net.node, y) for net in route(column) for y in net.targets)
        pins = sorted((abs(pin.literal), pin.y) for part in column for pin in part.pins)
        assert ends == pins


def test_swapping_neighbours_removes_crossings(monkeypatch):
    circuits = [
        multiplier(3),
        multiplier(4),
        *(random_circuit(seed, 8, 60, 8, widest=3) for seed in range(6)),
    ]

    def crossings():
        return sum(crossings_of(lay_out(circuit)) for circuit in circuits)

    swapped = crossings()
    monkeypatch.setattr("btfnet.logic.drawing.crossings.TRANSPOSITIONS", 0)
    assert swapped < 0.97 * crossings()


def test_the_legend_explains_what_occurs_and_nothing_else():
    found = labels(draw_svg(full_adder()))
    assert any(label.startswith("Maj: ") for label in found)
    assert any(label.startswith("≥k: ") for label in found)
    assert not any(label.startswith("Or: ") for label in found)


def test_a_png_shows_the_drawing_at_two_pixels_for_each_unit():
    pytest.importorskip("resvg_py")
    width, height = size_of_drawing(draw_svg(multiplier(3)))
    data = draw_png(multiplier(3))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found = [int.from_bytes(data[at : at + 4], "big") for at in (16, 20)]
    assert found == pytest.approx([2 * width, 2 * height], abs=2)


def test_a_png_has_letters_without_any_font_of_the_system(monkeypatch):
    resvg_py = pytest.importorskip("resvg_py")

    def without_fonts(**options):
        return drawn(skip_system_fonts=True, **options)

    drawn = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", without_fonts)
    named, other = (Circuit(1, (), (1,), (name,), ("y",), "c") for name in ("aaa", "bbb"))
    assert draw_png(named) != draw_png(other)


def test_without_resvg_a_png_is_refused_with_advice(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match=r"btfnet\[draw\]"):
        draw_png(multiplier(2))


def test_an_output_far_away_is_reached_by_a_straight_wire():
    circuit = multiplier(4)
    last = lay_out(circuit)[-1]
    assert sum(part.y == part.pins[0].sender.y for part in last) >= 6


def groups(text, name):
    """The elements of inputs (i), gates (g), outputs (o) or wires (w)."""
    return [
        each
        for each in ElementTree.fromstring(text).iter(f"{SVG}g")
        if (each.get("class") or "").split(" ")[0] == name
    ]


def test_what_nothing_uses_and_what_is_constant_stands_below_the_rest():
    circuit = Circuit(9, (Gate(2, (1, 2)), Gate(0, ()), Gate(1, (-3, 10))), (12, 11, -11), name="little")
    text = draw_svg(circuit)
    heights = {each.get("data-n"): float(each.find(f"{SVG}rect").get("y")) for each in groups(text, "i")}
    assert max(heights[node] for node in "123") < min(heights[node] for node in "456789")
    found = labels(text)
    assert (found[found.index("y1") + 1], found[found.index("y2") + 1]) == ("= 1", "= 0")
    assert "not used" in found
    assert len(groups(text, "o")) == 3
    assert lay_out(circuit)[-1][0].node == 0
    assert [part.kind for column in lay_out(circuit) for part in column].count("input") == 3


def test_a_constant_that_a_gate_hears_stands_just_before_it():
    chain = Circuit(2, (Gate(0, ()), Gate(2, (1, 2)), Gate(1, (4, 1)), Gate(2, (5, 3))), (6,))
    column_of = {
        part.node: number
        for number, column in enumerate(lay_out(chain))
        for part in column
        if part.kind != "wire"
    }
    assert column_of[3] == column_of[6] - 1


def test_of_very_many_unused_inputs_the_first_are_named():
    found = labels(draw_svg(Circuit(500, (), (1,))))
    assert "419 more" in found
    assert "x80" in found
    assert "x81" not in found


def test_a_long_name_is_shortened_and_whole_in_its_tooltip():
    name = "blood_pressure_systolic_at_admission>=142.5"
    text = draw_svg(Circuit(1, (), (1,), (name,), ("y" * 99,), "c"))
    assert "blood_pressure_…sion>=142.5"[:10] in next(label for label in labels(text) if "…" in label)
    assert all(len(label) <= LONGEST for label in labels(text) if "…" in label)
    assert {name, "y" * 99} <= set(titles(text))
    width, _ = size_of_drawing(text)
    assert width < 600


@many
def test_a_picture_has_no_empty_third(circuit):
    width, _ = size_of_drawing(draw_svg(circuit))
    assert width <= max(drawing(circuit).width, LEAST_WIDTH) * 1.1 + 2 * MARGIN


@many
def test_every_wire_gate_and_port_says_whose_it_is(circuit):
    text = draw_svg(circuit)
    wires = [int(each.get("data-n")) for each in groups(text, "w")]
    assert len(set(wires)) == len(wires)
    assert sorted(int(each.get("data-o")) for each in groups(text, "o")) == list(range(circuit.n_outputs))
    assert sorted(int(each.get("data-n")) for each in groups(text, "i")) == list(
        range(1, circuit.n_inputs + 1)
    )
    drawn = {int(each.get("data-n")) for each in groups(text, "g")}
    assert drawn == {node for node in drawn_nodes(circuit) if node > circuit.n_inputs}


def test_notebooks_show_the_picture_and_the_words_of_a_small_circuit():
    assert full_adder()._repr_svg_() == draw_svg(full_adder())
    shown = Circuit(1, (), (1,), ("<b>",), ("y",), "<i>")._repr_html_()
    assert shown.count("<svg") == 1
    assert "<summary>Gates in words</summary>" in shown
    assert not {"<b>", "<i>"} & {shown[at : at + 3] for at in range(len(shown))}
    large = Circuit(2, tuple(Gate(2, (1, 2)) for _ in range(301)), (3,), name="large")
    assert large._repr_svg_() is None
    assert large._repr_html_() == "<p>large: 2 inputs, 1 output, 301 gates (301 and), depth 1</p>"


def test_the_same_circuit_gives_the_same_picture():
    assert draw_svg(multiplier(3)) == draw_svg(multiplier(3))
