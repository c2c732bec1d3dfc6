"""Our answers as a QuestionnaireResponse."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.answers import NOT_SURE
from rules.content import Item
from service.fhir.calculating import SIGNS, differences, signs_group, worked_out
from service.fhir.codes import NOT_SURE as UNKNOWN
from service.fhir.codes import Names, answer_coding
from service.fhir.elements import SDC, Resource, coding, drop_empty
from service.fhir.questionnaire import SIGN_COUNT, difference_text
from service.fhir.response import Told


def write_response(names: Names, told: Told, authored: str) -> Resource:
    """The response as we understood it: our texts, every page with an answer, what is worked out, and in a finished one nothing that would not be asked."""
    pack, answers = names.pack, told.answers if told.draft is None else told.draft
    counted = worked_out(pack, told.answers)
    groups = []
    for group in pack.groups:
        items = [_written(names, item, answers[item.link_id]) for item in group.items if _said(item, answers)]
        if items:
            last = [_counted(SIGNS, names.say(SIGN_COUNT), counted)] if group is signs_group(pack) and SIGNS in counted else []
            groups.append({"linkId": group.id, "text": group.title, "item": [*_by_test(names, items, counted), *last]})
    return drop_empty(
        {
            "resourceType": "QuestionnaireResponse",
            "meta": {"profile": [f"{SDC}/sdc-questionnaireresponse"]},
            "identifier": {"value": told.reference} if told.reference else None,
            "questionnaire": f"{names.questionnaire}|{pack.label.versions.questionnaire}",
            "status": told.status,
            "subject": {"reference": told.subject} if told.subject else None,
            "authored": told.authored or authored,
            "author": {"reference": told.author} if told.author else None,
            "item": groups,
        }
    )


def write_flat(names: Names, answers: Mapping[str, object], asked: Iterable[str]) -> list[Resource]:
    """The answers in the order in which they were asked, without pages: those of a self-test stand in its group."""
    items: list[Resource] = []
    groups: dict[str, Resource] = {}
    for item in (names.pack.items[link_id] for link_id in asked):
        if not _said(item, answers):
            continue
        own, test = _written(names, item, answers[item.link_id]), names.pack.test_of.get(item.link_id)
        if test is None:
            items.append(own)
        elif test.name in groups:
            groups[test.name]["item"].append(own)
        else:
            groups[test.name] = {"linkId": f"tests.{test.name}", "text": test.title, "item": [own]}
            items.append(groups[test.name])
    return items


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


def _by_test(names: Names, items: list[Resource], counted: Mapping[str, int | float]) -> Iterator[Resource]:
    """The items of a self-test stand in its group, as they do in the questionnaire."""
    groups: dict[str, Resource] = {}
    for item in items:
        test = names.pack.test_of.get(item["linkId"])
        if test is None:
            yield item
            continue
        groups.setdefault(test.name, {"linkId": f"tests.{test.name}", "text": test.title, "item": []})["item"].append(item)
    for name, group in groups.items():
        test = names.pack.tests[name]
        group["item"] += [
            _counted(one.link_id, difference_text(names, one), counted) for one in differences(test) if one.link_id in counted
        ]
        yield group


def _counted(link_id: str, text: str, counted: Mapping[str, int | float]) -> Resource:
    value = counted[link_id]
    return {"linkId": link_id, "text": text, "answer": [{"valueInteger": value} if link_id == SIGNS else {"valueDecimal": value}]}
