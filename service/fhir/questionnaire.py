"""The pack's questionnaire as an SDC Questionnaire."""

from collections.abc import Iterator
from itertools import groupby

from rules import Pack
from rules.content import EnableWhen, Group, Item, Option, SelfTest
from service.fhir.codes import NOT_SURE, Names, answer_coding, status_of, version_of
from service.fhir.elements import CORE, SDC, Resource, coding, drop_empty, extension, ucum

CONTROLS = {"choice": "radio-button", "choices": "check-box"}


def questionnaire(names: Names) -> Resource:
    """Every question in order, each self-test a group that opens with its steps."""
    pack = names.pack
    label = pack.label
    return {
        "resourceType": "Questionnaire",
        "id": label.id,
        "meta": {"profile": [f"{SDC}/sdc-questionnaire"]},
        "language": label.language,
        "extension": [
            # SDC wants to know how versions are compared wherever there is one (sdc-2).
            extension(f"{CORE}/artifact-versionAlgorithm", valueCoding=coding("http://hl7.org/fhir/version-algorithm", "semver"))
        ],
        "url": names.questionnaire,
        "version": version_of(pack),
        "name": "".join(part.capitalize() for part in label.id.split("-")),
        "title": label.name,
        "status": status_of(pack),
        "experimental": False,
        "subjectType": ["Patient"],
        "description": "\n\n".join(label.not_for),
        "purpose": label.intended_use,
        "copyright": label.licence,
        "item": [_group(names, group) for group in pack.groups],
    }


def _group(names: Names, group: Group) -> Resource:
    intro = [_display(f"{group.id}/intro", group.intro)] if group.intro else []
    items: list[Resource] = []
    for test, own in groupby(group.items, key=lambda item: names.pack.test_of.get(item.link_id)):
        made = [_item(names, item) for item in own]
        items += [_self_test(test, made)] if test else made
    # All at once they are too many for people, and for programs that draw every question anew after each answer.
    page = {"extension": [_control("page")]}
    return {**page, "linkId": group.id, "text": group.title, "type": "group", "item": [*intro, *items]}


def _self_test(test: SelfTest, items: list[Resource]) -> Resource:
    here = f"tests.{test.name}"
    steps = [_display(f"{here}/step-{place}", step) for place, step in enumerate(test.steps, 1)]
    stops = [_display(f"{here}/stop-{place}", stop) for place, stop in enumerate(test.stop_rules, 1)]
    limits = _display(f"{here}/cannot-tell", test.cannot_tell)
    return {"linkId": here, "text": test.title, "type": "group", "item": [*steps, *stops, *items, limits]}


def _item(names: Names, item: Item) -> Resource:
    """Numbers are integer or decimal with questionnaire-unit, not quantity: the unit is fixed, and enableWhen compares plain numbers."""
    return drop_empty(
        {
            "extension": list(_number(names.pack, item)) or [_control(CONTROLS[item.type])],
            "linkId": item.link_id,
            "text": item.text,
            "type": item.type if item.type in ("integer", "decimal") else "choice",
            "enableWhen": [_enable_when(names, one) for one in item.enable_when],
            # FHIR has this only beside several conditions (que-12).
            "enableBehavior": item.enable_behavior if len(item.enable_when) > 1 else None,
            "required": False,
            "repeats": item.type == "choices",
            "answerOption": list(_options(names, item)),
            "item": [_help(item)] if item.help else [],
        }
    )


def _help(item: Item) -> Resource:
    """Some form fillers know help by its control, others by its category."""
    category = {"coding": [coding("http://hl7.org/fhir/questionnaire-display-category", "instructions")]}
    marks = [_control("help"), extension(f"{CORE}/questionnaire-displayCategory", valueCodeableConcept=category)]
    return {**_display(f"{item.link_id}/help", item.help), "extension": marks}


def _control(code: str) -> Resource:
    """How a form filler should show an item."""
    shown = {"coding": [coding("http://hl7.org/fhir/questionnaire-item-control", code)]}
    return extension(f"{CORE}/questionnaire-itemControl", valueCodeableConcept=shown)


def _number(pack: Pack, item: Item) -> Iterator[Resource]:
    if item.unit is None or item.min is None or item.max is None:
        return
    unit = coding("http://unitsofmeasure.org", ucum(item.unit), pack.label.units.get(item.unit, item.unit))
    yield extension(f"{CORE}/questionnaire-unit", valueCoding=unit)
    for limit, value in (("minValue", item.min), ("maxValue", item.max)):
        typed = {"valueInteger": int(value)} if item.type == "integer" else {"valueDecimal": value}
        yield extension(f"{CORE}/{limit}", **typed)


def _options(names: Names, item: Item) -> Iterator[Resource]:
    options = names.pack.options(item.link_id)
    for option in options.values():
        yield {**_exclusive(item, option), "valueCoding": answer_coding(names, item, option.code)}
    if options:
        alone = {"extension": [_alone()]} if item.type == "choices" else {}
        yield {**alone, "valueCoding": coding(*NOT_SURE, names.pack.label.not_sure)}


def _exclusive(item: Item, option: Option) -> Resource:
    return {"extension": [_alone()]} if item.type == "choices" and option.exclusive else {}


def _alone() -> Resource:
    return extension(f"{CORE}/questionnaire-optionExclusive", valueBoolean=True)


def _enable_when(names: Names, condition: EnableWhen) -> Resource:
    item = names.pack.items[condition.question]
    return {"question": condition.question, "operator": condition.operator, **_compared(names, item, condition)}


def _compared(names: Names, item: Item, condition: EnableWhen) -> Resource:
    match condition.answer:
        case bool():
            return {"answerBoolean": condition.answer}
        case str():
            return {"answerCoding": answer_coding(names, item, condition.answer)}
        case _:
            return {"answerInteger": int(condition.answer)} if item.type == "integer" else {"answerDecimal": condition.answer}


def _display(link_id: str, text: str) -> Resource:
    return {"linkId": link_id, "text": text, "type": "display"}
