"""The pack's questionnaire as an SDC Questionnaire."""

from collections.abc import Iterator
from itertools import groupby

from rules import Pack
from rules.content import EnableWhen, Group, Item, Option, SelfTest
from service.fhir.calculating import SIGNS, Difference, differences, signs_expression, signs_group, weights
from service.fhir.codes import NOT_SURE, Names, answer_coding, machine_name, status_of, version_of
from service.fhir.elements import CORE, SDC, UCUM, Resource, coding, drop_empty, extension, ucum
from service.reader import N_

CONTROLS = {"choice": "radio-button", "choices": "check-box"}
# What nobody reads: the items are hidden.
DIFFERENCE, SIGN_COUNT = N_("left minus right"), N_("How many answers say that a sore back weighs on more than muscles")
# SDC wants to know how versions are compared wherever there is one (sdc-2).
VERSIONED = extension(f"{CORE}/artifact-versionAlgorithm", valueCoding=coding("http://hl7.org/fhir/version-algorithm", "semver"))


def questionnaire(names: Names) -> Resource:
    """Every question in order, each self-test a group that opens with its steps."""
    label = names.pack.label
    return {
        "resourceType": "Questionnaire",
        "id": label.id,
        "meta": {"profile": [f"{SDC}/sdc-questionnaire"]},
        "language": label.language,
        # Warning signs come first; what was answered may be changed.
        "extension": [VERSIONED, extension(f"{SDC}/sdc-questionnaire-entryMode", valueCode="prior-edit")],
        "url": names.questionnaire,
        **described(names),
        "item": [_group(names, group) for group in names.pack.groups],
    }


def described(names: Names) -> Resource:
    """What a questionnaire of ours says of itself."""
    pack, label = names.pack, names.pack.label
    return {
        "version": version_of(pack),
        "name": machine_name(label.id),
        "title": label.name,
        "status": status_of(pack),
        "experimental": False,
        "subjectType": ["Patient"],
        "description": "\n\n".join(label.not_for),
        "purpose": label.intended_use,
        "copyright": label.licence,
    }


def _group(names: Names, group: Group) -> Resource:
    intro = [display(f"{group.id}/intro", group.intro)] if group.intro else []
    items: list[Resource] = []
    for test, own in groupby(group.items, key=lambda item: names.pack.test_of.get(item.link_id)):
        made = [item_of(names, item) for item in own]
        items += [self_test(test, [*made, *_differences(names, test)])] if test else made
    items += [_sign_count(names)] if group is signs_group(names.pack) else []
    # All at once they are too many for people, and for programs that draw every question anew after each answer.
    page = {"extension": [_control("page")]}
    return {**page, "linkId": group.id, "text": group.title, "type": "group", "item": [*intro, *items]}


def _differences(names: Names, test: SelfTest) -> list[Resource]:
    return [
        {
            "extension": [*_calculated(one.expression), _unit(names.pack, one.measure.unit)],
            "linkId": one.link_id,
            "text": difference_text(names, one),
            "type": "decimal",
            "readOnly": True,
        }
        for one in differences(test)
    ]


def difference_text(names: Names, one: Difference) -> str:
    """What a difference is called, for programs that show hidden items."""
    return f"{one.test.title}: {one.measure.name or one.measure.code} ({names.say(DIFFERENCE)})"


def _sign_count(names: Names) -> Resource:
    shown = _calculated(signs_expression(names))
    return {"extension": shown, "linkId": SIGNS, "text": names.say(SIGN_COUNT), "type": "integer", "readOnly": True}


def _calculated(expression: str) -> list[Resource]:
    told = {"language": "text/fhirpath", "expression": expression}
    return [
        extension(f"{CORE}/questionnaire-hidden", valueBoolean=True),
        extension(f"{SDC}/sdc-questionnaire-calculatedExpression", valueExpression=told),
    ]


def self_test(test: SelfTest, items: list[Resource]) -> Resource:
    """A self-test as a group: how it is done, when to stop, what is measured, and what it cannot tell."""
    here = f"tests.{test.name}"
    steps = [display(f"{here}/step-{place}", step) for place, step in enumerate(test.steps, 1)]
    stops = [display(f"{here}/stop-{place}", stop) for place, stop in enumerate(test.stop_rules, 1)]
    limits = display(f"{here}/cannot-tell", test.cannot_tell)
    return {"linkId": here, "text": test.title, "type": "group", "item": [*steps, *stops, *items, limits]}


def item_of(names: Names, item: Item) -> Resource:
    """Numbers are integer or decimal with questionnaire-unit, not quantity: the unit is fixed, and enableWhen compares plain numbers."""
    return drop_empty(
        {
            "extension": list(_number(names.pack, item)) or [_control(CONTROLS[item.type])],
            "linkId": item.link_id,
            "code": coded if len(coded := names.codings("items", item.link_id, item.text)) > 1 else [],
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
    return {**display(f"{item.link_id}/help", item.help), "extension": marks}


def _control(code: str) -> Resource:
    """How a form filler should show an item."""
    shown = {"coding": [coding("http://hl7.org/fhir/questionnaire-item-control", code)]}
    return extension(f"{CORE}/questionnaire-itemControl", valueCodeableConcept=shown)


def _number(pack: Pack, item: Item) -> Iterator[Resource]:
    if item.unit is None or item.min is None or item.max is None:
        return
    yield _unit(pack, item.unit)
    for limit, value in (("minValue", item.min), ("maxValue", item.max)):
        typed = {"valueInteger": int(value)} if item.type == "integer" else {"valueDecimal": value}
        yield extension(f"{CORE}/{limit}", **typed)


def _unit(pack: Pack, unit: str) -> Resource:
    return extension(f"{CORE}/questionnaire-unit", valueCoding=coding(UCUM, ucum(unit), pack.label.units.get(unit, unit)))


def _options(names: Names, item: Item) -> Iterator[Resource]:
    options, signs = names.pack.options(item.link_id), weights(names.pack)
    for option in options.values():
        weight = signs.get((item.link_id, option.code))
        marked = [*_exclusive(item, option), *([_weight(name, weight) for name in ("itemWeight", "ordinalValue")] if weight else [])]
        yield drop_empty({"extension": marked, "valueCoding": answer_coding(names, item, option.code)})
    if options:
        alone = [_alone()] if item.type == "choices" else []
        yield drop_empty({"extension": alone, "valueCoding": coding(*NOT_SURE, names.pack.label.not_sure)})


def _exclusive(item: Item, option: Option) -> list[Resource]:
    return [_alone()] if item.type == "choices" and option.exclusive else []


def _weight(name: str, weight: int) -> Resource:
    """`ordinalValue` is what R4 programs know; `itemWeight` took its place."""
    return extension(f"{CORE}/{name}", valueDecimal=weight)


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


def display(link_id: str, text: str) -> Resource:
    """Words to read."""
    return {"linkId": link_id, "text": text, "type": "display"}
