"""Why an item has its class, and whether a model is the committee that it was made of."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from support.committee_samples import SMALL, bit_classes, clusters

from btfnet import (
    DataError,
    Network,
    Picture,
    Problem,
    UsageError,
    draw_explanation,
    explain,
    train_committee,
)
from btfnet.committee.boosting import Boost
from btfnet.committee.in_words import feature_in_words
from btfnet.committee.member import Member
from btfnet.committee.pictures import PictureLayer, Templates, bright
from btfnet.committee.proof import agreement, same_gates
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.packed_model import PackedModel


def bars(n_items=60, channels=1):
    """Bars that stand or lie somewhere, in noise."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 90, (n_items, 9, 8, channels))
    labels = rng.integers(0, 3, n_items)
    for image, label in zip(images, labels, strict=True):
        place = rng.integers(2, 6)
        if label < 2:
            image[(slice(1, -1), place) if label else (place, slice(1, -1))] += 160
    return Problem.from_arrays(
        images.reshape(n_items, -1),
        labels,
        Network.free(72 * channels, 3),
        input_kind="numbers",
        output_kind="class",
    )


def of_bars(channels=1):
    return train_committee(
        bars(channels=channels),
        members=12,
        picture=Picture(9, 8, channels),
        boost=Boost(256, 30, 6, 4),
        validation=0,
    )


def of_two_outputs():
    rows = np.random.default_rng(1).integers(0, 2, (64, 5))
    problem = Problem.from_arrays(
        rows, np.stack([rows[:, 0] & rows[:, 1], rows[:, 2] | rows[:, 3]], axis=1), Network.free(5, 2)
    )
    return train_committee(problem, members=16, boost=Boost(64, 5, 3, 4), validation=0), rows


@pytest.fixture(scope="module")
def committee():
    return of_bars()


# -- why ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", range(5))
def test_a_feature_s_votes_are_what_the_lead_loses_if_it_is_turned(committee, item):
    problem = bars()
    found = explain(committee, problem.inputs[item])
    assert found.chosen == committee.predict(problem.inputs[item : item + 1])[0]
    assert np.array_equal(found.votes, committee.votes(problem.inputs[item : item + 1])[0])
    assert found.lead >= 0
    assert found.lead == found.votes[found.chosen] - np.sort(found.votes)[-2]
    has = committee.layer.features(problem.inputs[item : item + 1])[0]
    reasons = {reason.feature: reason for reason in found.reasons}
    for feature in committee.features.tolist():
        turned = has.copy()
        turned[feature] ^= True
        votes = np.zeros(3, dtype=np.int64)
        for member in committee.members:
            answer = member.circuit.predict(turned[member.inputs][None], kind="bool")[0, 0]
            votes += np.where(answer, member.code, -member.code)
        lost = found.lead - int(votes[found.chosen] - votes[found.rival])
        reason = reasons.get(feature)
        assert (0 if reason is None else reason.effect) == lost
        assert reason is None or reason.value == has[feature]
    assert [reason.effect for reason in found.reasons] == sorted(
        (reason.effect for reason in found.reasons), reverse=True
    )


def test_of_boolean_outputs_each_has_reasons_of_its_own():
    committee, rows = of_two_outputs()
    for row in rows[:8]:
        for output in range(2):
            found = explain(committee, row, output=output)
            assert found.chosen // 2 == found.rival // 2 == output
            assert found.chosen % 2 == committee.predict(row[None])[0, output]
            own = [each for each in committee.members if each.code[2 * output]]
            heard = {feature for each in own for feature in each.inputs.tolist()}
            assert {reason.feature for reason in found.reasons} <= heard
    with pytest.raises(UsageError, match="expected less than 2"):
        explain(committee, rows[0], output=2)


def test_a_row_of_another_length_is_refused(committee):
    with pytest.raises(DataError, match="rows of 72 values"):
        explain(committee, np.zeros(5))


def test_a_template_was_seen_where_the_feature_says(committee):
    layer, problem = committee.layer, bars()
    part = layer.parts[0]
    pixels = bright(part.picture, part.levels, problem.inputs[:4])
    features = part.features(problem.inputs[:4])
    for item in range(4):
        for feature in range(0, part.n_features, 7):
            assert bool(part.seen_at(feature, pixels[item])) == features[item, feature]


