"""Our answers as a QuestionnaireResponse."""

from collections.abc import Iterator, Mapping
from typing import Any

from rules import Pack
from rules.answers import NOT_SURE
from rules.content import Item
from service.fhir.codes import NOT_SURE as UNKNOWN
from service.fhir.codes import Names, answer_coding
from service.fhir.elements import SDC, Resource, coding
from service.fhir.response import Told


def write_response(names: Names, told: Told, authored: str) -> Resource:
    """The response as we understood it: our texts, every page with an answer, and nothing that would not be asked."""
    pack = names.pack
    groups = []
    for group in pack.groups:
        items = [_written(names, item, told.answers[item.link_id]) for item in group.items if _said(item, told.answers)]
        if items:
            groups.append({"linkId": group.id, "text": group.title, "item": list(_by_test(pack, items))})
    return {
        "resourceType": "QuestionnaireResponse",
        "meta": {"profile": [f"{SDC}/sdc-questionnaireresponse"]},
        "questionnaire": f"{names.questionnaire}|{pack.label.versions.questionnaire}",
        "status": told.status,
        **({"subject": {"reference": told.subject}} if told.subject else {}),
        "authored": told.authored or authored,
        **({"item": groups} if groups else {}),
    }


def _said(item: Item, answers: Mapping[str, object]) -> bool:
    """A number that is not sure has no value to write: in FHIR as here, leaving it out says the same."""
    return item.link_id in answers and not (item.unit and answers[item.link_id] == NOT_SURE)


def _written(names: Names, item: Item, answer: object) -> Resource:
    values = answer if isinstance(answer, list | tuple) else [answer]
    return {"linkId": item.link_id, "text": item.text, "answer": [_answer(names, item, value) for value in values]}


def _answer(names: Names, item: Item, value: Any) -> Resource:
    if value == NOT_SURE:
        return {"valueCoding": coding(*UNKNOWN, names.pack.label.not_sure)}
    if isinstance(value, str):
        return {"valueCoding": answer_coding(names, item, value)}
    return {"valueInteger": int(value)} if item.type == "integer" else {"valueDecimal": value}


def _by_test(pack: Pack, items: list[Resource]) -> Iterator[Resource]:
    """The items of a self-test stand in its group, as they do in the questionnaire."""
    groups: dict[str, Resource] = {}
    for item in items:
        test = pack.test_of.get(item["linkId"])
        if test is None:
            yield item
            continue
        groups.setdefault(test.name, {"linkId": f"tests.{test.name}", "text": test.title, "item": []})["item"].append(item)
    yield from groups.values()
