"""A QuestionnaireResponse as our answers, or every fault that keeps it from being read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from rules import AnswersRefused
from rules.answers import NOT_SURE, read_answers, without_unasked
from rules.content import Item
from service.assessments import FINISHED
from service.bodies import WrongShape
from service.fhir.calculating import calculated
from service.fhir.codes import Names, answer_code, version_of
from service.fhir.elements import ABSENT, ucum

STATUSES = ("in-progress", "completed", "amended", "stopped")
_INSTANT = re.compile(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](\.[0-9]{1,9})?(Z|[+-][0-9][0-9]:[0-9][0-9])")
REFERENCE = re.compile(r"[A-Za-z0-9./:_-]{1,200}")
# A word of the clinic's own for whom it is about; a name would have a space in it.
PSEUDONYM = re.compile(r"[!-~]{1,64}")
_ROOT = "/QuestionnaireResponse"
MOST_FAULTS = 100  # whoever has more has made the same one again and again
EARLIEST, AHEAD = datetime(1900, 1, 1, tzinfo=UTC), timedelta(days=1)  # when something can have been answered; clocks may be ahead
DEEPEST = 20  # pages, self-tests and whatever other programs put around them
PARAMETERS = ("questionnaire-response", "response")
Fault = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """What a response says: our answers, its status, and about whom and when, as far as it says so.

    `reference`: its identifier; `author`: who answered; `draft`: all answers of one in progress, also those that would not be asked;
    `aside`: what was not taken from it, by place.
    """

    answers: dict[str, object]
    status: str
    subject: str | None
    authored: str | None
    reference: str | None = None
    author: str | None = None
    draft: Mapping[str, object] | None = None
    aside: tuple[Fault, ...] = ()


@dataclass
class _Reading:
    """Where each answer was found, and what cannot be read."""

    names: Names
    root: str
    answers: dict[str, object] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    aside: list[Fault] = field(default_factory=list)

    def fault(self, place: str, text: str) -> None:
        if len(self.faults) == MOST_FAULTS:
            raise WrongShape(*self.faults, (self.root, "has more faults than are listed here"))
        self.faults.append((place, text))


def read_response(names: Names, body: Mapping[str, Any], *, for_clinic: bool = False) -> Told:
    """The answers of a response, sent as itself or as a parameter.

    A finished one must hold together; one in progress may hold answers to what would not be asked, unless they are warning signs.
    `for_clinic`: whom it is about is kept, so it must fit. Raises WrongShape with every fault and its place; values are never repeated.
    """
    root, resource = response_in(body)
    reading = _Reading(names, root)
    _read_head(reading, resource)
    _read_items(reading, resource.get("item", []), f"{root}/item")
    finished = resource.get("status") in FINISHED
    answers = reading.answers if finished else without_unasked(names.pack, reading.answers)
    if not reading.faults:
        _check(reading, answers)
    subject, reference = _member(resource, "subject", "reference"), _member(resource, "identifier", "value")
    if for_clinic:
        _read_person(reading, resource, subject, reference)
    if reading.faults:
        raise WrongShape(*reading.faults)
    unasked = [
        (reading.places[one], "would not be asked after the other answers, and does not count") for one in reading.answers.keys() - answers
    ]
    return Told(
        answers,
        resource["status"],
        _only(subject, REFERENCE),
        _instant(resource.get("authored")),
        _only(reference, PSEUDONYM),
        _only(_member(resource, "author", "reference"), REFERENCE),
        None if finished else reading.answers,
        (*reading.aside, *sorted(unasked)),
    )


def response_in(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The response in a body, and its place there: the body itself, or the parameter of an operation. Raises WrongShape."""
    if body.get("resourceType") == "Parameters" and isinstance(body.get("parameter"), list):
        for place, one in enumerate(body["parameter"]):
            if isinstance(one, dict) and one.get("name") in PARAMETERS and isinstance(one.get("resource"), dict):
                return f"/Parameters/parameter/{place}/resource", one["resource"]
        raise WrongShape(("/Parameters/parameter", f"must have one of {', '.join(PARAMETERS)}, with a resource"))
    return _ROOT, body


def _read_head(reading: _Reading, resource: Mapping[str, Any]) -> None:
    if resource.get("resourceType") != "QuestionnaireResponse":
        reading.fault(reading.root, "must be a QuestionnaireResponse")
    if resource.get("status") not in STATUSES:
        reading.fault(f"{reading.root}/status", f"must be one of: {', '.join(STATUSES)}")
    address, _, version = _answered(resource).partition("|")
    if address not in (reading.names.questionnaire, reading.names.adaptive):
        reading.fault(f"{reading.root}/questionnaire", f"must be {reading.names.questionnaire}, with or without its version")
    elif version not in ("", version_of(reading.names.pack)):
        reading.fault(f"{reading.root}/questionnaire", "answers another version than the one that is asked today")
    authored = moment_of(_instant(resource.get("authored")))
    if authored and not EARLIEST <= authored <= datetime.now(UTC) + AHEAD:
        reading.fault(f"{reading.root}/authored", "must be a time of today or before")