@pytest.mark.parametrize("channels", [1, 3])
def test_an_explanation_is_drawn_as_svg_that_can_be_read(channels):
    committee, problem = of_bars(channels), bars(channels=channels)
    text = draw_explanation(committee, explain(committee, problem.inputs[0]))
    root = ElementTree.fromstring(text)
    words = " ".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))
    assert "votes ahead" in words
    assert "Templates that were seen: for " in words
    kinds = [committee.layer.parts[0].templates[0].side, *(reason.feature for reason in [])]
    assert re.search(rf"template \d+ of {kinds[0]} x {kinds[0]} begins in rows \d| > ", words)
    drawn = draw_explanation(
        train_committee(clusters(), **SMALL),
        explain(train_committee(clusters(), **SMALL), clusters().inputs[0]),
    )
    assert "The picture" not in drawn
    ElementTree.fromstring(drawn)


def test_comparisons_in_words_name_the_inputs():
    committee = train_committee(clusters(), **SMALL)
    names = [f"x{place}" for place in range(6)]
    said = [feature_in_words(committee.layer, feature, names, committee.input_kind) for feature in range(40)]
    assert all(re.fullmatch(r"(- )?x\d( [+-] x\d)* > -?[\d.e+-]+", text) for text in said)
    bits = train_committee(bit_classes(), **SMALL)
    assert feature_in_words(bits.layer, 2, bits.ports.inputs, bits.input_kind) == "in2"
    names_of_bits = committee.circuit().input_names
    assert len(set(names_of_bits)) == committee.comparisons.n_bits
    assert all(re.fullmatch(r"(-)?in\d([+-]in\d)*>-?[\d.e+-]+(_\d+)?", name) for name in names_of_bits)
    assert bits.circuit().input_names == bits.ports.inputs


# -- proof --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [of_bars, lambda: of_two_outputs()[0], lambda: train_committee(bit_classes(), **SMALL)]
)
def test_a_model_is_proven_to_be_its_committee(make):
    committee = make()
    model = PackedModel.from_circuit(committee.circuit()).to_circuit()
    found = agreement(committee, model)
    assert found.proven
    assert found.same_gates
    assert found.members == found.n_members == len(committee.members)
    assert found.tried in (None, 2**model.n_inputs)


def test_features_that_are_the_same_gate_are_no_trouble(committee):
    """Two templates may be the same one; a member that hears both was told as another one."""
    layer = committee.layer.parts[0]
    (kind,) = layer.templates
    words = np.concatenate([kind.words, kind.words[:1]])
    at_least = np.concatenate([kind.at_least, kind.at_least[:1]])
    twice = Templates(kind.kind._replace(number=len(words)), words, at_least)
    doubled = PictureLayer(layer.picture, layer.levels, [twice])
    n_cells = layer.n_features // len(kind.words)
    first, again = 3, len(kind.words) * n_cells + 3
    code = np.array([1, -1, 0], dtype=np.int8)
    members = tuple(
        Member(
            np.array(heard),
            Circuit(len(heard), (Gate(2, (1, -2, 3)[: len(heard) + 1]),), (len(heard) + 1,)),
            code,
        )
        for heard in ([first, again, 5], [0, 1, again], [first, 4, 5])
    )
    found = replace(committee, layer=doubled, members=members)
    assert agreement(found, found.circuit()).proven
    wrong = replace(found, members=(*members[:2], replace(members[2], code=-code)))
    assert not agreement(wrong, found.circuit()).proven


def test_a_gate_that_differs_is_found(committee):
    circuit = committee.circuit()
    for place in (3, len(circuit.gates) // 2, len(circuit.gates) - 1):
        gates = list(circuit.gates)
        gates[place] = Gate(gates[place].at_least, (-gates[place].literals[0], *gates[place].literals[1:]))
        assert not agreement(committee, replace(circuit, gates=tuple(gates))).proven
    fewer = replace(committee, members=committee.members[:-1])
    assert not agreement(fewer, circuit).proven


def test_the_order_of_gates_and_literals_does_not_matter():
    one = Circuit(3, (Gate(2, (1, 2)), Gate(1, (-2, 3)), Gate(2, (4, 5))), (6,))
    other = Circuit(3, (Gate(1, (3, -2)), Gate(2, (2, 1)), Gate(2, (5, 4))), (6,))
    assert same_gates(one, other)
    assert not same_gates(one, replace(other, outputs=(-6,)))
    assert not same_gates(one, replace(other, gates=(*other.gates[:2], Gate(1, (5, 4)))))
