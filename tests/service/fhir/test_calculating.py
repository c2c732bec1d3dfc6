"""Calculated items: derived from the pack, worked out here anew whatever came back in them, and never a fault."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import Pack, evaluate
from rules.content import AllOf, Is, Sign
from service.fhir.calculating import SIGNS, calculated, counted, differences, weights, worked_out
from service.fhir.codes import Names
from service.fhir.questionnaire import questionnaire
from tests.service.asking import examples
from tests.service.fhir.responses import BASE, PATH, Resource, respond


def items(resource: Resource) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    for item in resource.get("item", []):
        found |= {item["linkId"]: item} | items(item)
    return found


def sided(pack: Pack) -> list[str]:
    return [one.link_id for test in pack.tests.values() for one in differences(test)]


def test_each_measure_of_two_sides_has_its_difference_and_the_signs_are_counted(pack: Pack) -> None:
    asked = items(questionnaire(Names(BASE, pack)))
    assert calculated(pack) == {SIGNS, *sided(pack)} == {one for one, item in asked.items() if item.get("readOnly")}
    for link_id in calculated(pack):
        told = {one["url"].rsplit("/", 1)[-1]: one for one in asked[link_id]["extension"]}
        assert told["questionnaire-hidden"]["valueBoolean"] is True
        assert told["sdc-questionnaire-calculatedExpression"]["valueExpression"]["language"] == "text/fhirpath"


def test_options_that_are_a_sign_carry_their_weight_and_no_others(pack: Pack) -> None:
    asked = items(questionnaire(Names(BASE, pack)))
    marked = {
        (link_id, place)
        for link_id, item in asked.items()
        for place, option in enumerate(item.get("answerOption", []))
        for one in option.get("extension", [])
        if one["url"].endswith(("itemWeight", "ordinalValue")) and one["valueDecimal"] == 1
    }
    assert marked == {(link_id, list(pack.options(link_id)).index(code)) for link_id, code in weights(pack)}
    assert {"about-you.widespread-pain", "support.fear", "safety.leg-pain-below-knee"} <= {link_id for link_id, _ in marked}


def test_a_sign_that_only_several_answers_tell_together_is_not_counted(pack: Pack) -> None:
    parts = (Is.model_validate({"item": "support.fear", "is": "often"}), Is.model_validate({"item": "support.worry", "is": "often"}))
    together = AllOf.model_validate({"all": parts})
    sign = Sign.model_construct(id="both", when=together, because="Both.", sources=("team-judgement",))
    assert counted(sign) is None
    assert all(counted(one) for one in pack.support.signs)


def test_the_count_is_what_the_support_tier_counts(pack: Pack) -> None:
    for answers in examples(pack).values():
        support = evaluate(pack, answers)["support"]
        if support and support["text"]:
            assert worked_out(pack, answers)[SIGNS] == len(support["because"])
    heavy: dict[str, Any] = {"safety.pain-level": 6, "support.fear": "often", "support.trouble": 7, "support.sleep": 3}
    assert worked_out(pack, heavy)[SIGNS] == 2


@pytest.mark.parametrize(
    "value", [[{"valueDecimal": 99}], [{"valueString": "Canary"}], [], [None, 7], [{"valueDecimal": 1}, {"valueDecimal": 2}]]
)
def test_what_comes_back_in_them_is_worked_out_anew(stateless: TestClient, pack: Pack, value: list[Any]) -> None:
    (difference,) = differences(pack.tests["knee-to-wall"])
    left, right = difference.sides
    answers = {"safety.pain-level": 3, left: 7, right: 10}
    sent = respond(pack, answers)
    told = items(sent)[difference.link_id]
    assert told["answer"] == [{"valueDecimal": -3}]
    told["answer"] = value
    created = stateless.post(PATH, json=sent)
    assert created.status_code == 201, created.text
    assert items(created.json())[difference.link_id]["answer"] == [{"valueDecimal": -3}]
    assert "Canary" not in created.text