def _answered(resource: Mapping[str, Any]) -> str:
    """Which questionnaire was answered: one inside the response is an interview's, and says which it grew from."""
    address = resource.get("questionnaire")
    if not isinstance(address, str) or not address.startswith("#"):
        return address if isinstance(address, str) else ""
    inside = resource.get("contained")
    grown = [one for one in inside if isinstance(one, dict) and one.get("id") == address[1:]] if isinstance(inside, list) else []
    sources = grown[0].get("derivedFrom") if len(grown) == 1 and grown[0].get("resourceType") == "Questionnaire" else None
    return sources[0] if isinstance(sources, list) and len(sources) == 1 and isinstance(sources[0], str) else ""


def _read_person(reading: _Reading, resource: Mapping[str, Any], subject: object, reference: object) -> None:
    """Whom it is about, in the clinic's own words; a name is never kept."""
    if subject is not None and not _only(subject, REFERENCE):
        reading.fault(f"{reading.root}/subject/reference", "must be a reference such as Patient/123, of at most 200 characters")
    if reference is not None and not _only(reference, PSEUDONYM):
        reading.fault(f"{reading.root}/identifier/value", "must be 1 to 64 visible characters without spaces: a word of your own, no name")
    for name in ("subject", "author", "source"):
        if _member(resource, name, "display") is not None:
            reading.aside.append((f"{reading.root}/{name}/display", "is not kept: no name is needed here"))


def _read_items(reading: _Reading, items: object, place: str) -> None:
    """Items in whichever group, also below answers."""
    if not isinstance(items, list):
        reading.fault(place, "must be a list")
        return
    if place.count("/item") > DEEPEST:
        reading.fault(reading.root, f"must not have items more than {DEEPEST} deep")
        return
    for index, item in enumerate(items):
        here = f"{place}/{index}"
        if not isinstance(item, dict) or not isinstance(item.get("linkId"), str):
            reading.fault(here, "must be an item with a linkId")
            continue
        answers = item.get("answer", [])
        if not isinstance(answers, list):
            reading.fault(f"{here}/answer", "must be a list")
            continue
        if answers:
            _read_answers(reading, item["linkId"], answers, here)
        _read_items(reading, item.get("item", []), f"{here}/item")
        for number, answer in enumerate(answers):
            if isinstance(answer, dict) and "item" in answer:
                _read_items(reading, answer["item"], f"{here}/answer/{number}/item")


def _read_answers(reading: _Reading, link_id: str, answers: list[Any], here: str) -> None:
    item = reading.names.pack.items.get(link_id)
    if link_id in reading.places:
        reading.fault(here, "is the second item with this linkId")
    elif link_id in calculated(reading.names.pack):
        reading.places[link_id] = here
        reading.aside.append((here, "is worked out here anew from the answers"))
    elif item is None:
        reading.fault(f"{here}/linkId", "is not a question of this questionnaire")
    elif len(answers) > 1 and item.type != "choices":
        reading.fault(f"{here}/answer", "must be one answer")
    else:
        reading.places[link_id] = f"{here}/answer"
        given = [_value(reading, item, answer, f"{here}/answer/{index}") for index, answer in enumerate(answers)]
        alone = item.type != "choices" or given == [NOT_SURE]
        if NOT_SURE in given and len(given) > 1:
            reading.fault(f"{here}/answer", "an option that excludes the others stands beside them")
        reading.answers[link_id] = given[0] if alone else given


def _value(reading: _Reading, item: Item, answer: object, here: str) -> object:
    values = {key: value for key, value in answer.items() if key.startswith("value")} if isinstance(answer, dict) else {}
    if len(values) != 1:
        reading.fault(here, "must have one value[x]")
        return None
    (kind, value), *_ = values.items()
    if item.type in ("choice", "choices"):
        return _code(reading, item, value if kind == "valueCoding" else None, here)
    if kind == "valueQuantity" and isinstance(value, dict) and value.get("code", ucum(item.unit or "")) == ucum(item.unit or ""):
        return value.get("value")
    if kind in ("valueInteger", "valueDecimal"):
        return value
    reading.fault(here, "must be valueInteger or valueDecimal, or valueQuantity in the unit of the question")
    return None


def _code(reading: _Reading, item: Item, value: object, here: str) -> object:
    """The option of a Coding; one from data-absent-reason, whichever, is `not-sure`."""
    names = reading.names
    told = (value.get("system"), value.get("code")) if isinstance(value, dict) else (None, None)
    if told[0] == ABSENT:
        return NOT_SURE
    for code in names.pack.options(item.link_id):
        if told in ((names.system("answers"), answer_code(item, code)), (None, answer_code(item, code))):
            return code
    reading.fault(here, "must be valueCoding with one of the question's own options")
    return None


def _check(reading: _Reading, answers: Mapping[str, object]) -> None:
    try:
        read_answers(reading.names.pack, answers)
    except AnswersRefused as refused:
        for one in refused.problems:
            reading.fault(reading.places.get(one.link_id or "", reading.root), one.message)


def _member(resource: Mapping[str, Any], name: str, member: str) -> object:
    holder = resource.get(name)
    return holder.get(member) if isinstance(holder, dict) else None


def _only(value: object, shape: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _instant(value: object) -> str | None:
    """A time that is one: with seconds and a zone, and in the calendar."""
    text = _only(value, _INSTANT)
    try:
        datetime.fromisoformat(text or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return text


def moment_of(authored: str | None) -> datetime | None:
    """The time that a response says, as one."""
    return datetime.fromisoformat(authored).astimezone(UTC) if authored else None
