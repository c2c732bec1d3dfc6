"""The questionnaire that is asked question by question: as it is found by search, and as it grows inside a response."""

from collections.abc import Iterable

from service.fhir.codes import Names, version_of
from service.fhir.elements import SDC, Resource, extension
from service.fhir.questionnaire import VERSIONED, described, display, item_of, self_test

ADAPTIVE = f"{SDC}/sdc-questionnaire-questionnaireAdaptive"


def searchable(names: Names) -> Resource:
    """Without items: the interview chooses them. The extension says where to ask."""
    own = described(names)
    where = extension(ADAPTIVE, valueUrl=f"{names.base}/Questionnaire/$next-question")
    return {
        "resourceType": "Questionnaire",
        "id": f"{names.pack.label.id}-adaptive",
        "meta": {"profile": [f"{SDC}/sdc-questionnaire-adapt-srch"]},
        "language": names.pack.label.language,
        "extension": [VERSIONED, where, extension(f"{SDC}/sdc-questionnaire-entryMode", valueCode="sequential")],
        "url": names.adaptive,
        **own,
        "name": f"{own['name']}Adaptive",
        "derivedFrom": [f"{names.questionnaire}|{version_of(names.pack)}"],
    }


def grown(names: Names, id_: str, asked: Iterable[str]) -> Resource:
    """What was asked so far, in the order in which it was asked; a page's words come before its first question, a self-test is a group.

    It has no address of its own, and no conditions: what does not suit is not asked.
    """
    items: list[Resource] = []
    tests: dict[str, list[Resource]] = {}
    pages = {item.link_id: group for group in names.pack.groups for item in group.items}
    seen: set[str] = set()
    for link_id in asked:
        page, test = pages[link_id], names.pack.test_of.get(link_id)
        if page.id not in seen:
            seen.add(page.id)
            items += [display(f"{page.id}/intro", page.intro or page.title)]
        made = {key: value for key, value in item_of(names, names.pack.items[link_id]).items() if not key.startswith("enable")}
        if test is None:
            items.append(made)
        elif test.name in tests:
            tests[test.name].append(made)
        else:
            tests[test.name] = [made]
            items.append({"linkId": f"tests.{test.name}"})
    titled = {f"tests.{name}": self_test(names.pack.tests[name], own) for name, own in tests.items()}
    return {
        "resourceType": "Questionnaire",
        "id": id_,
        "extension": [extension(ADAPTIVE, valueUrl=f"{names.base}/Questionnaire/$next-question")],
        "language": names.pack.label.language,
        **{key: value for key, value in described(names).items() if key in ("title", "status", "subjectType", "purpose", "copyright")},
        "derivedFrom": [f"{names.adaptive}|{version_of(names.pack)}"],
        **({"item": [titled.get(item["linkId"], item) for item in items]} if items else {}),
    }
